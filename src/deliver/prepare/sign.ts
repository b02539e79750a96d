import { createHmac, createPrivateKey, createSecretKey, type KeyObject, sign } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Claimed, SignatureAlgorithm } from '../stages.js';

interface Keys {
  /** Of X-Webhook-Signature: the UTF-8 bytes of the oldest secret (spec). */
  readonly body: KeyObject;
  /** Of webhook-signature, one for each secret, the oldest first. */
  readonly standard: readonly KeyObject[];
}

const keys = new WeakMap<Claimed['secrets'], Keys>();

/** The keys of secrets, made once for all that is claimed together. A MAC takes a quarter longer with the bare secret. */
function keysOf(secrets: Claimed['secrets']): Keys {
  const known = keys.get(secrets);
  if (known !== undefined) return known;
  const made = { body: createSecretKey(secrets[0], 'utf8'), standard: secrets.map(standardKeyOf) };
  keys.set(secrets, made);
  return made;
}

const IMPORTED = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/**
 * The UTF-8 bytes of a secret of ours; of one that was brought from elsewhere as Standard Webhooks writes it, `whsec_` + base64, the bytes
 * that this stands for, which are no text as a rule: so its subscribers go on verifying with what they have.
 */
function standardKeyOf(secret: string): KeyObject {
  const base64 = IMPORTED.exec(secret)?.[1];
  return base64 ? createSecretKey(base64, 'base64') : createSecretKey(secret, 'utf8');
}

/** `X-Webhook-Signature`: algorithm + '=' + hex(hmac(body, secret)), the secret being the oldest live one (spec, On the wire). */
export function signBody(algorithm: SignatureAlgorithm, secrets: Claimed['secrets'], body: Buffer): string {
  return `${algorithm}=${createHmac(algorithm, keysOf(secrets).body).update(body).digest('hex')}`;
}

/**
 * `webhook-signature` of Standard Webhooks: `v1,` + base64 of HMAC-SHA256 over `id.timestamp.body`; one for
 * each of the live secrets (the oldest first), separated by spaces, the current key's first. `timestamp` is in whole seconds since 1970.
 */
export function signStandard(secrets: Claimed['secrets'], messageId: string, timestamp: number, body: Buffer): string {
  let signatures = '';
  for (const key of keysOf(secrets).standard) {
    const hmac = createHmac('sha256', key).update(`${messageId}.${timestamp}.`).update(body).digest('base64');
    signatures = signatures === '' ? `v1,${hmac}` : `v1,${hmac} ${signatures}`;
  }
  return signatures;
}

/** There are few: the current one, and for a while those before it. */
const privateKeys = new LRUCache<string, KeyObject>({ max: 16 });

function privateKeyOf(base64: string): KeyObject {
  const known = privateKeys.get(base64);
  if (known !== undefined) return known;
  const made = createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
  privateKeys.set(base64, made);
  return made;
}

/**
 * The asymmetric part of `webhook-signature`, as Standard Webhooks has it: `v1a,` + base64 of the Ed25519 signature over `id.timestamp.body`; one for each
 * key (PKCS #8 in DER, base64), separated by spaces. `timestamp` is in whole seconds since 1970.
 */
export function signAsymmetric(keys: readonly string[], messageId: string, timestamp: number, body: Buffer): string {
  const signed = Buffer.concat([Buffer.from(`${messageId}.${timestamp}.`, 'utf8'), body]);
  return keys.map((key) => `v1a,${sign(null, signed, privateKeyOf(key)).toString('base64')}`).join(' ');
}
