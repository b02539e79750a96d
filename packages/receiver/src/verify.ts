const encoder = new TextEncoder();
const SIGNATURE = /^[0-9a-f]{64}$/;

type Key = Awaited<ReturnType<typeof importKey>>;

/** Secrets are few (one, two while rotating); the bound only stops a caller that makes them up. */
const MAX_KEYS = 16;
const keys = new Map<string, Promise<Key>>();

/**
 * Whether `signature` is the lower-case hex HMAC-SHA256 of `body`, the raw bytes, under `secret` (rule 1 of the inbound specification).
 * Compared in constant time by `crypto.subtle.verify`. Never throws: anything that is not such a signature is false.
 */
export async function verifySignature(
  body: Uint8Array<ArrayBuffer>,
  signature: string | null | undefined,
  secret: string,
): Promise<boolean> {
  if (typeof signature !== 'string' || !SIGNATURE.test(signature)) return false;
  try {
    return await crypto.subtle.verify('HMAC', await keyOf(secret), fromHex(signature), body);
  } catch {
    return false;
  }
}

function keyOf(secret: string): Promise<Key> {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  if (keys.size >= MAX_KEYS) keys.clear();
  const key = importKey(secret);
  keys.set(secret, key);
  key.catch(() => keys.delete(secret));
  return key;
}

function importKey(secret: string) {
  return crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
