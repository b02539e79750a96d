import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';

export const SECRET = '3f8a1c5e7b9d2046a1b2c3d4e5f60718293a4b5c6d7e8f901122334455667788';
export const BODY = '{"video_id":"v1","status":"completed","title":"Ünïcödé 🎬","size":12345678901234567890}';

/** `v1,` of Standard Webhooks, computed by Node's crypto alone. */
export function v1(id: string, timestamp: number | string, body: string, key: string | Buffer = SECRET): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** X-Webhook-Signature as the specification has it. */
export function ofBody(body: string, key = SECRET, algorithm = 'sha256'): string {
  return `${algorithm}=${createHmac(algorithm, key).update(body).digest('hex')}`;
}

export interface KeyPair {
  readonly privateKey: KeyObject;
  /** `whpk_` + base64 of the 32 bytes. */
  readonly whpk: string;
  readonly jwk: object;
}

export function newKeyPair(kid: string = randomUUID()): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '', ...rest } = publicKey.export({ format: 'jwk' });
  const whpk = `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;
  return { privateKey, whpk, jwk: { ...rest, x, kid, use: 'sig', alg: 'EdDSA' } };
}

/** `v1a,` of Standard Webhooks. */
export function v1a(id: string, timestamp: number | string, body: string, { privateKey }: KeyPair): string {
  return `v1a,${sign(null, Buffer.from(`${id}.${timestamp}.${body}`), privateKey).toString('base64')}`;
}

export interface Signed {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A delivery as Hookline sends it, with a new id. */
export function delivery(body = BODY, { at = Date.now(), key = SECRET }: { at?: number; key?: string } = {}): Signed {
  const id = randomUUID();
  const timestamp = Math.floor(at / 1000);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-webhook-signature': ofBody(body, key),
      'x-webhook-event': 'video.generated',
      'x-webhook-id': '6ad7d7a4-6f0c-4c62-9d0f-8f1f9d0e7a11',
      'x-webhook-delivery': id,
      'x-webhook-attempt': '2',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': v1(id, timestamp, body, key),
    },
  };
}

/** The same without some headers. */
export function without({ headers, body }: Signed, ...names: readonly string[]): Signed {
  return { body, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))) };
}

export const STANDARD = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
