import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clock } from './clock.js';
import { serve } from './serve.js';

/** What came since the last reset. */
let count = 0;
let first = Number.NaN;
let wanted = { count: Number.POSITIVE_INFINITY, came: (): void => undefined };
/** When requests came, by path; undefined while nobody wants to know. */
let times: Map<string, number[]> | undefined;

const server = createServer((request, response) => {
  // Takes the request, and never answers.
  if (request.url?.startsWith('/hang/')) return;
  count += 1;
  if (times !== undefined) note(times, request.url ?? '');
  if (count === 1) first = clock();
  if (count === wanted.count) wanted.came();
  request.resume();
  request.on('end', () => response.end('ok'));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');

function note(all: Map<string, number[]>, path: string): void {
  const known = all.get(path);
  if (known === undefined) all.set(path, [clock()]);
  else known.push(clock());
}

serve({
  port: () => (server.address() as AddressInfo).port,
  reset(noteTimes: boolean) {
    count = 0;
    first = Number.NaN;
    times = noteTimes ? new Map() : undefined;
  },
  times: () => Object.fromEntries(times ?? []),
  async until(arrivals: number) {
    if (count < arrivals) {
      await new Promise<void>((resolve) => {
        wanted = { count: arrivals, came: resolve };
      });
    }
    return first;
  },
});
