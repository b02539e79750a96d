import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import type { Worker } from '../../src/deliver/worker.js';
import { describeOnPostgres, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks, OpenCalls, statusesOf } from './backlogs.js';

const BACKLOG = 20_000;
/** Of a hundred webhooks; 64 calls go out at a time. */
const BACKLOG_OF_EACH = 50;
/** Longer than a test takes: whoever waits for an endpoint that hangs waits too long. */
const HANGS = { timeout_seconds: '60' };
/** What anybody else's delivery may take meanwhile, on a machine that has much else to do. */
const BOUND_MS = 15_000;

/** Ten users whose endpoint answers: all that is theirs has to be sent. */
async function expectOthersServed(db: Database, receiver: ReceiverServer): Promise<void> {
  const others: { id: string; userId: string }[] = [];
  for (let n = 0; n < 10; n += 1) others.push(await createWebhook(db, receiver.url));
  const ids = others.map(({ id }) => id);
  await addBacklog(db, ids, 30);
  await waitUntil(async () => (await statusesOf(db, ids))['success'] === 300, {
    message: 'all deliveries of the others',
    timeoutMs: BOUND_MS,
  });
  // And what is triggered one by one, while the worker has nothing else that it could do.
  for (const { userId } of others.slice(0, 5)) {
    const [id = ''] = await trigger(db, userId);
    await deliveryWith(db, id, 'success', BOUND_MS);
  }
}

describeOnPostgres('others go on', (ctx) => {
  let receiver: ReceiverServer;
  let worker: Worker | undefined;
  beforeEach(async () => {
    receiver = await startReceiver(({ url }) => (url === '/hangs' ? 'hang' : {}));
  });
  afterEach(async () => {
    await worker?.stop(200);
    await receiver.close();
    await ctx.db().query('TRUNCATE webhooks CASCADE');
  });
  const hangs = () => receiver.url.replace('/hook', '/hangs');
  const called = () => receiver.requests.filter(({ url }) => url === '/hangs').length;

  it('beside an endpoint that hangs to its time-out with 20,000 deliveries waiting', async () => {
    const { ids } = await addWebhooks(ctx.db(), [hangs()], HANGS);
    await addBacklog(ctx.db(), ids, BACKLOG);
    worker = await startTestWorker(ctx.db());
    await waitUntil(() => called() === 16, { message: 'as many calls to it as its cap allows' });
    await expectOthersServed(ctx.db(), receiver);
    expect(called()).toBe(16);
    expect(await statusesOf(ctx.db(), ids)).toEqual({ pending: BACKLOG });
  }, 60_000);

  it('beside a user with 100 such endpoints', async () => {
    const { ids } = await addWebhooks(ctx.db(), Array<string>(100).fill(hangs()), HANGS);
    await addBacklog(ctx.db(), ids, BACKLOG_OF_EACH);
    worker = await startTestWorker(ctx.db());
    await waitUntil(() => called() === 64, { message: 'as many calls to them as the cap of a user allows' });
    await expectOthersServed(ctx.db(), receiver);
    expect(called()).toBe(64);
  }, 60_000);

  it('and every webhook has its turn in claims that are too small for all of them', async () => {
    const made = await addWebhooks(ctx.db(), Array<string>(300).fill(receiver.url));
    await addBacklog(ctx.db(), made.ids, 20);
    const seen = new Set<string>();
    // Were each claim a draw, one in a thousand runs would miss a webhook.
    for (let nth = 0; nth < 12; nth += 1) {
      const { rows } = await ctx
        .db()
        .query<{ id: string }>(
          "SELECT webhook_id AS id FROM hookline.lease_due($1::uuid, 200, 64, 1000000000, false, '1 minute')",
          [randomUUID()],
        );
      expect(rows).toHaveLength(200);
      for (const { id } of rows) seen.add(id);
    }
    expect(seen.size).toBe(300);
  });

  it('also of one user, between their webhooks', async () => {
    const { ids } = await addWebhooks(ctx.db(), [hangs(), receiver.url], HANGS);
    await addBacklog(ctx.db(), ids, 500);
    worker = await startTestWorker(ctx.db());
    const quick = ids[1] ?? '';
    await waitUntil(async () => (await statusesOf(ctx.db(), [quick]))['success'] === 500, {
      message: 'all deliveries to the other endpoint',
      timeoutMs: BOUND_MS,
    });
  });
});

describe('two workers', () => {
  let database: TestDatabase;
  let receiver: ReceiverServer;
  let workers: Worker[] = [];
  const db = () => database.db;
  const start = async () => {
    workers = await Promise.all([startTestWorker(db()), startTestWorker(db())]);
  };
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop(2_000)));
    await receiver.close();
    await db().query('TRUNCATE webhooks CASCADE');
  });

  it('serve others beside a user with 100 endpoints that hang', async () => {
    receiver.answerWith(({ url }) => (url === '/hangs' ? 'hang' : {}));
    const { ids } = await addWebhooks(db(), Array<string>(100).fill(receiver.url.replace('/hook', '/hangs')), HANGS);
    await addBacklog(db(), ids, BACKLOG_OF_EACH);
    await start();
    await receiver.waitFor(64);
    await expectOthersServed(db(), receiver);
    expect(receiver.requests.filter(({ url }) => url === '/hangs')).toHaveLength(64);
  }, 60_000);

  it('give each webhook of a user its turn when slow ones want more than all their places', async () => {
    // The first calls stay until both workers have filled their places.
    const open = new OpenCalls(4_000);
    receiver.answerWith(open.script);
    await start();
    const urls = [0, 1, 2, 3, 4, 5].map((n) => receiver.url.replace('/hook', `/${n}`));
    const { ids } = await addWebhooks(db(), urls);
    await addBacklog(db(), ids, 1_000);
    await receiver.waitFor(64);
    open.delayMs = 300;
    await receiver.waitFor(600, 20_000);
    expect(open.most()).toBe(64);
    // A sixth of them is a hundred.
    for (const url of urls) {
      const calls = receiver.requests.filter((request) => url.endsWith(request.url)).length;
      expect(calls, url).toBeGreaterThan(30);
    }
  });

  it('leave the places of a user to those of their webhooks that may be called', async () => {
    const { ids, userId } = await addWebhooks(db(), Array<string>(8).fill(receiver.url), {
      rate_limit_per_second: '1',
    });
    await addBacklog(db(), ids, 200);
    await start();
    // All buckets are empty then.
    await receiver.waitFor(8);
    for (let n = 0; n < 4; n += 1) {
      const free = await addWebhooks(db(), [receiver.url], {}, userId);
      await addBacklog(db(), free.ids, 50);
      await waitUntil(async () => (await statusesOf(db(), free.ids))['success'] === 50, {
        message: 'fifty deliveries that no rate limit holds',
        timeoutMs: BOUND_MS,
      });
    }
  });

  it('leave them to those whose turn is not held up by an order, either', async () => {
    receiver.answerWith(({ url }) => ({ status: url === '/failing' ? 500 : 200 }));
    const failing = receiver.url.replace('/hook', '/failing');
    const { ids, userId } = await addWebhooks(db(), Array<string>(6).fill(failing), {
      is_ordered: 'true',
      retry_delay_seconds: '60',
    });
    await addBacklog(db(), ids, 50);
    await start();
    await receiver.waitFor(6);
    const free = await addWebhooks(db(), [receiver.url], {}, userId);
    await addBacklog(db(), free.ids, 200);
    await waitUntil(async () => (await statusesOf(db(), free.ids))['success'] === 200, {
      message: 'two hundred deliveries that nothing holds',
      timeoutMs: BOUND_MS,
    });
  });
});
