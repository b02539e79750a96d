import type { Claimed, Prepared } from '../stages.js';
import { toBody } from './body.js';
import { signedHeaders } from './headers.js';

/** Makes body, headers and signatures of an attempt that begins at `nowMs` of the database's clock (ms since 1970). */
export function prepare(delivery: Claimed, nowMs: number): Prepared {
  const body = Buffer.from(toBody(delivery.payload), 'utf8');
  const { signature, headers } = signedHeaders(delivery, body, nowMs);
  headers['X-Webhook-Delivery'] = delivery.deliveryId;
  headers['X-Webhook-Attempt'] = String(delivery.attempt);
  return { delivery, body, headers, signature, attemptedAt: new Date(nowMs) };
}

/**
 * Stands in for an attempt whose payload cannot be made into a body, so that its failure is recorded like any other.
 * (JSONB nested too deep for JavaScript's stack is the known case.)
 */
export function unpreparable(delivery: Claimed, nowMs: number): Prepared {
  return { delivery, body: Buffer.alloc(0), signature: '', attemptedAt: new Date(nowMs), headers: {} };
}
