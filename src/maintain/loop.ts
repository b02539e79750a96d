import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { toHooklineError } from '../db/sql-errors.js';
import type { LoopMetrics } from '../observe/metrics/loop-metrics.js';
import { loopLogOf } from '../observe/outage.js';

/** After an error the database gets time to recover. */
const PAUSE_AFTER_ERROR_MS = 5_000;

export interface LoopOptions {
  readonly log: Logger;
  /** The database that it works on: loops over the same one tell together that it is away. */
  readonly db: object;
  /** Counts its looks; absent: nothing does. */
  readonly metrics?: LoopMetrics | undefined;
  /** Names the loop in the log: an error is `<name>.failed`. */
  readonly name: string;
  /** Pause between two looks. */
  readonly intervalMs: number;
  /** Wait before the first look; none by default. */
  readonly firstAfterMs?: number;
  /** One look. It begins nothing more once `signal` is aborted. */
  readonly look: (signal: AbortSignal) => Promise<unknown>;
}

export interface Loop {
  /** Ends after the look that is under way. */
  stop(): Promise<void>;
}

/** Looks again and again until stopped. An error is logged (observe/outage.ts) and gives a longer pause; it never ends the loop. */
export function startLoop(options: LoopOptions): Loop {
  const { log, db, metrics, name, intervalMs, firstAfterMs = 0, look } = options;
  const loopLog = loopLogOf(db, log);
  const failure = `${name}.failed`;
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    if (firstAfterMs > 0) await pause(firstAfterMs, signal);
    while (!signal.aborted) {
      let pauseMs = intervalMs;
      try {
        await look(signal);
        loopLog.worked(failure);
        metrics?.looked(name, true);
      } catch (error) {
        loopLog.failed(failure, toHooklineError(error), {}, 'error');
        metrics?.looked(name, false);
        pauseMs = Math.max(intervalMs, PAUSE_AFTER_ERROR_MS);
      }
      await pause(pauseMs, signal);
    }
  }

  metrics?.began(name);
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Waits, but not beyond the abort. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
