import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { type ClaimBounds, claim } from '../../src/deliver/claim/claim.js';
import { giveBack } from '../../src/deliver/claim/give-back.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { prepare } from '../../src/deliver/prepare/prepare.js';
import { record } from '../../src/deliver/record/record.js';
import type { Claimed, Outcome } from '../../src/deliver/stages.js';
import { failWaiting } from '../../src/maintain/expire.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { attempts, createWebhook, delivery, trigger } from '../harness/delivering.js';

const URL = 'http://127.0.0.1:9/never-called';
const OK: Outcome = { kind: 'responded', status: 200, headers: {}, body: 'ok', timeMs: 5 };

describeOnEachDatabase('leases', (ctx) => {
  const claimNow = (deliveries = 100, worker: string = randomUUID(), bounds: Partial<ClaimBounds> = {}) =>
    claim(ctx.db(), new DatabaseClock(), worker, {
      deliveries,
      perWebhook: 1_000,
      bytes: 1e9,
      excluded: { webhooks: [], users: [] },
      ...bounds,
    });
  const recordOne = async (claimed: Claimed, outcome: Outcome = OK) =>
    (await record(ctx.db(), [{ prepared: prepare(claimed, Date.now()), outcome }]))[0];
  /** A lease that ends, and the heartbeat of any worker that frees it. */
  async function expireLease(id: string): Promise<void> {
    await ctx.db().query('UPDATE hookline.queue SET lease_ends_at = now() WHERE delivery_id = $1::uuid', [id]);
    await ctx.db().query('UPDATE hookline.leases SET ends_at = now() WHERE $1::uuid = ANY (deliveries)', [id]);
    await ctx.db().query('SELECT hookline.free_dead_leases()', []);
  }
  /** A lease that ended, and the one that took over. */
  async function claimTwice(id: string): Promise<{ late: Claimed; current: Claimed }> {
    const [late] = await claimNow();
    await expireLease(id);
    const [current] = await claimNow();
    if (late === undefined || current === undefined) throw new Error('claimed nothing');
    return { late, current };
  }

  afterEach(async () => {
    await ctx.db().query('DELETE FROM webhooks');
    const { rows } = await ctx.db().query<{ left: number }>('SELECT count(*)::int AS left FROM hookline.queue');
    expect(rows).toEqual([{ left: 0 }]);
  });

  it('are given once, to the time-out and half a minute, in order of due time', async () => {
    const webhook = await createWebhook(ctx.db(), URL, { timeout_seconds: 7 });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(...(await trigger(ctx.db(), webhook.userId, { n })));
    const began = performance.now();
    const first = await claimNow(2);
    const second = await claimNow(10);
    expect(await claimNow(10)).toEqual([]);
    expect(first.map((row) => row.deliveryId).sort()).toEqual(ids.slice(0, 2).sort());
    expect([...first, ...second].map((row) => row.deliveryId).sort()).toEqual([...ids].sort());
    for (const row of first) {
      expect(row.leaseUntil - began).toBeGreaterThan(36_000);
      expect(row.leaseUntil - performance.now()).toBeLessThanOrEqual(37_000);
      expect(row).toMatchObject({ attempt: 1, timeoutMs: 7_000, algorithm: 'sha256', secrets: [webhook.secret] });
    }
  });

  it('are never given to two claims at once', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await asService(ctx.db(), (tx) =>
      tx.query(
        "SELECT trigger_webhook_event('video.generated', jsonb_build_object('n', n), $1::uuid) FROM generate_series(1, 300) n",
        [webhook.userId],
      ),
    );
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimNow(60)));
    const ids = claims.flat().map((row) => row.deliveryId);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await claimNow(300);
    expect(new Set([...ids, ...rest.map((row) => row.deliveryId)]).size).toBe(300);
  });

  it('pass over the webhooks that a worker has enough of', async () => {
    const [slow, quick] = [await createWebhook(ctx.db(), URL), await createWebhook(ctx.db(), URL)];
    await trigger(ctx.db(), slow.userId);
    const [id] = await trigger(ctx.db(), quick.userId);
    expect(
      (await claimNow(10, randomUUID(), { excluded: { webhooks: [slow.id], users: [] } })).map((row) => row.deliveryId),
    ).toEqual([id]);
  });

  it('are bounded for each webhook, and by the size of payloads, but never to nothing', async () => {
    const webhooks = [await createWebhook(ctx.db(), URL), await createWebhook(ctx.db(), URL)];
    for (const { userId } of webhooks) {
      for (let n = 0; n < 5; n += 1) await trigger(ctx.db(), userId, { text: 'x'.repeat(10_000) });
    }
    const few = await claimNow(100, randomUUID(), { perWebhook: 2 });
    expect(webhooks.map(({ id }) => few.filter((row) => row.webhookId === id).length)).toEqual([2, 2]);
    expect(await claimNow(100, randomUUID(), { bytes: 35_000 })).toHaveLength(3);
    expect(await claimNow(100, randomUUID(), { bytes: 5 })).toHaveLength(1);
    expect(await claimNow()).toHaveLength(2);
  });

  it('count for a result as long as nobody else took over; a late result joins the history', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    const { late, current } = await claimTwice(id);
    expect(current.leaseId).not.toBe(late.leaseId);

    expect(await recordOne(late, { ...OK, status: 500 })).toMatchObject({ isRecorded: false });
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'pending', attempt_number: 0 });
    expect(await recordOne(current)).toMatchObject({ isRecorded: true, status: 'success' });
    expect(await recordOne(current)).toMatchObject({ isRecorded: false });
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'success', attempt_number: 1 });
    expect(await attempts(ctx.db(), id)).toMatchObject([
      { is_late: true, response_status: 500 },
      { is_late: true, response_status: 200 },
    ]);
  });

  it('tell apart two results of one delivery in one batch', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    const { late, current } = await claimTwice(id);
    const recorded = await record(ctx.db(), [
      { prepared: prepare(late, Date.now()), outcome: { ...OK, status: 500 } },
      { prepared: prepare(current, Date.now()), outcome: OK },
    ]);
    expect(recorded.map(({ isRecorded }) => isRecorded)).toEqual([false, true]);
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'success', response_status: 200 });
    expect(await attempts(ctx.db(), id)).toMatchObject([{ is_late: true, response_status: 500 }]);
  });

  it('given back are due at once; a lease that ended is left alone', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    const first = await claimNow();
    await giveBack(ctx.db(), first);
    const second = await claimNow();
    expect(second).toHaveLength(1);
    await giveBack(ctx.db(), first);
    expect(await claimNow()).toEqual([]);
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'pending', attempt_number: 0 });
  });

  it('end 15 s after the last heartbeat of their worker', async () => {
    const webhook = await createWebhook(ctx.db(), URL, { timeout_seconds: 300 });
    await trigger(ctx.db(), webhook.userId);
    const worker = randomUUID();
    const beat = (db: Queryable, age: string) =>
      db.query(
        "INSERT INTO hookline.workers (id, name, heartbeat_at) VALUES ($1::uuid, 'test', now() - $2::interval) ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at",
        [worker, age],
      );
    // In one transaction, so at one time.
    const freeAfter = (age: string) =>
      ctx.db().transaction(async (tx) => {
        await beat(tx, age);
        return (await tx.query<{ n: number }>('SELECT hookline.free_dead_leases() AS n')).rows[0]?.n;
      });
    await beat(ctx.db(), '0 s');
    expect(await claimNow(10, worker)).toHaveLength(1);
    expect(await freeAfter('14 s')).toBe(0);
    expect(await claimNow()).toEqual([]);
    expect(await freeAfter('16 s')).toBe(1);
    expect(await claimNow()).toHaveLength(1);
  });

  it('are not given for an inactive webhook; what waits goes on when it is active again', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await trigger(ctx.db(), webhook.userId);
    const setActive = (active: boolean) =>
      ctx.db().query('UPDATE webhooks SET is_active = $1 WHERE id = $2::uuid', [active, webhook.id]);
    await setActive(false);
    expect(await claimNow()).toEqual([]);
    await setActive(true);
    expect(await claimNow()).toHaveLength(1);
  });

  it('and what waits for an inactive webhook fails after a day', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await ctx.db().query('UPDATE webhooks SET is_active = false WHERE id = $1::uuid', [webhook.id]);
    const waitedFor = (age: string) =>
      ctx.db().query(
        `WITH w AS (UPDATE webhooks SET inactive_since = now() - $2::interval WHERE id = $1::uuid RETURNING id)
         UPDATE webhook_deliveries d SET created_at = now() - $2::interval FROM w WHERE d.webhook_id = w.id`,
        [webhook.id, age],
      );
    await waitedFor('23 hours 59 minutes');
    expect(await failWaiting(ctx.db(), 10)).toBe(0);
    await waitedFor('24 hours 1 minute');
    expect(await failWaiting(ctx.db(), 10)).toBe(1);
    const row = await delivery(ctx.db(), id);
    expect(row).toMatchObject({ status: 'failed', error_code: 'webhook_inactive', attempt_number: 0 });
    expect(row['failed_at']).not.toBeNull();
  });

  it('and a backlog does not expire because a short pause begins', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [old = ''] = await trigger(ctx.db(), webhook.userId);
    const [asked = ''] = await trigger(ctx.db(), webhook.userId);
    await ctx.db().query("UPDATE webhook_deliveries SET created_at = now() - interval '30 hours'");
    for (const claimed of await claimNow()) {
      if (claimed.deliveryId === asked) await recordOne(claimed, { ...OK, status: 429, retryAfterSeconds: 600 });
      else await giveBack(ctx.db(), [claimed]);
    }
    expect(await claimNow()).toEqual([]);
    expect(await failWaiting(ctx.db(), 10)).toBe(0);
    await ctx
      .db()
      .query("UPDATE webhooks SET paused_since = now() - interval '25 hours' WHERE id = $1::uuid", [webhook.id]);
    expect(await failWaiting(ctx.db(), 10)).toBe(1);
    expect(await delivery(ctx.db(), old)).toMatchObject({ status: 'failed', error_code: 'expired' });
    expect(await delivery(ctx.db(), asked)).toMatchObject({ status: 'retrying' });
  });

  it('are not given for what was truncated', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await trigger(ctx.db(), webhook.userId);
    await ctx.db().query('TRUNCATE webhooks CASCADE');
    expect(await claimNow()).toEqual([]);
  });

  it('a 410 is recorded, and the webhook deactivated, also when nobody can be told', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    const [claimed] = await claimNow();
    if (claimed === undefined) throw new Error('claimed nothing');
    const { rows } = await ctx
      .db()
      .query("DELETE FROM webhook_events WHERE event_type = 'webhook.disabled' RETURNING category");
    expect(await recordOne(claimed, { ...OK, status: 410 })).toMatchObject({ isRecorded: true, status: 'failed' });
    await ctx
      .db()
      .query("INSERT INTO webhook_events (event_type, category) VALUES ('webhook.disabled', $1)", [
        String(rows[0]?.['category']),
      ]);
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'failed', error_code: 'http_gone' });
  });

  it('a changed URL does not inherit the failures of the old one', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await ctx
      .db()
      .query("UPDATE webhooks SET failing_since = now() - interval '6 days' WHERE id = $1::uuid", [webhook.id]);
    await ctx.db().query('UPDATE webhooks SET url = $1 WHERE id = $2::uuid', [`${URL}/new`, webhook.id]);
    await trigger(ctx.db(), webhook.userId);
    for (const claimed of await claimNow()) await recordOne(claimed, { ...OK, status: 500 });
    const { rows } = await ctx.db().query('SELECT is_active FROM webhooks WHERE id = $1::uuid', [webhook.id]);
    expect(rows).toEqual([{ is_active: true }]);
  });

  it('a failing proxy of the operator says nothing of the endpoint, though the attempt counts', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await trigger(ctx.db(), webhook.userId);
    await trigger(ctx.db(), webhook.userId);
    const [first, second] = await claimNow();
    if (first === undefined || second === undefined) throw new Error('claimed too little');
    const failures = async () => {
      const { rows } = await ctx
        .db()
        .query('SELECT consecutive_failures, failing_since IS NULL AS fine FROM webhooks WHERE id = $1::uuid', [
          webhook.id,
        ]);
      return rows[0];
    };
    await recordOne(first, { kind: 'unanswered', code: 'proxy_error', message: 'The proxy is away.', timeMs: 1 });
    expect(await failures()).toEqual({ consecutive_failures: 0, fine: true });
    expect(await delivery(ctx.db(), first.deliveryId)).toMatchObject({ status: 'retrying', attempt_number: 1 });
    await recordOne(second, { kind: 'unanswered', code: 'timeout', message: 'No answer.', timeMs: 1 });
    expect(await failures()).toEqual({ consecutive_failures: 1, fine: false });
  });

  it('of a deleted webhook are dropped with their results', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await trigger(ctx.db(), webhook.userId);
    const [claimed] = await claimNow();
    if (claimed === undefined) throw new Error('claimed nothing');
    await ctx.db().query('DELETE FROM webhooks WHERE id = $1::uuid', [webhook.id]);
    expect(await recordOne(claimed)).toMatchObject({ isRecorded: false });
    expect(await attempts(ctx.db(), claimed.deliveryId)).toEqual([]);
  });

  it('deactivates a webhook that has only failed for longer than the limit, not one that succeeded between', async () => {
    const failing = await createWebhook(ctx.db(), URL);
    const mending = await createWebhook(ctx.db(), URL);
    const since = (id: string) =>
      ctx
        .db()
        .query("UPDATE webhooks SET failing_since = now() - interval '5 days 1 minute' WHERE id = $1::uuid", [id]);
    for (const { id, userId } of [failing, mending]) {
      await since(id);
      await trigger(ctx.db(), userId);
    }
    for (const claimed of await claimNow()) {
      await recordOne(claimed, claimed.webhookId === failing.id ? { ...OK, status: 500 } : OK);
    }
    const { rows } = await ctx
      .db()
      .query(
        'SELECT id, is_active, disabled_reason, failing_since IS NULL AS mended FROM webhooks WHERE id = ANY ($1::uuid[])',
        [[failing.id, mending.id]],
      );
    expect(rows).toContainEqual({ id: failing.id, is_active: false, disabled_reason: 'failing', mended: false });
    expect(rows).toContainEqual({ id: mending.id, is_active: true, disabled_reason: null, mended: true });
  });
});
