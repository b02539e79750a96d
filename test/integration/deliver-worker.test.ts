import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { DEFAULT_CAPS } from '../../src/deliver/lanes.js';
import { Recorder } from '../../src/deliver/record/recorder.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook, delivery, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';

describeOnEachDatabase('a worker', (ctx) => {
  let receiver: ReceiverServer;
  const triggerMany = (userId: string, count: number) =>
    asService(ctx.db(), (tx) =>
      tx.query(
        "SELECT trigger_webhook_event('video.generated', jsonb_build_object('n', n), $1::uuid) FROM generate_series(1, $2::int) n",
        [userId, count],
      ),
    );
  const statuses = async (webhookId: string) => {
    const { rows } = await ctx
      .db()
      .query<{ status: string; n: number }>(
        'SELECT status, count(*)::int AS n FROM webhook_deliveries WHERE webhook_id = $1::uuid GROUP BY status',
        [webhookId],
      );
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  };

  afterEach(async () => {
    vi.restoreAllMocks();
    await receiver.close();
    await ctx.db().query('DELETE FROM webhooks');
  });

  it('refuses a private address at the literal and at the look-up', async () => {
    receiver = await startReceiver();
    const worker = await startTestWorker(ctx.db(), { allowNetworks: [] });
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = receiver.url.replace('127.0.0.1', host);
      const webhook = await createWebhook(ctx.db(), url, { retry_enabled: false });
      const [id = ''] = await trigger(ctx.db(), webhook.userId);
      expect(await deliveryWith(ctx.db(), id, 'failed')).toMatchObject({ error_code: 'address_forbidden' });
    }
    await worker.stop(1_000);
    expect(receiver.requests).toHaveLength(0);
  });

  it('sends to others while an endpoint hangs, and to that one at most at its cap', async () => {
    let open = 0;
    let most = 0;
    receiver = await startReceiver((request) => {
      if (request.url !== '/slow') return {};
      open += 1;
      most = Math.max(most, open);
      // The worker's time limit is 5 s: whatever delays it, a call is open for longer than this.
      setTimeout(() => {
        open -= 1;
      }, 1_500);
      return 'hang';
    });
    const slow = await createWebhook(ctx.db(), receiver.url.replace('/hook', '/slow'), { timeout_seconds: 5 });
    const quick = await createWebhook(ctx.db(), receiver.url);
    await triggerMany(slow.userId, 400);
    await triggerMany(quick.userId, 100);
    const worker = await startTestWorker(ctx.db(), { concurrency: 32 });
    await waitUntil(async () => (await statuses(quick.id))['success'] === 100, {
      message: '100 deliveries to the quick endpoint',
      timeoutMs: 30_000,
    });
    expect((await statuses(slow.id))['pending']).toBeGreaterThan(200);
    await worker.stop(3_000);
    expect(most).toBeLessThanOrEqual(DEFAULT_CAPS.perWebhook);
  }, 60_000);

  it('forgets the leases of what it has recorded at its next heartbeats, long before they would end', async () => {
    // Until the first is answered, its lease is there to be seen.
    receiver = await startReceiver([{ delayMs: 3_000 }, {}]);
    const { userId } = await createWebhook(ctx.db(), receiver.url, { timeout_seconds: 30 });
    await triggerMany(userId, 20);
    const worker = await startTestWorker(ctx.db());
    const leases = async () =>
      (await ctx.db().query('SELECT FROM hookline.leases WHERE worker = $1::uuid', [worker.id])).rowCount;
    await waitUntil(async () => (await leases()) > 0, { message: 'a claim' });
    await waitUntil(async () => (await leases()) === 0, { message: 'no lease left', timeoutMs: 15_000 });
    await worker.stop(1_000);
    expect(receiver.requests).toHaveLength(20);
  });

  it('finishes what is in flight when it stops, and gives back the rest untouched', async () => {
    receiver = await startReceiver(() => ({ delayMs: 300 }));
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await triggerMany(webhook.userId, 60);
    const worker = await startTestWorker(ctx.db());
    await receiver.waitFor(5);
    await worker.stop(20_000);
    const sent = receiver.requests.length;
    expect(await statuses(webhook.id)).toEqual({ success: sent, pending: 60 - sent });
    const { rows } = await ctx
      .db()
      .query('SELECT count(*)::int AS n, count(lease_id)::int AS leased FROM hookline.queue');
    expect(rows).toEqual([{ n: 60 - sent, leased: 0 }]);
    expect((await ctx.db().query('SELECT 1 FROM hookline.workers')).rows).toEqual([]);
  });

  it('leaves to its last results what calls that ended early have left of the bound', async () => {
    receiver = await startReceiver();
    const drain = vi.spyOn(Recorder.prototype, 'drain');
    const worker = await startTestWorker(ctx.db());
    await worker.stop(60_000);
    await (await startTestWorker(ctx.db())).stop(1_000);
    expect(drain.mock.calls).toEqual([[expect.toSatisfy((ms: number) => ms > 30_000 && ms <= 58_000)], [2_000]]);
  });

  it('cuts off at the bound what does not end, and its delivery is due again without a burnt attempt', async () => {
    receiver = await startReceiver(['hang']);
    const webhook = await createWebhook(ctx.db(), receiver.url, { timeout_seconds: 60 });
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    const worker = await startTestWorker(ctx.db());
    await receiver.waitFor(1);
    const began = performance.now();
    await worker.stop(300);
    // The call's own time-out is a minute.
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'pending', attempt_number: 0 });

    receiver.answerWith([{}]);
    const next = await startTestWorker(ctx.db());
    await deliveryWith(ctx.db(), id, 'success');
    await next.stop(1_000);
  });

  it('gives leases back within its bound when calls outlast it', async () => {
    receiver = await startReceiver(['hang']);
    const webhook = await createWebhook(ctx.db(), receiver.url, { timeout_seconds: 60 });
    await triggerMany(webhook.userId, 5);
    const worker = await startTestWorker(ctx.db());
    await receiver.waitFor(5);
    const began = performance.now();
    // Half of it is left for giving back, on a machine that may stand still meanwhile.
    await worker.stop(8_000);
    expect(performance.now() - began).toBeLessThan(8_000);
    const { rows } = await ctx
      .db()
      .query('SELECT count(*)::int AS n, count(lease_id)::int AS leased FROM hookline.queue');
    expect(rows).toEqual([{ n: 5, leased: 0 }]);
    expect((await ctx.db().query('SELECT 1 FROM hookline.workers')).rows).toEqual([]);
  });

  it.each([
    { status: 410, headers: {} },
    { status: 429, headers: { 'retry-after': '600' } },
  ])('makes no more calls than were in flight once a $status has stopped a webhook', async (answer) => {
    receiver = await startReceiver(() => ({ ...answer, delayMs: 30 }));
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await triggerMany(webhook.userId, 300);
    const worker = await startTestWorker(ctx.db());
    await receiver.waitFor(1);
    await waitUntil(async () => (await statuses(webhook.id))['pending'] !== 300, { message: 'a recorded answer' });
    await sleep(1_000);
    await worker.stop(20_000);
    expect(receiver.requests.length).toBeLessThanOrEqual(DEFAULT_CAPS.perWebhook);
    expect((await statuses(webhook.id))['pending']).toBe(300 - receiver.requests.length);
  });

  it('takes up a failed delivery that its owner retries', async () => {
    receiver = await startReceiver([{ status: 500 }, {}]);
    const webhook = await createWebhook(ctx.db(), receiver.url, { retry_enabled: false });
    const worker = await startTestWorker(ctx.db());
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await deliveryWith(ctx.db(), id, 'failed');
    await asService(ctx.db(), (tx) => tx.query('SELECT * FROM retry_failed_delivery($1::uuid)', [id]));
    expect(await deliveryWith(ctx.db(), id, 'success')).toMatchObject({ attempt_number: 2, max_attempts: 2 });
    await worker.stop(1_000);
  });

  it('shares the work with another one, each delivery sent once', async () => {
    receiver = await startReceiver(() => ({ delayMs: 5 }));
    const webhooks = await Promise.all(Array.from({ length: 4 }, () => createWebhook(ctx.db(), receiver.url)));
    const workers = [await startTestWorker(ctx.db()), await startTestWorker(ctx.db())];
    for (const { userId } of webhooks) await triggerMany(userId, 100);
    await receiver.waitFor(400, 40_000);
    for (const worker of workers) await worker.stop(20_000);
    const ids = receiver.requests.map((request) => request.headers['x-webhook-delivery']);
    expect(ids).toHaveLength(400);
    expect(new Set(ids).size).toBe(400);
    for (const { id } of webhooks) expect(await statuses(id)).toEqual({ success: 100 });
  }, 60_000);
});
