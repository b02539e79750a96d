import { drain } from '@hookline/receiver';
import type { LoopMetrics } from '../observe/metrics/loop-metrics.js';
import { type CallbackDeps, followUpOptions } from '../receive/follow-up-options.js';
import type { ReceiverStore } from '../receive/receiver-store.js';
import { type Loop, startLoop } from './loop.js';

export interface FollowUpLoopOptions extends CallbackDeps {
  readonly metrics?: LoopMetrics | undefined;
  readonly receiver: Pick<ReceiverStore, 'store' | 'emitter'> & Partial<Pick<ReceiverStore, 'lateEmitter'>>;
  /** Without it no callback is sent; those that their time is over for are still given up. */
  readonly apiKey: string | undefined;
  /** The database of the store: what works on the same one tells together that it is away. */
  readonly db: object;
  /** Pause between two looks: 1,000 by default, 5,000 where the store is a database of its own, which each look asks over the network. */
  readonly intervalMs?: number;
}

/**
 * Finishes what follows received AI webhooks, callbacks and events, until stopped: what failed at first, and what its sender died with. Any
 * number of processes may run it.
 */
export function startFollowUpLoop(options: FollowUpLoopOptions): Loop {
  const { receiver, log, db, metrics, apiKey } = options;
  const { store, emitter, lateEmitter = emitter } = receiver;
  return startLoop({
    log,
    db,
    metrics,
    name: 'follow_ups',
    intervalMs: options.intervalMs ?? (emitter === undefined ? 1_000 : 5_000),
    look: (signal) =>
      drain(store, { ...followUpOptions(options, lateEmitter), ...(apiKey !== undefined && { apiKey }), signal }),
  });
}
