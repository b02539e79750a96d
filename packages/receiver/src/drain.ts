import { attemptCallback, leaseMs } from './attempt.js';
import { type CallbackOptions, callbackSettings } from './options.js';
import type { Store } from './store.js';

export interface DrainOptions extends CallbackOptions {
  /** Callbacks in flight at once. 8 by default. */
  readonly concurrency?: number;
  /** Claims nothing more once aborted; what is in flight ends within its time limit. */
  readonly signal?: AbortSignal;
}

/** What became of the callbacks that a drain attempted; `expired` counts those given up, `pending` those due again later. */
export interface DrainResult {
  readonly done: number;
  readonly failed: number;
  readonly refused: number;
  readonly pending: number;
  readonly expired: number;
}

/**
 * Sends every callback that is due and unfinished, and gives up those whose five minutes are over. For a loop, a scheduled worker or a cron
 * route; any number may run at once, since each callback is leased before it is sent.
 * @throws what the store throws when it cannot be reached.
 */
export async function drain(store: Store, options: DrainOptions): Promise<DrainResult> {
  const settings = callbackSettings(options);
  const limit = options.concurrency ?? 8;
  const result = { done: 0, failed: 0, refused: 0, pending: 0, expired: await store.expireCallbacks() };
  while (options.signal?.aborted !== true) {
    const lease = { token: crypto.randomUUID(), ms: leaseMs(settings) };
    const claimed = await store.claimCallbacks({ lease, limit });
    const states = await Promise.all(claimed.map((callback) => attemptCallback(store, callback, settings)));
    for (const state of states) if (state !== null) result[state]++;
    if (claimed.length < limit) break;
  }
  return result;
}
