import { createHmac } from 'node:crypto';
import type { Claimed, SignatureAlgorithm } from '../stages.js';

/** `X-Webhook-Signature`: algorithm + '=' + hex(hmac(body, secret)); the key is the secret's UTF-8 bytes (spec, On the wire). */
export function signBody(algorithm: SignatureAlgorithm, secret: string, body: Buffer): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

/**
 * `webhook-signature` of Standard Webhooks: `v1,` + base64 of HMAC-SHA256 over `id.timestamp.body`, the key being the secret's bytes; one for
 * each of the live secrets (the oldest first), separated by spaces, the current key's first. `timestamp` is in whole seconds since 1970.
 */
export function signStandard(secrets: Claimed['secrets'], messageId: string, timestamp: number, body: Buffer): string {
  let signatures = '';
  for (const secret of secrets) {
    const hmac = createHmac('sha256', secret).update(`${messageId}.${timestamp}.`).update(body).digest('base64');
    signatures = signatures === '' ? `v1,${hmac}` : `v1,${hmac} ${signatures}`;
  }
  return signatures;
}
