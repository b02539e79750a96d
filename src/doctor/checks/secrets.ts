import { isProof, Keyring } from '../../secrets/keyring.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { type Check, readingAsService } from '../context.js';
import { counted as numbered } from '../told.js';

const REGISTERED = 'SELECT k.id, k.proof FROM hookline.secret_keys k ORDER BY k.registered_at, k.id';
const COUNTED =
  'SELECT c.key_id AS "keyId", sum(c.secrets)::int AS secrets FROM hookline.count_secrets() c GROUP BY c.key_id';

/** How many secrets stand under a key; null: in the clear. */
interface Counted {
  readonly keyId: string | null;
  readonly secrets: number;
}

/** Whether the secrets of webhooks, their headers and signing keys are encrypted at rest, and with keys that these settings have. */
export const secrets: Check = {
  area: 'secrets',
  needs: 'service',
  async run({ config, db }) {
    const keyring = new Keyring(config.secretKeys);
    return readingAsService(db, async (tx) => {
      const { rows: registered } = await tx.query<{ id: string; proof: string }>(REGISTERED, []);
      const { rows: counted } = await tx.query<Counted>(COUNTED, []);
      const found = [...keysOf(keyring, registered, counted), ...clearOf(keyring, registered.length > 0, counted)];
      const all = sumOf(counted);
      return orOk(
        'secrets',
        found,
        all === 0
          ? 'No secrets are stored yet.'
          : `${numbered(all, 'secret')}, all encrypted with ${keyring.sealingId}.`,
      );
    });
  },
};

function sumOf(counted: readonly Counted[], isMeant: (keyId: string | null) => boolean = () => true): number {
  return counted.reduce((sum, { keyId, secrets }) => (isMeant(keyId) ? sum + secrets : sum), 0);
}

function keysOf(
  keyring: Keyring,
  registered: readonly { id: string; proof: string }[],
  counted: readonly Counted[],
): Finding[] {
  const found: Finding[] = [];
  // A key that was given up is in no register any more, but in the rows.
  const used = new Set([...registered.map(({ id }) => id), ...counted.flatMap(({ keyId }) => keyId ?? [])]);
  const absent = [...used].filter((id) => !keyring.has(id));
  if (absent.length > 0) {
    const starts = registered.every(({ id }) => keyring.has(id))
      ? ''
      : ' A process with these settings does not start.';
    const what = `Secrets are encrypted with keys that HOOKLINE_SECRET_KEYS lacks here: ${absent.join(', ')}.${starts}`;
    const mend =
      'Give them there, behind the one that encrypts. Lost for good: docs/secrets-at-rest.md, When a secret does not open.';
    found.push(finding('secrets', 'secrets.key_missing', what, mend));
  }
  const wrong = registered
    .filter(({ id, proof }) => keyring.has(id) && !isProof(keyring, id, proof))
    .map(({ id }) => id);
  if (wrong.length > 0) {
    const what = `HOOKLINE_SECRET_KEYS has other keys under these ids than secrets are encrypted with: ${wrong.join(', ')}.`;
    found.push(finding('secrets', 'secrets.key_wrong', what, 'Give the right ones; a new key takes an id of its own.'));
  }
  return found;
}

function clearOf(keyring: Keyring, isInUse: boolean, counted: readonly Counted[]): Finding[] {
  const found: Finding[] = [];
  const inClear = sumOf(counted, (keyId) => keyId === null);
  const earlier = sumOf(counted, (keyId) => keyId !== null && keyId !== keyring.sealingId && keyring.has(keyId));
  if (inClear > 0 && keyring.sealingId === undefined && !isInUse) {
    const what = `${numbered(inClear, 'secret stands', 'secrets stand')} in the clear: who gets a backup of the database can sign as you do.`;
    const mend = 'Set HOOKLINE_SECRET_KEYS for every process: docs/secrets-at-rest.md.';
    found.push(finding('secrets', 'secrets.without_key', what, mend));
  } else if (inClear > 0) {
    const what = `${numbered(inClear, 'secret stands', 'secrets stand')} in the clear, although there is a key.`;
    const mend =
      'Workers look every ten seconds, and encrypt what stands in the clear once all that live hold the key: give it to every process. `hookline secrets status` says whether encryption is on.';
    found.push(finding('secrets', 'secrets.in_clear', what, mend));
  }
  if (earlier > 0 && keyring.sealingId !== undefined) {
    const what = `${numbered(earlier, 'secret is', 'secrets are')} encrypted with an earlier key than ${keyring.sealingId}.`;
    found.push(
      finding('secrets', 'secrets.earlier_key', what, 'Bring the rotation to its end with `hookline secrets rotate`.'),
    );
  }
  return found;
}
