/** Lets one at a time through, in the order in which they came. */
export function createMutex(): <T>(fn: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (fn) => {
    const next = last.then(fn, fn);
    last = next.catch(() => undefined);
    return next;
  };
}
