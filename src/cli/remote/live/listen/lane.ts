/** Work that is begun in the order in which it was given, so many at a time. */
export interface Lane {
  /** Resolves when there is room for it; its own end is not waited for. It must not throw. */
  give(work: () => Promise<void>): Promise<void>;
  /** Waits for all of it. */
  done(): Promise<void>;
}

/** `atOnce` at a time; `mostWaiting` more wait, and whoever gives more than that waits too. */
export function createLane(atOnce: number, mostWaiting: number): Lane {
  const waiting: Array<() => Promise<void>> = [];
  const watchers = new Set<() => void>();
  let running = 0;

  function begin(): void {
    while (running < atOnce) {
      const work = waiting.shift();
      if (work === undefined) break;
      running += 1;
      void work().finally(() => {
        running -= 1;
        begin();
      });
    }
    for (const watch of watchers) watch();
  }

  function until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!holds()) return;
        watchers.delete(watch);
        resolve();
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
