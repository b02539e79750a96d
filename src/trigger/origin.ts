import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { context, trace } from '@opentelemetry/api';
import { toTraceparent, traceparentOf } from '../observe/trace/traceparent.js';
import { type NewEvent, REQUEST_ID } from './event.js';

/** Where an event comes from: the request, and the span. */
export type EventOrigin = Required<Pick<NewEvent, 'requestId' | 'traceparent'>>;

interface WithHeaders {
  readonly headers: IncomingHttpHeaders;
}

/** The id of a request, which its answer, its lines in the log and its events bear: the caller's own `x-request-id` when that is safe to log; else a new UUID. */
export function requestIdOf({ headers }: WithHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Where an event comes from that a request triggers: its id, and the span that is active, or else the one that the caller names (`traceparent`). */
export function originOf({ id, headers }: WithHeaders & { readonly id: string }): EventOrigin {
  const active = trace.getSpanContext(context.active());
  const traceparent = (active && toTraceparent(active)) ?? traceparentOf(headers['traceparent']);
  return { requestId: id, traceparent };
}

/** That of the request which is being worked on, for what triggers an event far from it. */
export const currentOrigin = new AsyncLocalStorage<EventOrigin>();
