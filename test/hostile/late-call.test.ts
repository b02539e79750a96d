import { afterEach, expect, it } from 'vitest';
import { call, ownPath, summary, useAgents } from './calling.js';
import { type RawServer, startRawServer, wellFormed } from './raw-server.js';

const newAgent = useAgents();
let server: RawServer;
afterEach(() => server.close());

it('a call whose time was over before it was made, since the process stood still, sends nothing, over a new connection or one that is there', async () => {
  const paths: string[] = [];
  server = await startRawServer({
    onRequest(socket, { path }) {
      paths.push(path);
      socket.write(wellFormed(path));
    },
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const agent = newAgent();
  const late = async () => summary(await call(agent, origin + ownPath(), { timeoutMs: 2_000, beganMsAgo: 2_001 }));
  expect(await late()).toBe('timeout');
  const inTime = ownPath();
  expect(summary(await call(agent, origin + inTime))).toBe(`200 ${inTime}`);
  expect(await late()).toBe('timeout');
  expect(paths).toEqual([inTime]);
});
