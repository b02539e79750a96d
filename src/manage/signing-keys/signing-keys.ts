import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { makeFirstSigningKey, newSigningKey } from '../../deliver/claim/signing-keys.js';

const LIST = loadSql(import.meta.url, './list.sql');
const KEY_SET = loadSql(import.meta.url, './key-set.sql');
const ROTATE =
  'SELECT hookline.rotate_signing_key($1::bytea, $2::bytea, make_interval(secs => $3::int), make_interval(secs => $4::int))';

export interface Rotation {
  /** How long earlier keys sign beside the new one, in seconds. */
  readonly overlapSeconds: number;
  /** How long they are published after that, in seconds. */
  readonly publishedSeconds: number;
}

/** The keys that sign or are published, as JSON, the current one first. For the service. */
export async function listSigningKeys(tx: Queryable): Promise<readonly string[]> {
  const { rows } = await tx.query<{ json: string }>(LIST, []);
  return rows.map(({ json }) => json);
}

/** Makes a new key the current one, and gives the keys then. For the service. Throws `invalid_parameter`, and `too_many_signing_keys` where too many sign already. */
export async function rotateSigningKey(tx: Queryable, rotation: Rotation): Promise<readonly string[]> {
  const { privateKey, publicKey } = newSigningKey();
  await tx.query(ROTATE, [privateKey, publicKey, rotation.overlapSeconds, rotation.publishedSeconds]);
  return listSigningKeys(tx);
}

/** The public keys as a JSON Web Key Set; undefined while there is none. For the service. */
export async function publicKeySet(tx: Queryable): Promise<string | undefined> {
  const { rows } = await tx.query<{ keySet: string }>(KEY_SET, []);
  return rows[0]?.keySet;
}

/** The same where there is none: makes the first key, so that subscribers know it before anything is signed. */
export async function firstPublicKeySet(tx: Queryable): Promise<string | undefined> {
  await makeFirstSigningKey(tx);
  return publicKeySet(tx);
}
