import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import type { Worker } from '../../src/deliver/worker.js';
import { startWorker } from '../../src/deliver/worker.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { captureLog } from '../harness/captured-log.js';
import { newPostgresDatabase, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { type RedisOptions, type RedisServer, startRedis, withRedis } from '../harness/services/redis.js';
import { startTcpProxy } from '../harness/tcp-proxy.js';
import { waitUntil } from '../harness/wait-until.js';
import { isInTime } from './in-time.js';
import { selfSigned, triggerAll, untilDelivered, users } from './redis-helpers.js';

const AWAY = 'redis.away: deliveries come straight from PostgreSQL until it is back.';

describe('a worker with REDIS_URL', () => {
  let database: TestDatabase;
  let receiver: ReceiverServer;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
    await database.db.query('TRUNCATE webhooks, hookline.workers CASCADE');
  });
  afterAll(async () => {
    await receiver.close();
    await database.drop();
  });

  async function server(options: RedisOptions = {}): Promise<RedisServer> {
    const started = await startRedis(options);
    closers.push(() => started.remove());
    return started;
  }

  async function startOn(redisUrl: string): Promise<{ worker: Worker; captured: ReturnType<typeof captureLog> }> {
    const captured = captureLog();
    const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
    const worker = await startWorker({ db: database.db, log: captured.log, dispatcher, redisUrl });
    closers.push(async () => {
      await worker.stop(5_000);
      await dispatcher.destroy();
    });
    return { worker, captured };
  }

  /** More than fits in a chunk, so that it goes through Redis where there is one. */
  async function deliverMany(): Promise<void> {
    await triggerAll(database.db, await users(database.db, receiver.url, 10), 50);
    await untilDelivered(database.db, 500);
  }

  const jobsEnded = (url: string): Promise<boolean> =>
    withRedis(url, async (client) => (await client.info('commandstats')).includes('cmdstat_evalsha'));

  it.each([
    ['a single server, by its password', {}, (url: string) => url],
    ['database 3 and a user', {}, (url: string) => `${url.replace('//:', '//default:')}/3`],
    ['a cluster', { shape: 'cluster' }, (url: string) => url],
    [
      'nodes of a cluster, of which the first is away',
      { shape: 'cluster' },
      (url: string) => url.replace(/@(.*)$/, '@127.0.0.1:1,$1'),
    ],
  ] as const)('delivers through %s', async (_, options, change) => {
    const redis = await server(options);
    const { captured } = await startOn(change(redis.address));
    await deliverMany();
    expect(captured.lines(AWAY)).toEqual([]);
    expect(await jobsEnded(redis.address)).toBe(true);
  });

  it('delivers through TLS, to a certificate that it trusts', async () => {
    const tls = await selfSigned();
    const redis = await server({ tls });
    const { url, drop } = await newPostgresDatabase();
    const db = openPostgres({ connectionString: url });
    closers.push(drop, () => db.close());
    const env = { DATABASE_URL: url, REDIS_URL: redis.address, HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8' };
    await triggerAll(db, await users(db, receiver.url, 10), 30);
    const distrusting = startHooklineProcess(['worker'], env);
    await distrusting.waitForOutput('redis.away');
    expect(await distrusting.end('SIGTERM')).toBe(0);
    expect(distrusting.output()).toContain('self-signed certificate');
    await triggerAll(db, await users(db, receiver.url, 10), 30);
    const worker = startHooklineProcess(['worker'], { ...env, NODE_EXTRA_CA_CERTS: tls.certFile });
    await untilDelivered(db, 600);
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(worker.output()).not.toContain('redis.away');
    expect(await jobsEnded(redis.address)).toBe(true);
  });

  it('says what the operator should mend', async () => {
    const redis = await server({ settings: { 'maxmemory-policy': 'allkeys-lru' } });
    const { captured } = await startOn(redis.address);
    expect(
      captured.lines(
        'maxmemory-policy of Redis is allkeys-lru: set it to noeviction, or deliveries that it drops wait until that is noticed',
      ),
    ).toHaveLength(1);
  });

  it('delivers from PostgreSQL while Redis refuses it, says so once and without the password, and ends promptly', async () => {
    const redis = await server();
    const wrong = redis.address.replace(/:\/\/:.*@/, '://:hidden-password@');
    const { worker, captured } = await startOn(wrong);
    await deliverMany();
    // Several tries to connect.
    await sleep(2_500);
    const lines = captured.lines(AWAY);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).toContain('WRONGPASS');
    expect(JSON.stringify(lines)).not.toContain('hidden-password');
    expect(await isInTime(worker.stop(5_000), 2_000)).toBe(true);
  });

  it('delivers from PostgreSQL when Redis takes no writes, and through it again when it does', async () => {
    const redis = await server();
    const { captured } = await startOn(redis.address);
    await withRedis(redis.address, (client) => client.config('SET', 'maxmemory', '1'));
    await deliverMany();
    await waitUntil(() => captured.lines(AWAY).length === 1, { message: 'the line that Redis is away' });
    await withRedis(redis.address, (client) => client.config('SET', 'maxmemory', '0'));
    await waitUntil(() => captured.lines('redis.back').length === 1, {
      message: 'Redis to be back',
      timeoutMs: 10_000,
    });
  });

  it('delivers on when Redis falls silent without a word, and ends promptly', async () => {
    const redis = await server();
    const proxy = await startTcpProxy(redis.address);
    closers.push(() => proxy.close());
    const { worker, captured } = await startOn(proxy.through(redis.address));
    await deliverMany();
    proxy.swallow();
    await triggerAll(database.db, await users(database.db, receiver.url, 10), 50);
    await untilDelivered(database.db, 1_000);
    await waitUntil(() => captured.lines(AWAY).length === 1, { message: 'the line that Redis is away' });
    expect(await isInTime(worker.stop(5_000), 2_000)).toBe(true);
  });
});
