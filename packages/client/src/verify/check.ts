import { toBase64 } from './encoding.js';

type Bytes = Uint8Array<ArrayBuffer>;
type ImportedKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
export type Hash = 'SHA-256' | 'SHA-512';

/** Imported keys are few as a rule: a secret or two. The bound is for a receiver of many webhooks. */
const MAX_KEYS = 256;
const imported = new Map<string, Promise<ImportedKey>>();

/** Whether `signature` is the HMAC of `content` under the key; compared in constant time. */
export async function isHmac(key: Bytes, hash: Hash, signature: Bytes, content: Bytes): Promise<boolean> {
  const hmac = await keyOf(`${hash} ${toBase64(key)}`, key, { name: 'HMAC', hash });
  return crypto.subtle.verify('HMAC', hmac, signature, content);
}

/** Whether `signature` is that of `content` under the Ed25519 key whose 32 public bytes are given. */
export async function isEd25519(publicKey: Bytes, signature: Bytes, content: Bytes): Promise<boolean> {
  if (signature.length !== 64) return false;
  const key = await keyOf(`Ed25519 ${toBase64(publicKey)}`, publicKey, { name: 'Ed25519' });
  return crypto.subtle.verify('Ed25519', key, signature, content);
}

function keyOf(name: string, bytes: Bytes, algorithm: { name: string; hash?: Hash }): Promise<ImportedKey> {
  const known = imported.get(name);
  if (known !== undefined) return known;
  if (imported.size >= MAX_KEYS) imported.clear();
  const key = crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']);
  imported.set(name, key);
  key.catch(() => imported.delete(name));
  return key;
}
