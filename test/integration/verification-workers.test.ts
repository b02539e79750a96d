import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { lease, record } from '../../src/maintain/verification/store.js';
import { startVerificationLoop, type VerificationLoop } from '../../src/maintain/verification/verification.js';
import { captureLog } from '../harness/captured-log.js';
import { describeOnPostgres, newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { isInTime } from './in-time.js';
import {
  requestVerification,
  startTestVerification,
  verificationEnded,
  webhookRow,
  willing,
} from './verification-helpers.js';

/** As many as one process has in flight at most. */
const CONCURRENCY = 64;

describeOnPostgres('verifications', (ctx) => {
  let receiver: ReceiverServer;
  const loops: VerificationLoop[] = [];
  const start = (): VerificationLoop => {
    const loop = startTestVerification(ctx.db());
    loops.push(loop);
    return loop;
  };
  beforeEach(async () => {
    receiver = await startReceiver(willing);
  });
  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop(1_000)));
    await receiver.close();
    await ctx.db().query('DELETE FROM webhooks');
  });
  /** That many webhooks whose verification is wanted, each with a path of its own, of one user or of one user each. */
  async function wanted(count: number, timeoutSeconds: number, { ofOne = false } = {}): Promise<void> {
    await ctx.db().query(
      `WITH who AS (
         INSERT INTO auth.users (id) SELECT gen_random_uuid() FROM generate_series(1, CASE WHEN $3::boolean THEN 1 ELSE $2::int END) RETURNING id
       ), numbered AS (SELECT id, row_number() OVER () AS place FROM who)
       INSERT INTO webhooks (user_id, name, url, timeout_seconds, verification_requested_at)
       SELECT u.id, 'w' || n, $1 || '/' || n, $4::int, now() FROM generate_series(1, $2::int) n
       JOIN numbered u ON u.place = CASE WHEN $3::boolean THEN 1 ELSE n END`,
      [receiver.url, count, ofOne, timeoutSeconds],
    );
  }
  const verified = async (): Promise<number> => {
    const { rows } = await ctx.db().query<{ n: number }>('SELECT count(*)::int AS n FROM webhooks WHERE is_verified');
    return rows[0]?.n ?? -1;
  };
  const pathOf = ({ url }: ReceivedRequest): string => url;

  it('that are leased while the process stops are not begun, and given back', async () => {
    await wanted(3, 10);
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let leased: () => void = () => undefined;
    const isLeased = new Promise<void>((resolve) => {
      leased = resolve;
    });
    const slow: Database = {
      ...ctx.db(),
      async transaction(fn) {
        const result = await ctx.db().transaction(fn);
        leased();
        await released;
        return result;
      },
    };
    const loop = startTestVerification(slow);
    await isLeased;
    const stopped = loop.stop(2_000);
    release();
    await stopped;
    expect(receiver.requests).toEqual([]);
    start();
    await waitUntil(async () => (await verified()) === 3, { message: 'all three to be verified' });
  });

  it('are each made once, however many processes look', async () => {
    await wanted(90, 10);
    for (let n = 0; n < 3; n += 1) start();
    await waitUntil(async () => (await verified()) === 90, { message: 'all to be verified', timeoutMs: 20_000 });
    expect(new Set(receiver.requests.map(pathOf)).size).toBe(90);
    expect(receiver.requests).toHaveLength(90);
  });

  it('do not hold up each other: those of quick endpoints end while a slow one is waited for', async () => {
    receiver.answerWith((request) => (pathOf(request) === '/hook/1' ? 'hang' : willing(request)));
    await wanted(20, 20);
    start();
    await waitUntil(async () => (await verified()) === 19, { message: 'the quick ones', timeoutMs: 15_000 });
  });

  it('are bounded: with as many in flight the rest waits, and is made afterwards', async () => {
    receiver.answerWith((request, index) => (index < CONCURRENCY ? 'hang' : willing(request)));
    await wanted(CONCURRENCY + 10, 8);
    start();
    await receiver.waitFor(CONCURRENCY);
    await sleep(400);
    expect(receiver.requests).toHaveLength(CONCURRENCY);
    await waitUntil(async () => (await verified()) === 10, { message: 'the rest to be verified', timeoutMs: 20_000 });
  });

  it('of a user whose endpoints all hang leave room for those of others', async () => {
    receiver.answerWith((request) => (pathOf(request).endsWith('/own') ? willing(request) : 'hang'));
    await wanted(CONCURRENCY + 10, 20, { ofOne: true });
    start();
    await receiver.waitFor(8);
    const other = await createWebhook(ctx.db(), `${receiver.url}/own`);
    await requestVerification(ctx.db(), other);
    expect((await verificationEnded(ctx.db(), other.id)).is_verified).toBe(true);
    expect(receiver.requests.filter((request) => !pathOf(request).endsWith('/own'))).toHaveLength(8);
  });

  it('asked for again, or for another URL, while a call is under way wait for its end, so that nobody gets more calls by asking', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await requestVerification(ctx.db(), webhook);
    const [under] = await lease(ctx.db(), 10, []);
    if (under === undefined) throw new Error('nothing was leased');
    await requestVerification(ctx.db(), webhook);
    await ctx.db().query('UPDATE webhooks SET url = $1', [`${receiver.url}/other`]);
    await requestVerification(ctx.db(), webhook);
    const soon = "UPDATE webhooks SET verification_attempted_at = now() - interval '3 s'";
    await ctx.db().query(soon);
    expect(await lease(ctx.db(), 10, [])).toEqual([]);
    expect(await record(ctx.db(), under, undefined)).toBe(false);
    const again = await lease(ctx.db(), 10, []);
    expect(again).toMatchObject([{ url: `${receiver.url}/other` }]);
    expect(again[0]?.token).not.toBe(under.token);
    expect((await webhookRow(ctx.db(), webhook.id)).is_verified).toBe(false);
  });

  it('of a process that died are made by another when the lease ends, not before', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url, { timeout_seconds: 7 });
    await requestVerification(ctx.db(), webhook);
    expect(await lease(ctx.db(), 10, [])).toMatchObject([
      { webhookId: webhook.id, url: receiver.url, timeoutMs: 7_000 },
    ]);
    const { rows } = await ctx
      .db()
      .query<{ seconds: number }>(
        'SELECT extract(epoch FROM verification_lease_until - now())::float8 AS seconds FROM webhooks',
      );
    expect(rows[0]?.seconds).toBeGreaterThan(30);
    expect(rows[0]?.seconds).toBeLessThanOrEqual(37);
    start();
    await sleep(300);
    expect(receiver.requests).toEqual([]);
    await ctx
      .db()
      .query(
        "UPDATE webhooks SET verification_lease_until = now(), verification_attempted_at = now() - interval '37 s'",
      );
    expect((await verificationEnded(ctx.db(), webhook.id)).is_verified).toBe(true);
  });

  it('are waited for by a stop', async () => {
    receiver.answerWith((request) => ({ ...willing(request), delayMs: 600 }));
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await requestVerification(ctx.db(), webhook);
    const loop = start();
    await receiver.waitFor(1);
    await loop.stop(5_000);
    expect((await webhookRow(ctx.db(), webhook.id)).is_verified).toBe(true);
  });

  it('are given up by a stop at its bound, and another process may make them at once', async () => {
    receiver.answerWith(['hang']);
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await requestVerification(ctx.db(), webhook);
    const loop = start();
    await receiver.waitFor(1);
    expect(await isInTime(loop.stop(600), 5_000)).toBe(true);
    expect(await webhookRow(ctx.db(), webhook.id)).toMatchObject({ is_verified: false, verification_error_code: null });
    receiver.answerWith(willing);
    start();
    expect((await verificationEnded(ctx.db(), webhook.id)).is_verified).toBe(true);
  });

  it('go on after the database failed', async () => {
    const { log, lines } = captureLog();
    const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
    await ctx.db().query('ALTER FUNCTION hookline.lease_verifications(integer, uuid[]) RENAME TO taken_away');
    // A handle of its own, as another process has: loops over one handle tell of their troubles in one log, that of the first.
    const loop = startVerificationLoop({ db: { ...ctx.db() }, log, dispatcher, intervalMs: 50 });
    await waitUntil(() => lines('verification.failed').length > 0, { message: 'the failure to be logged' });
    await ctx.db().query('ALTER FUNCTION hookline.taken_away(integer, uuid[]) RENAME TO lease_verifications');
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await requestVerification(ctx.db(), webhook);
    await verificationEnded(ctx.db(), webhook.id);
    expect(lines('verification.failed')).toMatchObject([{ level: 'error', err: { code: 'internal_error' } }]);
    expect(lines('verification.ended')).toMatchObject([{ webhook_id: webhook.id, outcome: 'verified' }]);
    await loop.stop(1_000);
    await dispatcher.destroy();
  });
});

describe('a worker process killed during a verification', () => {
  it('leaves it to another one', async () => {
    const database = await newPostgresDatabase();
    const db = openPostgres({ connectionString: database.url });
    const receiver = await startReceiver(['hang']);
    const webhook = await createWebhook(db, receiver.url);
    await requestVerification(db, webhook);
    const startWorkerProcess = () =>
      startHooklineProcess(['worker'], { DATABASE_URL: database.url, HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8' });
    const killed = startWorkerProcess();
    await receiver.waitFor(1, 30_000);
    await killed.end('SIGKILL');
    expect((await webhookRow(db, webhook.id)).verification_requested_at).not.toBeNull();
    receiver.answerWith(willing);
    await db.query(
      "UPDATE webhooks SET verification_lease_until = now(), verification_attempted_at = now() - interval '1 minute'",
    );
    const other = startWorkerProcess();
    await other.waitForOutput('verification.ended');
    expect((await webhookRow(db, webhook.id)).is_verified).toBe(true);
    expect(await other.end('SIGTERM')).toBe(0);
    expect(other.output()).not.toContain((await webhookRow(db, webhook.id)).verification_token);
    await receiver.close();
    await db.close();
    await database.drop();
  });
});
