import { postCallback, recordBody } from './callback.js';
import { outgoingEvent } from './emit.js';
import { errorFields, type FollowUpSettings, networkError } from './options.js';
import type { FollowUp, FollowUpState, LeasedWork, Outcome, Store } from './store.js';
import { within, withSignal } from './time.js';

/** What is asked for is kept to for so long at most: databases cannot reckon with every number. */
const DAY_MS = 86_400_000;

/**
 * A lease outlasts a call with room for the write of its result. When its holder dies, the work is free again after it, for a callback early
 * enough in the gateway's five minutes.
 */
export function leaseMs(settings: FollowUpSettings): number {
  return settings.timeoutMs + 15_000;
}

/**
 * Does leased work and records how it ended; gives the row's state, or null when the lease was lost or the result could not be
 * written (then it is done again once the lease is over: at least once, with the same ids). Never throws.
 */
export async function attempt(
  kind: FollowUp,
  store: Store,
  work: LeasedWork,
  settings: FollowUpSettings,
): Promise<FollowUpState | null> {
  const outcome = await (kind === 'callback' ? callBack(store, work, settings) : emit(work, settings));
  const fields = { record_id: work.id, attempt: work.attempts };
  try {
    const state = await store.finish(kind, work, outcome);
    const { eventId, error } = { eventId: undefined, error: undefined, ...outcome };
    settings.log(outcome.state === 'done' || outcome.state === 'skipped' ? 'info' : 'warn', `${kind}.attempted`, {
      ...fields,
      state,
      ...(eventId !== undefined && { event_id: eventId }),
      ...(error !== undefined && { error_code: error.split(':', 1)[0] }),
    });
    return state;
  } catch (error) {
    settings.log('error', `${kind}.not_recorded`, { ...fields, ...errorFields(error) });
    return null;
  }
}

async function callBack(store: Store, work: LeasedWork, settings: FollowUpSettings): Promise<Outcome> {
  const answer = await postCallback(work.callbackUrl, recordBody(store, work), settings);
  switch (answer.result) {
    case 'accepted':
      return { state: 'done' };
    case 'rejected':
      return { state: 'failed', error: answer.error };
    // The handler had allowed it: whoever drains has other settings.
    case 'origin_refused':
      return retry('origin_not_allowed', 0, backoffMs(work.attempts, 60_000));
    case 'unavailable':
      return retry(answer.error, answer.retryAfterMs, backoffMs(work.attempts, 60_000));
  }
}

async function emit(work: LeasedWork, { emitter, timeoutMs }: FollowUpSettings): Promise<Outcome> {
  const backoff = backoffMs(work.attempts, 600_000);
  if (emitter === undefined) return retry('no_emitter', 0, backoff);
  const event = outgoingEvent(work);
  if (event === null) return { state: 'skipped', error: 'user_unknown' };
  try {
    const outcome = await within(
      timeoutMs,
      withSignal(timeoutMs, (signal) => emitter.emit(event, signal)),
    );
    return outcome.state === 'retry' ? retry(outcome.error, outcome.delayMs, backoff) : outcome;
  } catch (error) {
    return retry(networkError(error), 0, backoff);
  }
}

function retry(error: string, askedMs: number, backoff: number): Outcome {
  return { state: 'retry', error, delayMs: Math.min(Math.ceil(Math.max(askedMs, backoff)), DAY_MS) };
}

/** 2 s doubled with each attempt up to `mostMs`, ±20 %: about nine callbacks within the five minutes, and a day's events every ten. */
function backoffMs(attempts: number, mostMs: number): number {
  const base = Math.min(mostMs, 2_000 * 2 ** Math.min(attempts - 1, 10));
  return Math.round(base * (0.8 + Math.random() * 0.4));
}
