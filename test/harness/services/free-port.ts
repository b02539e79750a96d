import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Below the ports that systems give to calls (Linux from 32,768, others from 49,152): what is free there stays so. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A TCP port that was free on 127.0.0.1 a moment ago. Another process may take it first: the caller tries again. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
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
