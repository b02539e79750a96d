import type { Logger } from 'pino';

/** Work that goes on after an answer was sent, and that a shutdown waits for. */
export interface Background {
  /** Takes a promise over; its failure is logged. */
  waitUntil(promise: Promise<unknown>): void;
  /** Resolves when everything taken over has ended. */
  settled(): Promise<void>;
}

/** Makes the work of a process that outlives its answers. */
export function createBackground(log: Logger): Background {
  const running = new Set<Promise<void>>();
  return {
    waitUntil(promise) {
      const tracked: Promise<void> = promise
        .then(
          () => undefined,
          (error: unknown) => log.error({ err: error }, 'background.failed'),
        )
        .finally(() => running.delete(tracked));
      running.add(tracked);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
