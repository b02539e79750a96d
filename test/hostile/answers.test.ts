import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../harness/wait-until.js';
import { call, ownPath, summary, useAgents } from './calling.js';
import { type RawServer, startRawServer, wellFormed } from './raw-server.js';
import { HOSTILE, type Hostile } from './receivers.js';

/** Of what gives nothing else; what gives something may wait for the machine. */
const TIMEOUT_MS = 1_000;
const LONG_TIMEOUT_MS = 10_000;
/** Two busy cores: a timer may come this much late. */
const GRACE_MS = 8_000;

describe('a receiver that', () => {
  const newAgent = useAgents();
  let server: RawServer;
  let isHostile: boolean;
  afterEach(() => server.close());

  /** Well-behaved, it answers with the path that was asked for. */
  async function start({ at, answer }: Hostile): Promise<string> {
    isHostile = true;
    server = await startRawServer({
      onConnection(socket) {
        if (at !== 'connection' || !isHostile) return false;
        answer(socket);
        return true;
      },
      onRequest(socket, { path }) {
        if (isHostile && at === undefined) answer(socket);
        else socket.write(wellFormed(path));
      },
    });
    return `http://127.0.0.1:${server.port}`;
  }

  it.each(HOSTILE.map((hostile) => [hostile.does, hostile] as const))('%s', async (_, hostile) => {
    const origin = await start(hostile);
    const agent = newAgent();
    const timeoutMs = hostile.gives === 'timeout' ? TIMEOUT_MS : LONG_TIMEOUT_MS;
    const outcome = await call(agent, origin + ownPath(), { timeoutMs });
    expect(outcome.kind === 'responded' ? outcome.status : outcome.code).toBe(hostile.gives);
    expect(outcome.timeMs).toBeLessThan(timeoutMs + GRACE_MS);
    if (outcome.kind === 'responded') {
      expect(Buffer.byteLength(outcome.body)).toBeLessThanOrEqual(64 * 1024);
      expect(outcome.body).not.toContain('forged');
    }

    isHostile = false;
    if (hostile.closes) await waitUntil(() => server.open === 0, { message: 'the connection to be closed' });
    for (let n = 0; n < 3; n += 1) {
      const paths = [ownPath(), ownPath()];
      const next = await Promise.all(paths.map((path) => call(agent, origin + path, { timeoutMs: 10_000 })));
      expect(next.map(summary)).toEqual(paths.map((path) => `200 ${path}`));
    }
  });
});
