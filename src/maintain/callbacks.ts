import { setTimeout as sleep } from 'node:timers/promises';
import { drain } from '@hookline/receiver';
import type { Database } from '../db/database.js';
import { toHooklineError } from '../db/sql-errors.js';
import { type CallbackDeps, callbackOptions } from '../receive/callback-options.js';
import { contentStore } from '../receive/store.js';

export interface CallbackLoopOptions extends CallbackDeps {
  readonly db: Database;
  /** Without it nothing is sent; callbacks whose time is over are still given up. */
  readonly apiKey: string | undefined;
  /** Pause between two looks, 1,000 by default. */
  readonly intervalMs?: number;
}

/** After an error the database gets time to recover. */
const PAUSE_AFTER_ERROR_MS = 5_000;

/**
 * Sends unfinished callbacks of received AI webhooks until stopped: those whose first attempt failed, and those whose sender died. Any
 * number of processes may run it.
 */
export function startCallbackLoop(options: CallbackLoopOptions): { stop(): Promise<void> } {
  const { db, log, apiKey, intervalMs = 1_000 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const store = contentStore(db, log);

  async function look(): Promise<void> {
    if (apiKey === undefined) await store.expireCallbacks();
    else await drain(store, { ...callbackOptions(options, apiKey), signal });
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      let pauseMs = intervalMs;
      try {
        await look();
      } catch (error) {
        log.error({ err: toHooklineError(error) }, 'callbacks.failed');
        pauseMs = Math.max(intervalMs, PAUSE_AFTER_ERROR_MS);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
