import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { call, ownPath, useAgents } from './calling.js';
import { type RawServer, startRawServer, wellFormed } from './raw-server.js';
import { floods } from './receivers.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const CALLS = 208;
const CALLS_OF_CHUNKS = 32;
const AT_ONCE = 16;
const MIB = 1024 * 1024;
/** What the heap and buffers of a test process wander by themselves. */
const ALLOWANCE = 12 * MIB;

/** What is in use after collections, heap and buffers outside it: the least of four, or the first that is under `enough`. */
async function inUse(enough = 0): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  // In the process of many files each costs up to a third of a second.
  for (let n = 0; n < 4 && least >= enough; n += 1) {
    await new Promise(setImmediate);
    collect();
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const gzip = gzipSync(Buffer.alloc(64 * MIB));
const bomb = `${OK}content-encoding: gzip\r\ncontent-length: ${gzip.length}\r\n\r\n`;
const oneByteChunks = '1\r\nx\r\n'.repeat(70_000);

describe('memory stays flat', () => {
  const newAgent = useAgents();
  let server: RawServer;
  afterEach(() => server.close());

  it.each([
    ['a gzip bomb of 64 MiB', (socket) => void socket.write(Buffer.concat([Buffer.from(bomb), gzip]))],
    ['an answer without end', floods(`${OK}\r\n`, 'x')],
    [
      'chunks of a byte',
      (socket) => void socket.write(`${OK}transfer-encoding: chunked\r\n\r\n${oneByteChunks}`),
      // Each call costs 65,536 turns of the parser, and what stayed of one chunk each would be beyond the allowance after four.
      CALLS_OF_CHUNKS,
    ],
    ['headers without end', floods(OK, `x-header: ${'v'.repeat(200)}\r\n`)],
    ['bytes that are no UTF-8', floods(`${OK}\r\n`, '\u00ff')],
    ['broken answers', (socket) => void socket.end('garbage')],
    ['a second answer behind each', (socket) => void socket.write(wellFormed('mine') + wellFormed('forged'))],
  ] satisfies [string, (socket: Socket) => void, number?][])(
    'over %s',
    async (_, answer, calls = CALLS) => {
      server = await startRawServer({ onRequest: (socket) => answer(socket) });
      const agent = newAgent();
      const lane = async (count: number): Promise<void> => {
        for (let n = 0; n < count; n += 1) {
          const outcome = await call(agent, `http://127.0.0.1:${server.port}${ownPath()}`, { timeoutMs: 20_000 });
          if (outcome.kind === 'responded') expect(Buffer.byteLength(outcome.body)).toBeLessThanOrEqual(64 * 1024);
          else expect(outcome.code).not.toBe('timeout');
        }
      };
      const round = (count: number) => Promise.all(Array.from({ length: AT_ONCE }, () => lane(count / AT_ONCE)));
      await round(calls === CALLS ? AT_ONCE * 4 : AT_ONCE);
      const before = await inUse();
      await round(calls);
      expect((await inUse(before + ALLOWANCE)) - before).toBeLessThan(ALLOWANCE);
    },
    90_000,
  );

  it('over calls that end at their deadline while the endpoint drips', async () => {
    server = await startRawServer({
      onRequest(socket) {
        socket.write(`${OK}\r\n`);
        const timer = setInterval(() => socket.write('x'), 5);
        socket.on('close', () => clearInterval(timer));
      },
    });
    const agent = newAgent();
    const round = () =>
      Promise.all(
        Array.from({ length: CALLS / 4 }, () => call(agent, `http://127.0.0.1:${server.port}/`, { timeoutMs: 200 })),
      );
    await round();
    const before = await inUse();
    for (let n = 0; n < 4; n += 1) await round();
    expect((await inUse(before + ALLOWANCE)) - before).toBeLessThan(ALLOWANCE);
  });
});
