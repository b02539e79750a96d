import { HooklineApiError } from '@hookline/client';
import { api, ok } from '../../api/client.js';
import { tell } from '../../api/problem.js';

const AT_ONCE = 4;
const MOST_WAIT_S = 60;

/** How far it is with many. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly retried: number;
  /** How many were refused, by the code of the refusal, and its message. */
  readonly refused: ReadonlyMap<string, { readonly count: number; readonly message: string }>;
}

/** Tries one failed delivery again, now. Throws HooklineApiError. */
export async function retryDelivery(id: string): Promise<void> {
  ok(await api.POST('/v1/deliveries/{delivery_id}/retry', { params: { path: { delivery_id: id } } }));
}

/** Tries failed deliveries again, a few at a time, and tells after each how far it is. What is refused does not keep the others. Ends early when `signal` does. */
export async function retryDeliveries(
  ids: readonly string[],
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  let progress: Progress = { done: 0, total: ids.length, retried: 0, refused: new Map() };
  const waiting = [...ids];
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined && !signal.aborted; id = waiting.shift()) {
      const refusal = await refusalOf(id, signal);
      progress = after(progress, refusal);
      onProgress(progress);
    }
  };
  onProgress(progress);
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, work));
}

function after(progress: Progress, refusal: unknown): Progress {
  const done = progress.done + 1;
  if (refusal === undefined) return { ...progress, done, retried: progress.retried + 1 };
  const { code, message } = tell(refusal);
  const count = (progress.refused.get(code)?.count ?? 0) + 1;
  return { ...progress, done, refused: new Map(progress.refused).set(code, { count, message }) };
}

/** Why one was refused; undefined: it was not. Waits as the server asks where requests were too many. */
async function refusalOf(id: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await retryDelivery(id);
  } catch (error) {
    const seconds = error instanceof HooklineApiError && error.status === 429 ? error.retryAfter : null;
    if (seconds === null || seconds > MOST_WAIT_S) return error;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    if (signal.aborted) return error;
    return retryDelivery(id).catch((again: unknown) => again);
  }
}
