import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Receivers {
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

/** Starts subscribers in a process of their own, as in real life: `count` URLs on one port, each answering 200 at once. */
export async function startReceivers(count: number): Promise<Receivers> {
  const child: ChildProcess = fork(fileURLToPath(new URL('./receiver-process.ts', import.meta.url)));
  const [port] = (await once(child, 'message')) as [number];
  return {
    urls: Array.from({ length: count }, (_, n) => `http://127.0.0.1:${port}/hook/${n}`),
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
