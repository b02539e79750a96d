import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import { untraced } from '../observe/trace/untraced.js';
import type { DatabaseClock } from './database-clock.js';
import { prepare, unpreparable } from './prepare/prepare.js';
import { type Sending, send } from './send/send.js';
import type { Claimed, Outcome, Prepared } from './stages.js';
import { traceAttempt } from './trace.js';

export interface AttemptDeps {
  readonly clock: DatabaseClock;
  readonly log: Logger;
  readonly dispatcher: Dispatcher;
  /** How much of the body of an answer is kept. */
  readonly responseBodyBytes: number;
  /** Whether endpoints are told the `traceparent` of the call. */
  readonly sendTraceparent: boolean;
}

/** Prepares a delivery and begins its call. Never throws: one that cannot be prepared is a failed attempt like any other. */
export function beginAttempt(delivery: Claimed, deps: AttemptDeps): { prepared: Prepared; sending: Sending } {
  const { clock, log, dispatcher, responseBodyBytes, sendTraceparent } = deps;
  // Its time runs from here, where the lease was seen to last so long: a process that stands still while it prepares sends nothing afterwards.
  const began = performance.now();
  const now = clock.now();
  const traceparent = traceAttempt(delivery) ?? delivery.traceparent ?? undefined;
  try {
    const prepared = prepare(delivery, now, sendTraceparent ? traceparent : undefined);
    const sending = untraced(() => send(dispatcher, prepared, () => clock.now(), responseBodyBytes, began));
    return { prepared, sending };
  } catch (error) {
    log.error({ err: error, delivery_id: delivery.deliveryId }, 'delivery.not_prepared');
    const outcome: Outcome = {
      kind: 'unanswered',
      code: 'unsendable_payload',
      message: 'The request cannot be made from what is stored.',
      timeMs: 0,
    };
    return {
      prepared: unpreparable(delivery, now),
      sending: { outcome: Promise.resolve(outcome), abort: () => undefined },
    };
  }
}

/** Whether an answer stops its webhook: 410 for good, 429 and 503 for as long as their Retry-After says (DESIGN, Retries). */
export function stopsWebhook(outcome: Outcome): boolean {
  if (outcome.kind !== 'responded') return false;
  return outcome.status === 410 || ([429, 503].includes(outcome.status) && outcome.retryAfterSeconds !== undefined);
}
