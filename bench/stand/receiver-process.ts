import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { randomLcg, randomLogNormal } from 'd3-random';
import { clock } from './clock.js';
import { LATENCY_SIGMA } from './receivers.js';
import { RequestReader } from './request-reader.js';
import { serve } from './serve.js';

/** What came since the last reset. */
let count = 0;
let first = Number.NaN;
let wanted = { count: Number.POSITIVE_INFINITY, came: (): void => undefined };
/** When requests came, by path; undefined while nobody wants to know. */
let times: Map<string, number[]> | undefined;

/** Of the machine, an endpoint's server is not to take more than it must: other people's do not stand on it. node:http took 30 us a request, this takes 15. */
const spread = randomLogNormal.source(randomLcg(1))(0, LATENCY_SIGMA);
const server = createServer({ noDelay: true }, (socket) => {
  const reader = new RequestReader(arrived, (path) => {
    // Takes the request, and never answers.
    if (path.startsWith('/hang/')) return;
    const late = /^\/late\/(\d+)\//.exec(path)?.[1];
    if (late === undefined) socket.write(answer());
    else setTimeout(() => socket.destroyed || socket.write(answer()), Number(late) * spread());
  });
  socket.on('data', (chunk) => reader.add(chunk));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

/** The head of a request is here: its first byte came with it, or just before. */
function arrived(path: string): void {
  if (path.startsWith('/hang/')) return;
  count += 1;
  if (times !== undefined) note(times, path);
  if (count === 1) first = clock();
  if (count === wanted.count) wanted.came();
}

let answered = { second: Number.NaN, bytes: Buffer.alloc(0) };

/** As node:http answers. */
function answer(): Buffer {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== answered.second) {
    const head = [
      'HTTP/1.1 200 OK',
      `Date: ${new Date().toUTCString()}`,
      'Connection: keep-alive',
      'Keep-Alive: timeout=60',
      'Content-Length: 2',
    ];
    answered = { second, bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\nok`, 'latin1') };
  }
  return answered.bytes;
}

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
