import { attempt, leaseMs } from './follow-up.js';
import { type FollowUpOptions, followUpSettings } from './options.js';
import type { FollowUp, Store } from './store.js';

export interface DrainOptions extends Omit<FollowUpOptions, 'apiKey'> {
  /** Without it callbacks are only given up when their window is over. */
  readonly apiKey?: string;
  /** Calls in flight at once, of callbacks and of events each: a whole number from 1. 8 by default. */
  readonly concurrency?: number;
  /** Claims nothing more once aborted; what is in flight ends within its time limit. */
  readonly signal?: AbortSignal;
}

/** What became of the work that a drain attempted; `expired` counts what was given up, `pending` what is due again later. */
export interface DrainCounts {
  readonly done: number;
  readonly failed: number;
  readonly refused: number;
  readonly skipped: number;
  readonly pending: number;
  readonly expired: number;
}

/** What a drain did, by the kind of work. */
export interface DrainResult {
  readonly callbacks: DrainCounts;
  readonly events: DrainCounts;
}

/**
 * Does what is due and unfinished, callbacks and, with an emitter, events, and gives up what its window is over for. For a loop, a scheduled
 * worker or a cron route; any number may run at once, since each is leased before it is done.
 * @throws RangeError for a `concurrency` that is none, and what the store throws when it cannot be reached.
 */
export async function drain(store: Store, options: DrainOptions): Promise<DrainResult> {
  const { concurrency = 8 } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new RangeError('concurrency must be a whole number from 1.');
  }
  const [callbacks, events] = await Promise.all([
    drainOf('callback', store, options, concurrency),
    drainOf('event', store, options, concurrency),
  ]);
  return { callbacks, events };
}

async function drainOf(kind: FollowUp, store: Store, options: DrainOptions, limit: number): Promise<DrainCounts> {
  const { apiKey, emitter } = options;
  const settings = followUpSettings({ ...options, apiKey: apiKey ?? 'none' });
  const counts = { done: 0, failed: 0, refused: 0, skipped: 0, pending: 0, expired: await store.expire(kind) };
  if (kind === 'callback' ? apiKey === undefined : emitter === undefined) return counts;
  while (options.signal?.aborted !== true) {
    const lease = { token: crypto.randomUUID(), ms: leaseMs(settings) };
    const claimed = await store.claim(kind, { lease, limit });
    const states = await Promise.all(claimed.map((work) => attempt(kind, store, work, settings)));
    for (const state of states) if (state !== null) counts[state]++;
    if (claimed.length < limit) break;
  }
  return counts;
}
