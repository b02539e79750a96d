/** Work that is begun in the order in which it was given, so many at a time. */
export interface Lane {
  /** Resolves when there is room for it; its own end is not waited for. Throws what any work before threw. */
  give(work: () => Promise<void>): Promise<void>;
  /** Waits for all of it. Throws what any of it threw. */
  done(): Promise<void>;
}

/** `atOnce` at a time; `mostWaiting` more wait, and whoever gives more than that waits too. After an error, of which `onError` is told, nothing more is begun. */
export function createLane(atOnce: number, mostWaiting: number, onError: () => void): Lane {
  const waiting: Array<() => Promise<void>> = [];
  const watchers = new Set<() => void>();
  let running = 0;
  let failure: { readonly error: unknown } | undefined;

  function begin(): void {
    while (running < atOnce && failure === undefined) {
      const work = waiting.shift();
      if (work === undefined) break;
      running += 1;
      work()
        .catch((error: unknown) => {
          failure ??= { error };
          onError();
        })
        .finally(() => {
          running -= 1;
          begin();
        });
    }
    for (const watch of watchers) watch();
  }

  function until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const watch = (): void => {
        if (failure === undefined && !holds()) return;
        watchers.delete(watch);
        if (failure === undefined) resolve();
        else reject(failure.error);
      };
      watchers.add(watch);
      watch();
    });
  }

  return {
    async give(work) {
      await until(() => waiting.length < mostWaiting);
      waiting.push(work);
      begin();
    },
    done: () => until(() => running === 0 && waiting.length === 0),
  };
}
