import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clock } from './clock.js';
import { serve } from './serve.js';

/** What came since the last reset. */
let count = 0;
let first = Number.NaN;
let wanted = { count: Number.POSITIVE_INFINITY, came: (): void => undefined };

const server = createServer((request, response) => {
  count += 1;
  if (count === 1) first = clock();
  if (count === wanted.count) wanted.came();
  request.resume();
  request.on('end', () => response.end('ok'));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');

serve({
  port: () => (server.address() as AddressInfo).port,
  reset() {
    count = 0;
    first = Number.NaN;
  },
  async until(arrivals: number) {
    if (count < arrivals) {
      await new Promise<void>((resolve) => {
        wanted = { count: arrivals, came: resolve };
      });
    }
    return first;
  },
});
