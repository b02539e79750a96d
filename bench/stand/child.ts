import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Call } from './serve.js';

const TIMEOUT_MS = 120_000;
/** As docs/operations.md has a worker run; the others of the bench have it too. */
const ROOM_FOR_YOUNG_OBJECTS = '--max-semi-space-size=64';

export interface Child {
  readonly pid: number;
  /** Calls what the child serves (serve.ts). Throws what it threw, or when it ends or gives no answer in `timeoutMs`. */
  call<T>(name: string, argument?: unknown, timeoutMs?: number): Promise<T>;
  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const running = new Set<Child>();

/** Ends all that still run: what a measure that failed has left. */
export async function stopChildren(): Promise<void> {
  for (const child of running) await child.stop();
}

/** Starts a script of ours as a process of its own; it ends with this one. */
export function startChild(path: string, execArgv: readonly string[] = []): Child {
  const child: ChildProcess = fork(path, { execArgv: [ROOM_FOR_YOUNG_OBJECTS, ...execArgv] });
  const waiting = new Map<number, Waiting>();
  const gone = once(child, 'exit');
  let calls = 0;
  child.on('message', ({ id, value, error }: Answer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(value);
    else one?.reject(new Error(error));
  });
  child.on('exit', () => {
    for (const one of waiting.values()) one.reject(new Error(`${path} ended`));
  });
  const started: Child = {
    pid: child.pid ?? -1,
    call<T>(name: string, argument?: unknown, timeoutMs = TIMEOUT_MS) {
      calls += 1;
      const id = calls;
      return new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => end(() => reject(new Error(`${path}: no answer to ${name}`))), timeoutMs);
        const end = (settle: () => void): void => {
          clearTimeout(timer);
          waiting.delete(id);
          settle();
        };
        waiting.set(id, {
          resolve: (value) => end(() => resolve(value as T)),
          reject: (error) => end(() => reject(error)),
        });
        child.send({ id, name, argument } satisfies Call);
      });
    },
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
      running.delete(started);
    },
  };
  running.add(started);
  return started;
}
