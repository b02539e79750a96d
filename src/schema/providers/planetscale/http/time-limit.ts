import { setTimeout as sleep } from 'node:timers/promises';

/** A signal that is aborted when the time is over, or when the outer one is; `end` takes its timer and its listener away. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Limits work to `ms`. AbortSignal.timeout would leave its timer, and AbortSignal.any its listener, until they fire.
 * @param reason what the signal is aborted with when the time is over
 */
export function timeLimit(ms: number, reason: () => unknown, outer?: AbortSignal): TimeLimit {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(reason()), ms);
  outer?.addEventListener('abort', abort);
  if (outer?.aborted) abort();
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}

/** Resolves after `ms`. Throws the signal's reason at once when it is aborted, and leaves no timer. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
