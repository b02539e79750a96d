import { isProof, Keyring } from '../../secrets/keyring.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { type Check, readingAsService } from '../context.js';
import { counted } from '../told.js';

const REGISTERED = 'SELECT k.id, k.proof FROM hookline.secret_keys k ORDER BY k.registered_at, k.id';
const COUNTED = `SELECT coalesce(sum(c.secrets), 0)::int AS "all", coalesce(sum(c.secrets) FILTER (WHERE c.key_id IS NULL), 0)::int AS "inClear",
       coalesce(sum(c.secrets) FILTER (WHERE c.key_id <> $1::text), 0)::int AS earlier
  FROM hookline.count_secrets() c`;

interface Counts {
  readonly all: number;
  readonly inClear: number;
  readonly earlier: number;
}

/** Whether the secrets of webhooks, their headers and signing keys are encrypted at rest, and with keys that these settings have. */
export const secrets: Check = {
  area: 'secrets',
  needs: 'service',
  async run({ config, db }) {
    const keyring = new Keyring(config.secretKeys);
    return readingAsService(db, async (tx) => {
      const { rows: registered } = await tx.query<{ id: string; proof: string }>(REGISTERED, []);
      const { rows } = await tx.query<Counts>(COUNTED, [keyring.sealingId ?? '']);
      const counts = rows[0] ?? { all: 0, inClear: 0, earlier: 0 };
      const found = [...keysOf(keyring, registered), ...clearOf(keyring, registered.length > 0, counts)];
      return orOk(
        'secrets',
        found,
        counts.all === 0
          ? 'No secrets are stored yet.'
          : `${counted(counts.all, 'secret')}, all encrypted with ${keyring.sealingId}.`,
      );
    });
  },
};

function keysOf(keyring: Keyring, registered: readonly { id: string; proof: string }[]): Finding[] {
  const found: Finding[] = [];
  const absent = registered.filter(({ id }) => !keyring.has(id)).map(({ id }) => id);
  if (absent.length > 0) {
    const what = `Secrets are encrypted with keys that HOOKLINE_SECRET_KEYS lacks here: ${absent.join(', ')}. A process with these settings does not start.`;
    found.push(finding('secrets', 'secrets.key_missing', what, 'Give them there, behind the one that encrypts.'));
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

function clearOf(keyring: Keyring, isInUse: boolean, { inClear, earlier }: Counts): Finding[] {
  const found: Finding[] = [];
  if (inClear > 0 && keyring.sealingId === undefined && !isInUse) {
    const what = `${counted(inClear, 'secret stands', 'secrets stand')} in the clear: who gets a backup of the database can sign as you do.`;
    const mend = 'Set HOOKLINE_SECRET_KEYS for every process: docs/secrets-at-rest.md.';
    found.push(finding('secrets', 'secrets.without_key', what, mend));
  } else if (inClear > 0) {
    const what = `${counted(inClear, 'secret stands', 'secrets stand')} in the clear, although there is a key.`;
    const mend =
      'Workers encrypt what stands in the clear within a minute, once all that live hold the key: give it to every process. `hookline secrets status` says whether encryption is on.';
    found.push(finding('secrets', 'secrets.in_clear', what, mend));
  }
  if (earlier > 0 && keyring.sealingId !== undefined) {
    const what = `${counted(earlier, 'secret is', 'secrets are')} encrypted with an earlier key than ${keyring.sealingId}.`;
    found.push(
      finding('secrets', 'secrets.earlier_key', what, 'Bring the rotation to its end with `hookline secrets rotate`.'),
    );
  }
  return found;
}
