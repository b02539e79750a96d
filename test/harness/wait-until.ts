import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, or a function that tells the last state; it ends the error at time-out. */
  readonly message: string | (() => string);
  /** Default 10,000. */
  readonly timeoutMs?: number;
  /** Pause between two looks; default 25. */
  readonly intervalMs?: number;
}

/**
 * Polls until `condition` gives something truthy, and gives that back.
 * Throws at the time-out with the message, and at once when the condition itself throws.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  { message, timeoutMs = 10_000, intervalMs = 25 }: WaitOptions,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeoutMs} ms in vain: ${typeof message === 'string' ? message : message()}`);
    }
    await sleep(intervalMs);
  }
}
