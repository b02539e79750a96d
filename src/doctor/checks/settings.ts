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
      receivesNothing(config)
        ? 'The keys of the API are set, and calls into networks are guarded. AI webhooks are not received: neither MODELRIVER_WEBHOOK_SECRET nor MODELRIVER_API_KEY is set.'
        : 'All keys are set, and calls into networks are guarded.',
    ),
};

/** Who sets neither means to: with one of the two the other was forgotten. */
function receivesNothing({ databaseUrl, webhookSecret, apiKey }: Config): boolean {
  return databaseUrl !== undefined && webhookSecret === undefined && apiKey === undefined;
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
      !isEmbedded && config.jwtSecret === undefined && config.jwksUrl === undefined,
      'HOOKLINE_JWT_SECRET and HOOKLINE_JWKS_URL are not set: tokens of users are answered with 503.',
      'Set the one that your issuer of tokens has, where the API runs. API keys and portal tokens work without.',
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
