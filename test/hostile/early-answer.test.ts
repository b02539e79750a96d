import { afterEach, describe, expect, it } from 'vitest';
import { call, ownPath, summary, useAgents } from './calling.js';
import { type RawServer, startRawServer, wellFormed } from './raw-server.js';

/** More than the sockets of both sides hold. */
const LARGE = Buffer.alloc(8 * 1024 * 1024, 'x');

describe('an answer before the request is sent', () => {
  const newAgent = useAgents();
  let server: RawServer;
  afterEach(() => server.close());

  it.each([
    ['and reads no further', (first: boolean) => first],
    ['and reads on', () => false],
  ])('counts, from an endpoint that answers at the first byte %s; the next call gets its own', async (_, stops) => {
    server = await startRawServer({
      onConnection(socket) {
        if (server.connections > 1) return false;
        socket.once('data', () => {
          socket.write(wellFormed('early'));
          if (stops(true)) socket.pause();
        });
        return stops(true);
      },
      onRequest: (socket, { path }) => void (server.connections > 1 && socket.write(wellFormed(path))),
    });
    const origin = `http://127.0.0.1:${server.port}`;
    const agent = newAgent();
    expect(summary(await call(agent, origin + ownPath(), { body: LARGE }))).toBe('200 early');
    for (let n = 0; n < 3; n += 1) {
      const path = ownPath();
      expect(summary(await call(agent, origin + path))).toBe(`200 ${path}`);
    }
  });
});
