import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineApiError } from '@hookline/client';
import { HooklineError } from '../../../../errors.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const LONGEST_RETRY_AFTER_S = 3_600;
const PASSING_STATUSES: readonly number[] = [429, 500, 502, 503, 504];
/** A proxy before a server that starts anew answers for it. */
const PASSING_CODES: readonly string[] = ['server_unreachable', 'server_timeout', 'not_hookline'];

/** Does it until it is done, while the server is away or overloaded. Throws every other error, and the reason of `stop` when that is aborted. */
export async function patiently<T>(stop: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (stop.aborted || !passes(error)) throw error;
      const asked = error instanceof HooklineApiError ? error.retryAfter : null;
      await sleep(asked === null ? pauseMs : 1_000 * Math.min(asked, LONGEST_RETRY_AFTER_S), undefined, {
        signal: stop,
      });
    }
  }
}

function passes(error: unknown): boolean {
  if (error instanceof HooklineError) return PASSING_CODES.includes(error.code);
  return error instanceof HooklineApiError && PASSING_STATUSES.includes(error.status);
}
