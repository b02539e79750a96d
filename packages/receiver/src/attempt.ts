import { postCallback, recordBody } from './callback.js';
import { type CallbackSettings, errorFields } from './options.js';
import type { CallbackOutcome, CallbackState, LeasedCallback, Store } from './store.js';

/**
 * A lease outlasts a call with room for the write of its result. When its holder dies, the callback is free again after it, early enough in
 * the gateway's five minutes.
 */
export function leaseMs(settings: CallbackSettings): number {
  return settings.timeoutMs + 15_000;
}

/**
 * Sends a leased callback and records how it ended; gives the row's state, or null when the lease was lost or the result could not be
 * written (then the callback is sent again once the lease is over: at least once, with the same ids). Never throws.
 */
export async function attemptCallback(
  store: Store,
  callback: LeasedCallback,
  settings: CallbackSettings,
): Promise<CallbackState | null> {
  const outcome = await send(store, callback, settings);
  const fields = { record_id: callback.id, attempt: callback.attempts };
  try {
    const state = await store.finishCallback(callback.id, callback.leaseToken, outcome);
    const error = outcome.state === 'done' ? {} : { error_code: outcome.error };
    settings.log(outcome.state === 'done' ? 'info' : 'warn', 'callback.attempted', { ...fields, state, ...error });
    return state;
  } catch (error) {
    settings.log('error', 'callback.not_recorded', { ...fields, ...errorFields(error) });
    return null;
  }
}

async function send(store: Store, callback: LeasedCallback, settings: CallbackSettings): Promise<CallbackOutcome> {
  const answer = await postCallback(callback.callbackUrl, recordBody(store, callback), settings);
  switch (answer.result) {
    case 'accepted':
      return { state: 'done' };
    case 'rejected':
      return { state: 'failed', error: answer.error };
    case 'origin_refused':
      return { state: 'refused', error: 'origin_not_allowed' };
    case 'unavailable':
      return {
        state: 'retry',
        error: answer.error,
        delayMs: Math.max(answer.retryAfterMs, backoffMs(callback.attempts)),
      };
  }
}

/** 2 s doubled with each attempt, at most 60 s, ±20 %: about nine attempts within the five minutes. */
function backoffMs(attempts: number): number {
  const base = Math.min(60_000, 2_000 * 2 ** Math.min(attempts - 1, 10));
  return Math.round(base * (0.8 + Math.random() * 0.4));
}
