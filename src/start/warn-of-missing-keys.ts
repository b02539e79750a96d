import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';

/** Says at start what the settings of the environment leave undone: routes that answer 503 for want of a key. */
export function warnOfMissingKeys(given: Config, kind: Database['kind'], log: Logger): void {
  if (kind === 'pglite') {
    // The embedded shape has keys of its own, but the gateway knows only the one that it gave out.
    if (given.apiKey === undefined) {
      log.warn(
        'settings.missing: MODELRIVER_API_KEY is not set: callbacks carry a key of our own, which ModelRiver refuses.',
      );
    }
    return;
  }
  if (given.serviceKey === undefined) {
    log.warn(
      'settings.missing: HOOKLINE_SERVICE_KEY is not set: POST /v1/events and the other routes of the service answer 503 service_key_not_set.',
    );
  }
  if (given.jwtSecret === undefined && given.jwksUrl === undefined) {
    const text =
      'settings.missing: HOOKLINE_JWT_SECRET and HOOKLINE_JWKS_URL are not set: tokens (JWT) of users are answered with 503 token_keys_not_set.';
    // With the service key users come by portal tokens and API keys, which may be all that is wanted.
    if (given.serviceKey === undefined) log.warn(text);
    else log.info(text);
  }
  if (given.webhookSecret === undefined && given.apiKey === undefined) {
    // As a rule that is meant: who only delivers receives no AI webhooks.
    log.info(
      'settings.missing: MODELRIVER_WEBHOOK_SECRET and MODELRIVER_API_KEY are not set: AI webhooks are not received.',
    );
    return;
  }
  if (given.webhookSecret === undefined) {
    log.warn(
      'settings.missing: MODELRIVER_WEBHOOK_SECRET is not set: POST /webhooks/modelriver answers 503 webhook_secret_not_set.',
    );
  }
  if (given.apiKey === undefined) {
    log.warn('settings.missing: MODELRIVER_API_KEY is not set: POST /webhooks/modelriver answers 503 api_key_not_set.');
  }
}

/** Says at start of a worker alone that it leaves callbacks undone. */
export function warnOfIdleCallbacks({ apiKey }: Pick<Config, 'apiKey'>, log: Logger): void {
  if (apiKey === undefined) {
    log.info(
      'settings.missing: MODELRIVER_API_KEY is not set: this worker sends no callbacks that are left of received AI webhooks.',
    );
  }
}
