import { drain } from '@hookline/receiver';
import type { Database } from '../db/database.js';
import { type CallbackDeps, callbackOptions } from '../receive/callback-options.js';
import { contentStore } from '../receive/store.js';
import { type Loop, startLoop } from './loop.js';

export interface CallbackLoopOptions extends CallbackDeps {
  readonly db: Database;
  /** Without it nothing is sent; callbacks whose time is over are still given up. */
  readonly apiKey: string | undefined;
  /** Pause between two looks, 1,000 by default. */
  readonly intervalMs?: number;
}

/**
 * Sends unfinished callbacks of received AI webhooks until stopped: those whose first attempt failed, and those whose sender died. Any
 * number of processes may run it.
 */
export function startCallbackLoop(options: CallbackLoopOptions): Loop {
  const { db, log, apiKey, intervalMs = 1_000 } = options;
  const store = contentStore(db, log);
  return startLoop({
    log,
    name: 'callbacks',
    intervalMs,
    look: (signal) =>
      apiKey === undefined ? store.expireCallbacks() : drain(store, { ...callbackOptions(options, apiKey), signal }),
  });
}
