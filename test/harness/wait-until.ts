import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, or a function that tells the last state; it ends the error at time-out. */
  readonly message: string | (() => string);
  /** Default 10,000. */
  readonly timeoutMs?: number;
  /** Pause between two looks; default 25, and 100 once a second has gone by: what is looked at is as busy as who looks. */
  readonly intervalMs?: number;
}

/**
 * Polls until `condition` gives something truthy, and gives that back.
 * Throws at the time-out with the message, and at once when the condition itself throws.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  { message, timeoutMs = 10_000, intervalMs }: WaitOptions,
): Promise<NonNullable<T>> {
  const began = performance.now();
  for (;;) {
    const value = await condition();
    if (value) return value;
    const waited = performance.now() - began;
    if (waited >= timeoutMs) {
      throw new Error(`Waited ${timeoutMs} ms in vain: ${typeof message === 'string' ? message : message()}`);
    }
    await sleep(intervalMs ?? (waited < 1_000 ? 25 : 100));
  }
}
