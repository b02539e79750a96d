import ipaddr from 'ipaddr.js';
import type { Config } from '../../config.js';
import { type Finding, type FindingCode, finding, orOk } from '../catalogue.js';
import type { Check } from '../context.js';

/** What the environment leaves undone. The embedded database has made keys for itself, but for the gateway's. */
export const settings: Check = {
  area: 'settings',
  needs: 'nothing',
  run: async ({ config }) =>
    orOk(
      'settings',
      [...contradictions(config), ...missingKeys(config), ...guards(config)],
      [
        'What is used has its keys, and calls into networks are guarded.',
        ...(takesNoTokens(config)
          ? [
              "Users' tokens (JWT) are not taken, portal tokens and API keys are: neither HOOKLINE_JWT_SECRET nor HOOKLINE_JWKS_URL is set.",
            ]
          : []),
        ...(receivesNothing(config)
          ? ['AI webhooks are not received: neither MODELRIVER_WEBHOOK_SECRET nor MODELRIVER_API_KEY is set.']
          : []),
      ].join(' '),
    ),
};

/** Who sets neither means to: with one of the two the other was forgotten. */
function receivesNothing({ databaseUrl, webhookSecret, apiKey }: Config): boolean {
  return databaseUrl !== undefined && webhookSecret === undefined && apiKey === undefined;
}

/** With the service key users come by portal tokens and API keys, which may well be all that is wanted. */
function takesNoTokens({ databaseUrl, jwtSecret, jwksUrl }: Config): boolean {
  return databaseUrl !== undefined && jwtSecret === undefined && jwksUrl === undefined;
}

/** What `start` refuses. */
function contradictions({ databaseUrl, redisUrl, migrateDatabaseUrl }: Config): Finding[] {
  if (databaseUrl !== undefined) return [];
  const alone = [
    ...(redisUrl === undefined ? [] : ['REDIS_URL']),
    ...(migrateDatabaseUrl === undefined ? [] : ['HOOKLINE_MIGRATE_DATABASE_URL']),
  ];
  return alone.map((name) =>
    finding(
      'settings',
      'settings.invalid',
      `${name} is set, but DATABASE_URL is not.`,
      `Set DATABASE_URL too, or leave ${name} out for the embedded database.`,
    ),
  );
}

function missingKeys(config: Config): Finding[] {
  const isEmbedded = config.databaseUrl === undefined;
  const missing = (code: FindingCode, isMissing: boolean, found: string, mend: string): Finding[] =>
    isMissing ? [finding('settings', code, found, mend)] : [];
  return [
    ...missing(
      'settings.service_key_missing',
      !isEmbedded && config.serviceKey === undefined,
      'HOOKLINE_SERVICE_KEY is not set: the routes of the service, POST /v1/events among them, answer 503.',
      'Set it to a key of at least 16 characters, where the API runs.',
    ),
    ...missing(
      'settings.token_keys_missing',
      takesNoTokens(config) && config.serviceKey === undefined,
      'Neither HOOKLINE_SERVICE_KEY nor HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL is set: nobody can sign in who has no API key yet.',
      'Set HOOKLINE_SERVICE_KEY, which makes portal tokens and API keys, or the one that your issuer of tokens (JWT) has, where the API runs.',
    ),
    ...missing(
      'settings.webhook_secret_missing',
      !isEmbedded && config.webhookSecret === undefined && !receivesNothing(config),
      'MODELRIVER_WEBHOOK_SECRET is not set: POST /webhooks/modelriver answers 503.',
      "Set it to the secret that the gateway signs with, where the API runs, if the gateway's webhooks come here.",
    ),
    ...missing(
      'settings.api_key_missing',
      config.apiKey === undefined && !receivesNothing(config),
      isEmbedded
        ? 'MODELRIVER_API_KEY is not set: callbacks carry a key of our own, which the gateway refuses.'
        : 'MODELRIVER_API_KEY is not set: POST /webhooks/modelriver answers 503, and no callbacks are sent.',
      "Set it to the gateway's key, for the API and the workers, if the gateway's webhooks come here.",
    ),
  ];
}

function guards({ allowNetworks }: Config): Finding[] {
  const all = allowNetworks.filter((network) => ipaddr.parseCIDR(network)[1] === 0);
  if (all.length === 0) return [];
  const found = `HOOKLINE_ALLOW_NETWORKS lets deliveries into every network (${all.join(', ')}): whoever registers a webhook may post to anything that this machine reaches.`;
  return [finding('settings', 'settings.all_networks_allowed', found, 'Name the narrowest networks that are needed.')];
}
