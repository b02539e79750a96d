const encoder = new TextEncoder();
const SIGNATURE = /^[0-9a-f]{64}$/;
const TIMESTAMP = /^\d{1,16}$/;

type Key = Awaited<ReturnType<typeof importKey>>;

/** Secrets are few (one, two while rotating); the bound only stops a caller that makes them up. */
const MAX_KEYS = 16;
const keys = new Map<string, Promise<Key>>();

export interface SignatureOptions {
  /** Any of them may have signed: two while a secret is rotated. */
  readonly secrets: readonly string[];
  /** How far the timestamp of the older scheme may be from now, in seconds. */
  readonly legacyMaxAgeS: number;
}

/**
 * Whether one of the secrets signed the request. `mr-signature` is of the raw body (rule 1 of the inbound specification). Without that header, the
 * older scheme: `x-modelriver-signature` is of `<timestamp>.<raw body>`, `x-modelriver-timestamp` in Unix seconds or milliseconds, not too old. Never throws.
 */
export async function isSigned(
  headers: { get(name: string): string | null },
  body: Uint8Array<ArrayBuffer>,
  { secrets, legacyMaxAgeS }: SignatureOptions,
): Promise<boolean> {
  const signature = headers.get('mr-signature');
  if (signature !== null) return anySigned(body, signature, secrets);
  const legacy = headers.get('x-modelriver-signature');
  const timestamp = headers.get('x-modelriver-timestamp');
  if (legacy === null || timestamp === null || !TIMESTAMP.test(timestamp)) return false;
  const seconds = Number(timestamp) / (timestamp.length > 11 ? 1000 : 1);
  if (Math.abs(Date.now() / 1000 - seconds) > legacyMaxAgeS) return false;
  return anySigned(stamped(timestamp, body), legacy, secrets);
}

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

async function anySigned(
  body: Uint8Array<ArrayBuffer>,
  signature: string,
  secrets: readonly string[],
): Promise<boolean> {
  for (const secret of secrets) if (await verifySignature(body, signature, secret)) return true;
  return false;
}

function stamped(timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = encoder.encode(`${timestamp}.`);
  const bytes = new Uint8Array(prefix.length + body.length);
  bytes.set(prefix);
  bytes.set(body, prefix.length);
  return bytes;
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
