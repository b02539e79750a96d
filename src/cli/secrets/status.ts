import type { Keyring } from '../../secrets/keyring.js';
import type { SecretCount, SecretStatus } from '../../secrets/status.js';
import { number } from '../words.js';

const NAMES: Readonly<Record<SecretCount['kind'], string>> = {
  webhook: 'signing secrets of webhooks',
  headers: 'webhooks with custom headers',
  signing_key: 'private signing keys',
};

/** What `hookline secrets status` says, as an object for JSON. */
export function statusOf({ isOn, registered, counts }: SecretStatus, keyring: Keyring) {
  return {
    encrypts: isOn && keyring.sealingId !== undefined,
    key_id: keyring.sealingId ?? null,
    needed_key_ids: registered,
    missing_key_ids: registered.filter((id) => !keyring.has(id)),
    secrets: counts.map(({ kind, keyId, secrets }) => ({ kind, key_id: keyId, count: secrets })),
  };
}

/** The same for people. */
export function statusText(status: SecretStatus, keyring: Keyring): string {
  const { key_id: keyId, needed_key_ids: needed, missing_key_ids: missing } = statusOf(status, keyring);
  const lines = [
    encryptionLine(status.isOn, keyId),
    `Keys that every process has to hold: ${needed.length === 0 ? 'none' : needed.join(', ')}.`,
  ];
  if (missing.length > 0) lines.push(`Not in HOOKLINE_SECRET_KEYS here: ${missing.join(', ')}.`);
  for (const kind of ['webhook', 'headers', 'signing_key'] as const) {
    const counts = status.counts.filter((count) => count.kind === kind);
    const parts = counts.map(
      ({ keyId, secrets }) => `${number(secrets)} ${keyId === null ? 'in the clear' : `with ${keyId}`}`,
    );
    lines.push(`${NAMES[kind]}: ${parts.length === 0 ? 'none' : parts.join(', ')}`);
  }
  return lines.join('\n');
}

function encryptionLine(isOn: boolean, keyId: string | null): string {
  if (!isOn) return 'Encryption is off since `hookline secrets decrypt`; `hookline secrets rotate` turns it on.';
  if (keyId === null) return 'HOOKLINE_SECRET_KEYS is not set here: this process would encrypt nothing.';
  return `What is in the clear is encrypted with ${keyId}.`;
}
