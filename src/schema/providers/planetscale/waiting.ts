import { HooklineError } from '../../../errors.js';
import type { Waiting } from '../../provider.js';
import { pause, timeLimit } from './http/time-limit.js';

/** What is waited with: its signal ends with the time that was given, or with the caller's. */
export interface Wait {
  readonly signal: AbortSignal;
  tell(text: string): void;
}

/**
 * Runs work within the time that the command was given. Throws `schema_timeout` when it is over, and the reason of the caller's signal.
 * @param what is waited for, after "waited 60 s for"
 */
export async function within<T>(waiting: Waiting, what: string, work: (wait: Wait) => Promise<T>): Promise<T> {
  const limit = timeLimit(waiting.timeoutMs, () => tooLate(waiting.timeoutMs, what), waiting.signal);
  try {
    limit.signal.throwIfAborted();
    return await work({ signal: limit.signal, tell: (text) => waiting.onProgress?.(text) });
  } finally {
    limit.end();
  }
}

const SLOWEST = 5;

/**
 * Looks again and again, first after `pollMs`, then less often, until `look` gives something.
 * Throws what `look` throws, and the reason of the signal.
 */
export async function poll<T>(
  pollMs: number,
  signal: AbortSignal,
  look: () => Promise<T | undefined>,
): Promise<NonNullable<T>> {
  for (let pauseMs = pollMs; ; pauseMs = Math.min(pauseMs * 1.5, pollMs * SLOWEST)) {
    const found = await look();
    if (found !== undefined && found !== null) return found;
    await pause(pauseMs, signal);
  }
}

function tooLate(timeoutMs: number, what: string): HooklineError {
  return new HooklineError('schema_timeout', `Waited ${Math.round(timeoutMs / 100) / 10} s for ${what}.`, {
    hint: 'It goes on at PlanetScale: look again with `hookline schema branch list` or `hookline schema deploy-request show`.',
  });
}
