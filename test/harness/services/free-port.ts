import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to calls (Linux from 32,768, others from 49,152): what is free there stays so. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

const PORT_TRIES = 5;
/** As the servers' logs say it. */
const TAKEN = /address already in use/i;

/** A TCP port that was free on 127.0.0.1 a moment ago, and that no call takes. Another server may take it first: one is started by `onFreePort`. */
export function freePort(): Promise<number> {
  return freePorts(1);
}

/** Starts a server on a free port, and on another where what `start` throws says that somebody else was faster. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (!(error instanceof Error && TAKEN.test(error.message)) || tries === PORT_TRIES) throw error;
    }
  }
}

/** The first of so many TCP ports in a row that are free on 127.0.0.1, for servers that go and come back: no call takes one in between. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const ports = Array.from({ length: count }, (_, n) => first + n);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
