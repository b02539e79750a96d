import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, ownPath, summary, useAgents } from './calling.js';
import { type RawServer, startRawServer, wellFormed } from './raw-server.js';

const STABLE = ['timeout', 'connection_reset', 'protocol_error', 'headers_too_large'];

const pieces = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('HTTP/1.1 200 OK\r\n', 'HTTP/1.1 ', '200', '101', '\r\n', '\r\n\r\n', ' ', ':'),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'content-length: 5\r\n',
      'transfer-encoding: chunked\r\n',
      'connection: close\r\n',
      'connection: upgrade\r\nupgrade: h2c\r\n',
      'keep-alive: timeout=0\r\n',
      'HTTP/1.1 103 Early Hints\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 304 Not Modified\r\n\r\n',
      '5\r\nhello\r\n',
      '0\r\n\r\n',
      'hello',
    ),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')) },
);

describe('any bytes for an answer', () => {
  const newAgent = useAgents();
  let server: RawServer;
  let writes: readonly string[] | undefined;
  let isEnded = false;
  beforeAll(async () => {
    server = await startRawServer({
      async onRequest(socket, { path }) {
        const [own, ends] = [writes, isEnded];
        if (own === undefined) {
          socket.write(wellFormed(path));
          return;
        }
        for (const text of own) {
          socket.write(text, 'latin1');
          await new Promise(setImmediate);
        }
        if (ends) socket.end();
      },
    });
  });
  afterAll(() => server.close());

  it('give a stable outcome, break nothing, and leave no trace in the next call', async () => {
    const agent = newAgent();
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), fc.boolean(), async (texts, ends) => {
        [writes, isEnded] = [texts, ends];
        const outcome = await call(agent, `http://127.0.0.1:${server.port}${ownPath()}`, { timeoutMs: 50 });
        if (outcome.kind === 'unanswered') expect(STABLE).toContain(outcome.code);
        writes = undefined;
        const path = ownPath();
        const next = await call(agent, `http://127.0.0.1:${server.port}${path}`, { timeoutMs: 10_000 });
        expect(summary(next)).toBe(`200 ${path}`);
      }),
      { numRuns: 400 },
    );
  }, 180_000);
});
