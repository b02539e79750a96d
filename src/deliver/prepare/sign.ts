import { createHmac } from 'node:crypto';
import type { SignatureAlgorithm } from '../stages.js';

/** `X-Webhook-Signature`: algorithm + '=' + hex(hmac(body, secret)); the key is the secret's UTF-8 bytes (spec, On the wire). */
export function signBody(algorithm: SignatureAlgorithm, secret: string, body: Buffer): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

/**
 * `webhook-signature` of Standard Webhooks: `v1,` + base64 of HMAC-SHA256 over `id.timestamp.body`, the key being the secret's bytes.
 * `timestamp` is in whole seconds since 1970.
 */
export function signStandard(secret: string, messageId: string, timestamp: number, body: Buffer): string {
  return `v1,${createHmac('sha256', secret).update(`${messageId}.${timestamp}.`).update(body).digest('base64')}`;
}
