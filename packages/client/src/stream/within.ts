/**
 * What the promise gives.
 * @throws what it throws; a TypeError when `ms` go by before; the reason of the signal, at once when it aborts. The
 * promise is left to itself then.
 */
export function within<T>(promise: Promise<T>, ms: number, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = (): void => end(() => reject(signal?.reason));
    const timer = setTimeout(() => end(() => reject(new TypeError(`Nothing came for ${ms} ms.`))), ms);
    promise.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort);
  });
}
