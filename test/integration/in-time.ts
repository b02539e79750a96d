import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 500;

/** Whether `work` ends within `ms`. A moment in which this process stood still, and the work with it, counts for half a second at most. */
export async function isInTime(work: Promise<unknown>, ms: number): Promise<boolean> {
  const ended = work.then(() => true);
  for (let left = ms; left > 0; left -= STEP_MS) {
    if (await Promise.race([ended, sleep(Math.min(STEP_MS, left), false)])) return true;
  }
  return false;
}
