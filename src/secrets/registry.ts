import type { Database } from '../db/database.js';
import { asService } from '../db/roles.js';
import { HooklineError } from '../errors.js';
import { isProof, type Keyring, secretKeyMissing } from './keyring.js';

const REGISTERED = 'SELECT k.id, k.proof FROM hookline.secret_keys k ORDER BY k.registered_at, k.id';
const REGISTER = 'SELECT hookline.register_secret_key($1::text, $2::text) AS lacking';
const FORGET = 'SELECT f AS id FROM hookline.forget_secret_keys($1::text[]) f';

/**
 * Whether the process holds every key that secrets may be encrypted with. Throws `secret_key_missing` with the ids, or `secret_key_wrong` when a key is another
 * one of the same id; a process that starts all the same could not sign.
 */
export async function checkSecretKeys(db: Database, keyring: Keyring): Promise<void> {
  const { rows } = await asService(db, (tx) => tx.query<{ id: string; proof: string }>(REGISTERED, []), 'read');
  const absent = rows.filter(({ id }) => !keyring.has(id));
  if (absent.length > 0) throw secretKeyMissing(absent.map(({ id }) => id));
  const wrong = rows.filter(({ id, proof }) => !isProof(keyring, id, proof)).map(({ id }) => id);
  if (wrong.length > 0) {
    throw new HooklineError(
      'secret_key_wrong',
      `Not the keys that secrets are encrypted with under these ids: ${wrong.join(', ')}.`,
      {
        hint: 'Give the right ones in HOOKLINE_SECRET_KEYS. A new key takes an id of its own, before the earlier ones.',
      },
    );
  }
}

/**
 * Makes the key that seals one that secrets may be encrypted with; once is enough. Gives how many workers live that do not hold it: 0, or it is not registered
 * yet. Throws `secret_key_wrong` as an error of SQL.
 */
export async function registerSealingKey(db: Database, keyring: Keyring): Promise<number> {
  const id = keyring.sealingId;
  if (id === undefined) throw new HooklineError('secret_keys_not_set');
  const { rows } = await asService(db, (tx) => tx.query<{ lacking: number }>(REGISTER, [id, keyring.proofOf(id)]));
  return rows[0]?.lacking ?? 0;
}

/** Forgets the keys but `kept` that nothing is encrypted with any more, and gives their ids: from then on nobody has to hold them. Throws what the database throws. */
export async function forgetUnusedKeys(db: Database, kept: readonly string[]): Promise<readonly string[]> {
  const { rows } = await asService(db, (tx) => tx.query<{ id: string }>(FORGET, [kept]));
  return rows.map(({ id }) => id).sort();
}
