import { type Keyring, keyringOf } from './keyring.js';

const keyrings = new Map<string, Keyring>();

/**
 * For whoever reads secrets by SQL: gives the signing secret of what stands in `webhooks.secret`, or came from `get_pending_webhook_retries`, as it is where it is
 * not encrypted. `keys` is the text of HOOKLINE_SECRET_KEYS. Throws `secret_key_missing`, `secret_unreadable`, or `invalid_config` for the keys.
 */
export function openWebhookSecret(webhookId: string, stored: string, keys: string): string {
  const keyring = keyrings.get(keys) ?? keyringOf(keys);
  keyrings.set(keys, keyring);
  return keyring.open({ kind: 'webhook', id: webhookId.toLowerCase() }, stored);
}
