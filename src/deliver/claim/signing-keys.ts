import { generateKeyPairSync } from 'node:crypto';
import type { Database, Queryable } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import type { Claimed } from '../stages.js';

const MAKE_FIRST = 'SELECT hookline.make_first_signing_key($1::bytea, $2::bytea)';
const LIVE = 'SELECT hookline.live_signing_keys() AS keys';

/** A new pair of Ed25519: the private key as PKCS #8 in DER, of the public key its 32 bytes. */
export function newSigningKey(): { readonly privateKey: Buffer; readonly publicKey: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
  };
}

/** Makes the installation's first key, unless another process has made it; `tx` acts as the service. Throws what the database throws. */
export async function makeFirstSigningKey(tx: Queryable): Promise<void> {
  const { privateKey, publicKey } = newSigningKey();
  await tx.query(MAKE_FIRST, [privateKey, publicKey]);
}

/** The rows as they are; where one wants keys and there is none yet, the first is made, and they have it. Throws what the database throws. */
export async function withSigningKeys<Row extends Pick<Claimed, 'signingKeys'>>(
  db: Database,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (!rows.some(({ signingKeys }) => signingKeys?.length === 0)) return rows;
  const signingKeys = await asService(db, async (tx) => {
    await makeFirstSigningKey(tx);
    return (await tx.query<{ keys: string[] }>(LIVE, [])).rows[0]?.keys ?? [];
  });
  return rows.map((row) => (row.signingKeys ? { ...row, signingKeys } : row));
}
