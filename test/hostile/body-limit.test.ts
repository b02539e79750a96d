import { afterEach, describe, expect, it } from 'vitest';
import { call, useAgents } from './calling.js';
import { type RawServer, startRawServer } from './raw-server.js';

describe('of the body of an answer', () => {
  const newAgent = useAgents();
  let server: RawServer;
  afterEach(() => server.close());

  /** Sends the chunks apart from each other. */
  async function bodyOf(chunks: readonly (string | Buffer)[], bodyLimitBytes: number): Promise<string> {
    server = await startRawServer({
      async onRequest(socket) {
        const length = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk), 0);
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`);
        for (const chunk of chunks) {
          socket.write(chunk);
          await new Promise(setImmediate);
        }
      },
    });
    const outcome = await call(newAgent(), `http://127.0.0.1:${server.port}/`, { bodyLimitBytes });
    return outcome.kind === 'responded' ? outcome.body : outcome.code;
  }

  it.each([
    ['nothing', ['hello'], 0, ''],
    ['all, at the limit', ['hello'], 5, 'hello'],
    ['the first bytes', ['hello'], 4, 'hell'],
    ['the first bytes, over chunks', ['he', 'l', 'lo', 'again'], 6, 'helloa'],
    ['all, over many chunks', Array.from({ length: 300 }, (_, n) => String(n % 10)), 300, '0123456789'.repeat(30)],
    ['whole characters', ['aüü'], 4, 'aü'],
    ['whole characters, over chunks', ['a\u00fc', '\u{1f600}', 'b'], 6, 'aü'],
    ['no more bytes than that, where bytes are no UTF-8', [Buffer.from([0xff, 0xfe, 0xfd, 0x41])], 7, '\ufffd\ufffd'],
    ['what is no UTF-8 as such', [Buffer.from([0xff, 0x41])], 100, '\ufffdA'],
  ] as const)('is kept %s', async (_, chunks, limit, kept) => {
    expect(await bodyOf(chunks, limit)).toBe(kept);
  });
});
