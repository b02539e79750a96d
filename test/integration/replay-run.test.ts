import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { advance } from '../../src/maintain/replay/replay.js';
import { captureLog } from '../harness/captured-log.js';
import { asUserId, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import {
  createReplay,
  made,
  putDeliveries,
  putMany,
  replay,
  runToEnd,
  watch,
  watchUntil,
  withLoops,
} from './replay-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';

describeOnPostgres('a bulk replay', (ctx) => {
  afterEach(async () => {
    await ctx.db().query("DELETE FROM webhooks; UPDATE hookline.settings SET verification = 'on_request'");
  });
  const set = (columns: string) => ctx.db().query(`UPDATE webhooks SET ${columns}`);
  const cancel = async (webhook: { userId: string }, id: string) => {
    const { rows } = await asUserId(ctx.db(), webhook.userId, (tx) =>
      tx.query('SELECT state, created::int AS created, total::int AS total FROM cancel_webhook_replay($1::uuid)', [id]),
    );
    return rows[0];
  };

  it('keeps to its order and rate, and makes each delivery once, however many workers there are', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putMany(ctx.db(), webhook, 'failed', 100);
    const [id] = await createReplay(ctx.db(), webhook, { rate: 50 });
    const done = await withLoops(ctx.db(), 4, () =>
      watchUntil(ctx.db(), webhook, id, ({ state }) => state === 'completed'),
    );
    expect(done).toMatchObject({ total: 100, created: 100 });
    const { rows: queued } = await ctx
      .db()
      .query<{ n: number }>(
        "SELECT (d.request_payload ->> 'n')::int AS n FROM hookline.queue q JOIN webhook_deliveries d ON d.id = q.delivery_id ORDER BY q.position",
      );
    expect(queued.map(({ n }) => n)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    // In the database's time: the k-th was made no sooner than k fiftieths of a second after the job.
    const { rows } = await ctx.db().query(
      `SELECT min(extract(epoch FROM k.created_at - r.created_at) * 50 - k.nth)::float8 >= -0.1 AS kept, count(DISTINCT k.replay_of)::int AS originals
       FROM hookline.replays r, LATERAL (
         SELECT d.*, row_number() OVER (ORDER BY d.created_at) AS nth FROM webhook_deliveries d WHERE d.metadata ->> 'replay_id' = r.id::text
       ) k`,
    );
    expect(rows).toEqual([{ kept: true, originals: 100 }]);
  });

  it('has at most one second of its rate to make up for after a pause', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putMany(ctx.db(), webhook, 'failed', 50);
    const [id] = await createReplay(ctx.db(), webhook, { rate: 20 });
    await ctx.db().query("UPDATE hookline.replays SET rate_at = now() - interval '1 hour'");
    // In one transaction, in which the clock stands still: the step after the first one is not due yet.
    await ctx.db().transaction(async (tx) => {
      const still = { ...ctx.db(), transaction: <T>(fn: (within: Queryable) => Promise<T>) => fn(tx) };
      expect(await advance(still, id)).toMatchObject({ state: 'running', created: 20, total: 50 });
      expect(await advance(still, id)).toBeUndefined();
    });
  });

  it('is watched, and cancelled: from then on nothing is made', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putMany(ctx.db(), webhook, 'failed', 200);
    const [id, total] = await createReplay(ctx.db(), webhook, { rate: 10 });
    expect(total).toBe(200);
    expect(await watch(ctx.db(), webhook, id)).toMatchObject({ state: 'running', created: 0, started: false });
    await withLoops(ctx.db(), 2, async () => {
      const { created } = await watchUntil(ctx.db(), webhook, id, (row) => row.created > 0);
      await watchUntil(ctx.db(), webhook, id, (row) => row.created > created);
      const cancelled = await cancel(webhook, id);
      expect(cancelled).toMatchObject({ state: 'cancelled', total: 200 });
      // Another one is made, and run: the loops had every chance to go on with this one.
      const other = await createWebhook(ctx.db(), URL, {}, webhook.userId);
      await putDeliveries(ctx.db(), other, ['failed']);
      const [next] = await createReplay(ctx.db(), other);
      await watchUntil(ctx.db(), other, next, ({ state }) => state === 'completed');
      expect(await watch(ctx.db(), webhook, id)).toMatchObject({ ...cancelled, started: true, ended: true });
      await ctx.db().query('UPDATE hookline.replays SET due_at = now()');
      expect(await advance(ctx.db(), id)).toBeUndefined();
      expect(await made(ctx.db(), id)).toHaveLength(Number(cancelled?.['created']));
    });
    expect(await cancel(webhook, id)).toMatchObject({ state: 'cancelled' });
    const done = await replay(ctx.db(), webhook);
    // What the first one made is under way and not sent twice.
    expect(done).toMatchObject({ state: 'completed', total: 200 - (await made(ctx.db(), id)).length });
    expect(await cancel(webhook, done.id)).toMatchObject({ state: 'completed' });
  });

  it.each([
    ['inactive', 'is_active = false', 'is_active = true'],
    ['paused', "paused_until = now() + interval '1 hour', paused_since = now()", 'paused_until = NULL'],
    ['unverified', 'is_verified = false', 'is_verified = true'],
  ])('waits for a webhook that is %s, and goes on afterwards', async (reason, held, free) => {
    const webhook = await createWebhook(ctx.db(), URL, { is_verified: true });
    await ctx.db().query("UPDATE hookline.settings SET verification = 'required'");
    await putDeliveries(ctx.db(), webhook, ['failed', 'failed']);
    await set(held);
    const [id] = await createReplay(ctx.db(), webhook);
    await withLoops(ctx.db(), 1, async () => {
      const waiting = await watchUntil(ctx.db(), webhook, id, (row) => row.waiting_for !== null);
      expect(waiting).toMatchObject({ state: 'running', created: 0, waiting_for: reason, started: true });
      await set(free);
      const done = await watchUntil(ctx.db(), webhook, id, ({ state }) => state !== 'running');
      expect(done).toMatchObject({ state: 'completed', created: 2, waiting_for: null });
    });
  });

  it('expires when its webhook keeps it waiting for longer than a delivery would wait', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putDeliveries(ctx.db(), webhook, ['failed']);
    await set('is_active = false');
    const [id] = await createReplay(ctx.db(), webhook);
    expect(await advance(ctx.db(), id)).toMatchObject({ state: 'running' });
    const age = (by: string) =>
      ctx.db().query(`UPDATE hookline.replays SET due_at = now(), waiting_since = now() - interval '${by}'`);
    await age('23 hours 59 minutes');
    expect(await advance(ctx.db(), id)).toMatchObject({ state: 'running' });
    await age('24 hours 1 minute');
    expect(await advance(ctx.db(), id)).toMatchObject({ state: 'expired', created: 0 });
    expect(await watch(ctx.db(), webhook, id)).toMatchObject({ ended: true, waiting_for: 'inactive' });
    expect(await advance(ctx.db(), id)).toBeUndefined();
  });

  it('is never more than a thousand unfinished deliveries ahead, and goes on as they end', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putMany(ctx.db(), webhook, 'failed', 1_100);
    const [id] = await createReplay(ctx.db(), webhook);
    await withLoops(ctx.db(), 2, async () => {
      const full = await watchUntil(ctx.db(), webhook, id, (row) => row.waiting_for === 'backlog');
      expect(full).toMatchObject({ state: 'running', created: 1_000 });
      await ctx.db().query("UPDATE webhook_deliveries SET status = 'success' WHERE status = 'pending'");
      expect(await watchUntil(ctx.db(), webhook, id, ({ state }) => state !== 'running')).toMatchObject({
        state: 'completed',
        created: 1_100,
      });
    });
  });

  it('passes over what it does not take, step by step, without waiting for its rate', async () => {
    const webhook = await createWebhook(ctx.db(), URL, { retry_enabled: false });
    await putMany(ctx.db(), webhook, 'pending', 1_500, "now() - interval '2 hours'");
    await putMany(ctx.db(), webhook, 'success', 3);
    const [id, total] = await createReplay(ctx.db(), webhook, { status: 'all', rate: 3 });
    expect(total).toBe(3);
    await ctx.db().query("UPDATE hookline.replays SET rate_at = now() - interval '1 hour'");
    expect(await advance(ctx.db(), id)).toMatchObject({ state: 'running', created: 0 });
    expect(await runToEnd(ctx.db(), webhook, id)).toMatchObject({ state: 'completed', created: 3 });
    expect((await made(ctx.db(), id)).map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  it('ends with its webhook', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putMany(ctx.db(), webhook, 'failed', 200);
    const [id] = await createReplay(ctx.db(), webhook, { rate: 10 });
    const { log, lines } = captureLog();
    await withLoops(
      ctx.db(),
      1,
      async () => {
        await watchUntil(ctx.db(), webhook, id, (row) => row.created > 0);
        await ctx.db().query('DELETE FROM webhooks WHERE id = $1::uuid', [webhook.id]);
        const other = await createWebhook(ctx.db(), URL);
        const [next] = await createReplay(ctx.db(), other);
        await waitUntil(() => lines('replay.ended').length > 0, { message: 'the other replay to end' });
        expect(lines('replay.ended')).toMatchObject([{ replay_id: next, state: 'completed', created: 0, total: 0 }]);
      },
      { log },
    );
    expect((await ctx.db().query('SELECT FROM hookline.queue')).rows).toEqual([]);
    expect(await advance(ctx.db(), id)).toBeUndefined();
    expect(lines('replays.failed').concat(lines('replay.not_advanced'))).toEqual([]);
  });

  it('that cannot be advanced keeps no other from it', async () => {
    const [bad, good] = [await createWebhook(ctx.db(), URL), await createWebhook(ctx.db(), URL)];
    for (const webhook of [bad, good]) await putDeliveries(ctx.db(), webhook, ['failed']);
    const [badId] = await createReplay(ctx.db(), bad);
    const [goodId] = await createReplay(ctx.db(), good);
    const constraint = `no_replay_${randomUUID().slice(0, 8)}`;
    await ctx
      .db()
      .query(
        `ALTER TABLE webhook_deliveries ADD CONSTRAINT ${constraint} CHECK (replay_of IS NULL OR webhook_id <> '${bad.id}') NOT VALID`,
      );
    try {
      const { log, lines } = captureLog();
      const run = () => watchUntil(ctx.db(), good, goodId, ({ state }) => state === 'completed');
      await withLoops(ctx.db(), 1, run, { log });
      expect(lines('replay.not_advanced')[0]).toMatchObject({ level: 'error', replay_id: badId });
      expect(await watch(ctx.db(), bad, badId)).toMatchObject({ state: 'running', created: 0 });
    } finally {
      await ctx.db().query(`ALTER TABLE webhook_deliveries DROP CONSTRAINT ${constraint}`);
    }
    // Nothing of the failed step was left, and nothing was lost.
    expect(await runToEnd(ctx.db(), bad, badId)).toMatchObject({ state: 'completed', created: 1 });
  });
});
