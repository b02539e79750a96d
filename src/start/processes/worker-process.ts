import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a worker says to whoever forked it once it delivers. */
const READY = 'ready';

/** Tells the process that forked this one, if one did, that it is ready. */
export function tellReady(): void {
  // That one may be gone, or have this one stop already, which is no error here.
  process.send?.(READY, undefined, undefined, () => undefined);
}

/** Whether another process of Hookline forked this one. */
export function isForked(): boolean {
  return process.send !== undefined;
}

/** A worker in a process of its own. */
export interface WorkerProcess {
  /** None: it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when it delivers; rejects when it ended before. */
  readonly ready: Promise<void>;
  /** Resolves with its exit code, the signal that ended it, or why it could not be started. */
  readonly ended: Promise<End>;
  /** Has it end as on SIGTERM, and kills it when it has not after `withinMs`. Resolves when it is gone. Safe to call twice. */
  stop(withinMs: number): Promise<void>;
}

type End = number | NodeJS.Signals | Error;

/**
 * Starts this program again with `args`. Its output goes where this one's goes. Ctrl-C on a terminal does not reach it, since this process passes the end on; it
 * ends itself when this one is gone. Does not throw: one that cannot be started has ended.
 */
export function forkWorker(args: readonly string[], env: NodeJS.ProcessEnv): WorkerProcess {
  const program = process.argv[1] ?? '';
  try {
    return watched(fork(program, [...args], { env, stdio: 'inherit', detached: true }));
  } catch (error) {
    // Some errors `fork` throws, ENOMEM among them; of others, such as EAGAIN, the child tells.
    return notStarted(error instanceof Error ? error : new Error(String(error)));
  }
}

function notStarted(error: Error): WorkerProcess {
  const ready = Promise.reject(error);
  ready.catch(() => undefined);
  return { pid: undefined, ready, ended: Promise.resolve(error), stop: async () => undefined };
}

function watched(child: ChildProcess): WorkerProcess {
  const ended = endOf(child);
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      if (message === READY) resolve();
    });
    void ended.then((how) =>
      reject(how instanceof Error ? how : new Error(`the worker ended (${how}) before it was ready`)),
    );
  });
  // Whoever does not wait for it hears of the end by `ended`.
  ready.catch(() => undefined);
  return {
    pid: child.pid,
    ready,
    ended,
    async stop(withinMs) {
      // Not by a signal: whoever stops the supervisor may have sent the worker one already, and a second would end it at once.
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function endOf(child: ChildProcess): Promise<End> {
  try {
    const [code, signal] = await once(child, 'exit');
    return signal ?? code;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
