import type { Claimed, Prepared } from '../stages.js';
import { toBody } from './body.js';
import { signBody, signStandard } from './sign.js';

/** Makes body, headers and signatures of an attempt that begins at `nowMs` of the database's clock (ms since 1970). */
export function prepare(delivery: Claimed, nowMs: number): Prepared {
  const body = Buffer.from(toBody(delivery.payload), 'utf8');
  const signature = signBody(delivery.algorithm, delivery.secret, body);
  const timestamp = Math.floor(nowMs / 1000);
  return {
    delivery,
    body,
    signature,
    attemptedAt: new Date(nowMs),
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Hookline',
      'X-Webhook-Signature': signature,
      'X-Webhook-Event': headerValue(delivery.eventType),
      'X-Webhook-ID': delivery.webhookId,
      'X-Webhook-Delivery': delivery.deliveryId,
      'X-Webhook-Attempt': String(delivery.attempt),
      'webhook-id': delivery.messageId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signStandard(delivery.secret, delivery.messageId, timestamp, body),
    },
  };
}

/**
 * Stands in for an attempt whose payload cannot be made into a body, so that its failure is recorded like any other.
 * (JSONB nested too deep for JavaScript's stack is the known case.)
 */
export function unpreparable(delivery: Claimed, nowMs: number): Prepared {
  return { delivery, body: Buffer.alloc(0), signature: '', attemptedAt: new Date(nowMs), headers: {} };
}

/** An operator may name an event type in any script, a header holds visible ASCII: the rest is percent-encoded. */
function headerValue(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}
