import { setTimeout as sleep } from 'node:timers/promises';
import { createWaitProgress } from '../wait-progress.js';

const ASK_EVERY_MS = 500;

export interface WaitOptions<T> {
  /** Reads how it stands. */
  readonly read: () => Promise<T>;
  readonly isDone: (state: T) => boolean;
  /** How far it is, for the line on standard error; it is a new one each time. */
  readonly tell: (state: T) => string;
  readonly json: boolean;
  /** Ends the waiting; then undefined is given. */
  readonly signal?: AbortSignal;
  /** Ends it, too; default: never. */
  readonly timeoutMs?: number;
}

/** Asks until it is done, and shows how far it is; gives how it ended, or undefined when the waiting did. Throws what `read` throws. */
export async function waitFor<T>(options: WaitOptions<T>): Promise<T | undefined> {
  const { read, isDone, tell, json, signal, timeoutMs = Number.POSITIVE_INFINITY } = options;
  const until = performance.now() + timeoutMs;
  const progress = json && !process.stderr.isTTY ? undefined : createWaitProgress();
  try {
    while (signal?.aborted !== true) {
      const state = await read();
      if (isDone(state)) return state;
      progress?.show(tell(state));
      if (performance.now() >= until) return undefined;
      await sleep(ASK_EVERY_MS, undefined, signal === undefined ? {} : { signal });
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    progress?.end();
  }
  return undefined;
}
