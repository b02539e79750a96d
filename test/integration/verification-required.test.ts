import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import type { Worker } from '../../src/deliver/worker.js';
import { failWaiting } from '../../src/maintain/expire.js';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook, delivery, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import {
  requestVerification,
  setVerification,
  useVerification,
  verificationEnded,
  willing,
} from './verification-helpers.js';

describeOnPostgres('where verification is required', (ctx) => {
  const { receiver } = useVerification(ctx);
  let unwilling: ReceiverServer;
  let worker: Worker | undefined;
  beforeAll(async () => {
    unwilling = await startReceiver([{ status: 404 }]);
  });
  afterEach(async () => {
    await worker?.stop(2_000);
    worker = undefined;
    unwilling.answerWith([{ status: 404 }]);
  });
  afterAll(async () => {
    await unwilling.close();
  });

  const changeUrl = (id: string, url: string) =>
    ctx.db().query('UPDATE webhooks SET url = $2 WHERE id = $1::uuid', [id, url]);
  const idsAt = ({ requests }: ReceiverServer): unknown[] =>
    requests.map(({ headers }) => headers['x-webhook-delivery']).filter((id) => id !== undefined);

  it('an event goes to verified webhooks alone', async () => {
    await setVerification(ctx.db(), 'required');
    const verified = await createWebhook(ctx.db(), receiver().url);
    const refused = await createWebhook(ctx.db(), unwilling.url, {}, verified.userId);
    for (const { id } of [verified, refused]) await verificationEnded(ctx.db(), id);
    worker = await startTestWorker(ctx.db());
    const ids = await trigger(ctx.db(), verified.userId);
    expect(ids).toHaveLength(1);
    expect(await deliveryWith(ctx.db(), ids[0] ?? '', 'success')).toMatchObject({ webhook_id: verified.id });
    expect(idsAt(unwilling)).toEqual([]);
  });

  it('what was queued before the URL changed waits, and goes when the new URL is verified', async () => {
    await setVerification(ctx.db(), 'required');
    const webhook = await createWebhook(ctx.db(), receiver().url);
    await verificationEnded(ctx.db(), webhook.id);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await changeUrl(webhook.id, unwilling.url);
    worker = await startTestWorker(ctx.db());
    expect(await verificationEnded(ctx.db(), webhook.id)).toMatchObject({
      is_verified: false,
      verification_error_code: 'verification_http_error',
    });
    await sleep(500);
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'pending', attempt_number: 0 });
    expect([...idsAt(receiver()), ...idsAt(unwilling)]).not.toContain(id);

    unwilling.answerWith((request) => (request.headers['x-webhook-delivery'] === undefined ? willing(request) : {}));
    await requestVerification(ctx.db(), webhook);
    await deliveryWith(ctx.db(), id, 'success');
    expect(idsAt(unwilling)).toEqual([id]);
    expect(idsAt(receiver())).not.toContain(id);
  });

  it('a retry of an unverified webhook is not given to an outside worker either', async () => {
    const webhook = await createWebhook(ctx.db(), unwilling.url);
    await ctx.db().query(
      `INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, status, attempt_number, next_retry_at)
       VALUES ($1::uuid, 'video.generated', '{}', 'retrying', 1, now())`,
      [webhook.id],
    );
    const given = async (): Promise<number> => {
      const { rows } = await asService(ctx.db(), (tx) => tx.query('SELECT * FROM get_pending_webhook_retries()'));
      return rows.length;
    };
    await setVerification(ctx.db(), 'required');
    expect(await given()).toBe(0);
    await ctx.db().query('UPDATE webhooks SET is_verified = true WHERE id = $1::uuid', [webhook.id]);
    expect(await given()).toBe(1);
  });

  it('an old backlog waits from when the webhook became unverified, and fails when that was too long', async () => {
    await setVerification(ctx.db(), 'required');
    const webhook = await createWebhook(ctx.db(), receiver().url);
    await verificationEnded(ctx.db(), webhook.id);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await ctx
      .db()
      .query("UPDATE webhook_deliveries SET created_at = now() - interval '30 hours' WHERE id = $1::uuid", [id]);
    await ctx
      .db()
      .query("UPDATE webhooks SET created_at = now() - interval '9 days' WHERE id = $1::uuid", [webhook.id]);
    await changeUrl(webhook.id, unwilling.url);
    await verificationEnded(ctx.db(), webhook.id);
    expect(await failWaiting(ctx.db(), 10)).toBe(0);

    await ctx
      .db()
      .query("UPDATE webhooks SET unverified_since = now() - interval '25 hours' WHERE id = $1::uuid", [webhook.id]);
    expect(await failWaiting(ctx.db(), 10)).toBe(1);
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'failed', error_code: 'webhook_unverified' });
  });

  it('what comes while a changed URL is verified again waits for it; a webhook that never was verified is passed over', async () => {
    await setVerification(ctx.db(), 'required');
    const webhook = await createWebhook(ctx.db(), receiver().url);
    await verificationEnded(ctx.db(), webhook.id);
    const never = await createWebhook(ctx.db(), unwilling.url, {}, webhook.userId);
    await verificationEnded(ctx.db(), never.id);
    await changeUrl(webhook.id, `${receiver().url}/moved`);
    const ids = await trigger(ctx.db(), webhook.userId);
    expect(ids).toHaveLength(1);
    worker = await startTestWorker(ctx.db());
    expect(await deliveryWith(ctx.db(), ids[0] ?? '', 'success')).toMatchObject({
      request_url: `${receiver().url}/moved`,
    });

    await ctx
      .db()
      .query(
        "UPDATE webhooks SET is_verified = false, unverified_since = now() - interval '25 hours' WHERE id = $1::uuid",
        [webhook.id],
      );
    expect(await trigger(ctx.db(), webhook.userId)).toEqual([]);
  });

  it('what waits is due at once when the setting is relaxed', async () => {
    await setVerification(ctx.db(), 'required');
    const webhook = await createWebhook(ctx.db(), receiver().url);
    await verificationEnded(ctx.db(), webhook.id);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await changeUrl(webhook.id, unwilling.url);
    await verificationEnded(ctx.db(), webhook.id);
    worker = await startTestWorker(ctx.db());
    // It has looked, and found nothing that may be sent.
    const isIdle = () => ctx.db().query('SELECT FROM hookline.workers WHERE is_idle');
    await waitUntil(async () => (await isIdle()).rowCount === 1, { message: 'the worker to be idle' });
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'pending', attempt_number: 0 });
    await setVerification(ctx.db(), 'on_create');
    expect(await deliveryWith(ctx.db(), id, 'retrying')).toMatchObject({ response_status: 404 });
  });

  it.each(['on_request', 'on_create'] as const)(
    'is not so under %s: events go to unverified webhooks',
    async (setting) => {
      await setVerification(ctx.db(), setting);
      worker = await startTestWorker(ctx.db());
      const webhook = await createWebhook(ctx.db(), unwilling.url);
      const [id = ''] = await trigger(ctx.db(), webhook.userId);
      await deliveryWith(ctx.db(), id, 'retrying');
    },
  );
});
