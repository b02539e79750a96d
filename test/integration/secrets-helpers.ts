import { randomBytes } from 'node:crypto';
import type { Database } from '../../src/db/database.js';
import { Keyring, keyringOf } from '../../src/secrets/keyring.js';
import { Sealer } from '../../src/secrets/sealer.js';
import { silent } from '../harness/delivering.js';

/** `id:key` with a fresh key. */
export function newKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64')}`;
}

/** One look of the sweep with these keys, the first of which encrypts. */
export function sweep(db: Database, ...keys: string[]): Promise<void> {
  return new Sealer({ db, keyring: keyringOf(keys.join()), log: silent }).sweep();
}

export const NONE = new Keyring([]);

/** As before the first key: nothing stored, no keys known. */
export async function forgetAll(db: Database): Promise<void> {
  await db.query(
    `DELETE FROM webhooks; DELETE FROM hookline.signing_keys; DELETE FROM hookline.workers; DELETE FROM hookline.secret_keys;
     UPDATE hookline.settings SET encrypt_secrets = true`,
  );
}

/** Everything that stands in the tables of the database, as text. */
export async function dump(db: Database): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'hookline', 'auth')`,
    [],
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await db.query<{ text: string | null }>(
      `SELECT string_agg(to_jsonb(t)::text, ' ') AS text FROM ${name} t`,
      [],
    );
    texts.push(rows[0]?.text ?? '');
  }
  return texts.join('\n');
}

export interface StoredSecret {
  readonly secret: string;
  readonly secret_key_id: string | null;
  readonly long_sealed_secret: string | null;
  readonly retired_secrets: readonly string[] | null;
  readonly updated_at: string;
}

export async function stored(db: Database, webhookId: string): Promise<StoredSecret> {
  const { rows } = await db.query<StoredSecret>(
    `SELECT w.secret, w.secret_key_id, w.long_sealed_secret, w.retired_secrets, w.updated_at::text FROM webhooks w WHERE w.id = $1::uuid`,
    [webhookId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no webhook ${webhookId}`);
  return row;
}
