import type { Claimed, Payload, Prepared } from '../stages.js';
import { toBody } from './body.js';
import { signedHeaders } from './headers.js';

/** A body takes as long to make as both signatures of a delivery. */
const bodies = new WeakMap<Payload, Buffer>();

/**
 * Makes body, headers and signatures of an attempt that begins at `nowMs` of the database's clock (ms since 1970). `traceparent` is sent along, unless the webhook's
 * owner sends one of their own.
 */
export function prepare(delivery: Claimed, nowMs: number, traceparent?: string): Prepared {
  const body = bodyOf(delivery.payload);
  const { signature, headers } = signedHeaders(delivery, body, nowMs);
  headers['X-Webhook-Delivery'] = delivery.deliveryId;
  headers['X-Webhook-Attempt'] = String(delivery.attempt);
  if (traceparent !== undefined && !hasTraceparent(delivery.customHeaders)) headers['traceparent'] = traceparent;
  return { delivery, body, headers, signature, attemptedAt: new Date(nowMs) };
}

function hasTraceparent(custom: Claimed['customHeaders']): boolean {
  return Object.keys(custom ?? {}).some((name) => name.toLowerCase() === 'traceparent');
}

function bodyOf(payload: Payload): Buffer {
  const known = bodies.get(payload);
  if (known !== undefined) return known;
  const body = Buffer.from(toBody(payload.text), 'utf8');
  bodies.set(payload, body);
  return body;
}

/** Stands in for an attempt whose request cannot be made, so that its failure is recorded like any other. */
export function unpreparable(delivery: Claimed, nowMs: number): Prepared {
  return { delivery, body: Buffer.alloc(0), signature: '', attemptedAt: new Date(nowMs), headers: {} };
}
