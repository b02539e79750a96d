import type { Build } from './build.js';
import { type Child, startChild } from './child.js';

export interface WorkerSettings {
  /** The database. */
  readonly url: string;
  /** Calls in flight at most; the worker's own default when left out. */
  readonly concurrency?: number;
  /** Of Redis, when it is to be its queue. */
  readonly redisUrl?: string | undefined;
}

/** Starts a worker in a process of its own, with a silent log; stopping it lets the worker sign off first. */
export async function startWorkerProcess(
  built: Build,
  settings: WorkerSettings,
  execArgv: readonly string[] = [],
): Promise<Child> {
  const child = startChild(built.path('bench/stand/worker-process.ts'), execArgv);
  await child.call('start', settings);
  return {
    ...child,
    async stop() {
      await child.call('stop').catch(() => undefined);
      await child.stop();
    },
  };
}
