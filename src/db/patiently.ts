import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../errors.js';

/**
 * Whoever comes after a statement that waits for a whole table waits behind it: so it gives up soon, before PostgreSQL looks for a deadlock (after a second by default),
 * whose victim might be a worker, and is begun anew.
 */
export const LOCK_WITHIN = "SET LOCAL lock_timeout = '900ms'";
const PAUSE_MS = 500;
/** Four minutes of waiting come to it at most. */
const MOST_TRIES = 160;
/** A lock that was not to be had in time, and a deadlock. */
const HELD_UP = /^(55P03|40P01)$/;
/** What to do when it was never to be had. */
export const LET_THEM_END =
  "Some other transaction holds a lock for long: SELECT pid, usename, xact_start, query FROM pg_stat_activity WHERE state <> 'idle' ORDER BY xact_start; names it.";

/** Runs `step`, a transaction under `LOCK_WITHIN`, again and again until it gets its locks. Throws what it throws otherwise, and at last that it was held up. */
export async function patiently<T>(step: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await step();
    } catch (error) {
      if (tries === MOST_TRIES || !(isHeldUp(error) || (error instanceof Error && isHeldUp(error.cause)))) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Whether PostgreSQL says that a lock was not to be had, or was part of a deadlock. */
export function isHeldUp(error: unknown): boolean {
  return HELD_UP.test(codeOf(error) ?? '');
}
