import { createClient, ok } from '@hookline/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import { createUser, newPostgresDatabase } from '../harness/databases.js';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { freePort } from '../harness/services/free-port.js';
import { waitUntil } from '../harness/wait-until.js';
import { SERVICE_KEY } from './api-client.js';
import { type Local, startLocal } from './cli-live-local.js';

const EVENTS = 40;

describe('hookline listen, when the server is killed', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let subscriber: ReceiverServer;
  const processes: HooklineProcess[] = [];
  let local: Local | undefined;
  beforeEach(async () => {
    [database, subscriber] = await Promise.all([newPostgresDatabase(), startReceiver()]);
  });
  afterEach(async () => {
    for (const started of processes) await started.end('SIGKILL');
    await local?.close();
    await subscriber.close();
    await database.drop();
  });
  const run = (args: readonly string[], env: Readonly<Record<string, string>>) => {
    const started = startHooklineProcess(args, env);
    processes.push(started);
    return started;
  };

  it('goes on with the one that comes after it, and nothing is lost', async () => {
    const owner = openPostgres({ connectionString: database.url });
    const user_id = await createUser(owner);
    await owner.close();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const start = async (): Promise<HooklineProcess> => {
      const keys = { PORT: String(port), HOOKLINE_SERVICE_KEY: SERVICE_KEY, HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8' };
      const server = run(['start'], { ...keys, DATABASE_URL: database.url });
      await server.waitForOutput('hookline.started', 60_000);
      return server;
    };
    const server = await start();
    const client = createClient({ url, token: SERVICE_KEY, retries: 20, backoffMs: 100 });
    const body = { user_id, name: 'mine', url: subscriber.url, event_types: ['video.generated'] };
    const { secret } = ok(await client.POST('/v1/webhooks', { body }));
    local = await startLocal(secret);
    const args = ['listen', '--forward', local.url.replace('127.0.0.1', 'localhost'), '--user', user_id];
    const listen = run(args, { HOOKLINE_URL: url, HOOKLINE_SERVICE_KEY: SERVICE_KEY });
    await listen.waitForOutput('Forwarding to http://localhost:');

    const trigger = (n: number) =>
      client.POST('/v1/events', { body: { type: 'video.generated', user_id, payload: { n } } }).then(ok);
    const triggered = Promise.all(Array.from({ length: EVENTS }, (_, n) => trigger(n)));
    await local.waitFor(1);
    await server.end('SIGKILL');
    await listen.waitForOutput('The stream broke off (');
    await start();
    await triggered;
    await trigger(EVENTS);

    const own = () => new Set(local?.requests.map(({ body: sent }) => Number(JSON.parse(sent.toString()).n)));
    await waitUntil(() => own().size > EVENTS, {
      message: () => `${EVENTS + 1}; ${own().size} came:\n${listen.output()}`,
      timeoutMs: 60_000,
    });
    expect(local.requests.filter(({ refusal }) => refusal !== undefined)).toEqual([]);
    const ids = local.requests.map(({ headers }) => headers['webhook-id']);
    // What was in flight when the server was killed goes out a second time under the same id, as to every subscriber.
    expect(new Set(ids).size).toBe(EVENTS + 1);
    expect(await listen.end('SIGINT')).toBe(0);
    expect(listen.output()).toMatch(/\n\d+ deliveries forwarded, \d+ answered 2xx\.\n$/);
    expect(listen.output()).not.toContain(SERVICE_KEY);
  }, 150_000);
});
