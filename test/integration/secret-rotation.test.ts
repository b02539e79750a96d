import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import type { Worker } from '../../src/deliver/worker.js';
import { asAnon, INSUFFICIENT_PRIVILEGE, NOBODY, sqlError } from '../conformance/spec-helpers.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';

interface Webhook {
  readonly id: string;
  readonly userId: string;
}

/** What each of the keys makes of a request: the values that the headers must hold. */
const bySpec = ({ body }: ReceivedRequest, key: string, algorithm = 'sha256'): string =>
  `${algorithm}=${createHmac(algorithm, key).update(body).digest('hex')}`;
const byStandard = ({ headers, body }: ReceivedRequest, key: string): string =>
  `v1,${createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest('base64')}`;

/** Expects X-Webhook-Signature by the first of the keys, and in `webhook-signature` one of each, the last one's first. */
function expectSignedBy(request: ReceivedRequest, keys: readonly [string, ...string[]], algorithm?: string): void {
  expect(request.headers['x-webhook-signature']).toBe(bySpec(request, keys[0], algorithm));
  const standard = keys.map((key) => byStandard(request, key)).reverse();
  expect(request.headers['webhook-signature']).toBe(standard.join(' '));
}

describeOnPostgres('a rotated secret', (ctx) => {
  let receiver: ReceiverServer;
  let worker: Worker;
  beforeAll(async () => {
    receiver = await startReceiver();
    worker = await startTestWorker(ctx.db());
  });
  afterEach(async () => {
    receiver.answerWith([{}]);
    await ctx.db().query('DELETE FROM webhooks');
  });
  afterAll(async () => {
    await worker.stop(2_000);
    await receiver.close();
  });

  const rotate = async (webhook: Webhook, overlap = '24 hours', user = webhook.userId): Promise<string> => {
    const { rows } = await asUserId(ctx.db(), user, (tx) =>
      tx.query<{ secret: string }>(
        'SELECT webhook_secret AS secret FROM rotate_webhook_secret($1::uuid, $2::interval)',
        [webhook.id, overlap],
      ),
    );
    return rows[0]?.secret ?? '';
  };
  const end = async (webhook: Webhook, user = webhook.userId): Promise<number | undefined> => {
    const { rows } = await asUserId(ctx.db(), user, (tx) =>
      tx.query<{ ended: number }>('SELECT ended_count AS ended FROM end_webhook_secret_overlap($1::uuid)', [
        webhook.id,
      ]),
    );
    return rows[0]?.ended;
  };
  /** Lets the overlap of the oldest `count` keys be over since a moment ago. */
  const passOverlap = (webhook: Webhook, count = 1) =>
    ctx.db().query(
      `UPDATE webhooks w SET retired_secrets_until = ARRAY(
         SELECT CASE WHEN place <= $2::int THEN now() - interval '1 ms' ELSE until END
         FROM unnest(w.retired_secrets_until) WITH ORDINALITY u (until, place) ORDER BY place)
       WHERE id = $1::uuid`,
      [webhook.id, count],
    );
  async function deliver(webhook: Webhook): Promise<ReceivedRequest> {
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    const row = await deliveryWith(ctx.db(), id, 'success');
    const request = receiver.requests.at(-1);
    if (request?.headers['x-webhook-delivery'] !== id) throw new Error('another request came between');
    expect(row['request_signature']).toBe(request.headers['x-webhook-signature']);
    return request;
  }

  it.each(['sha256', 'sha512'])(
    'signs beside the old one during the overlap, alone before and after: %s',
    async (algorithm) => {
      const webhook = await createWebhook(ctx.db(), receiver.url, { signature_algorithm: algorithm });
      expectSignedBy(await deliver(webhook), [webhook.secret], algorithm);
      const rotated = await rotate(webhook);
      expect(rotated).toMatch(/^[0-9a-f]{64}$/);
      expect(rotated).not.toBe(webhook.secret);
      expectSignedBy(await deliver(webhook), [webhook.secret, rotated], algorithm);
      await passOverlap(webhook);
      expectSignedBy(await deliver(webhook), [rotated], algorithm);
    },
  );

  it('signs alone as soon as the owner ends the overlap', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const rotated = await rotate(webhook);
    expect(await end(webhook)).toBe(1);
    expectSignedBy(await deliver(webhook), [rotated]);
    expect(await end(webhook)).toBe(0);
  });

  it('signs alone at once with an overlap of 0, which ends earlier ones too', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await rotate(webhook);
    const rotated = await rotate(webhook, '0');
    expectSignedBy(await deliver(webhook), [rotated]);
  });

  it('and another one: each goes on until its own end, the oldest in X-Webhook-Signature', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const second = await rotate(webhook);
    const third = await rotate(webhook, '1 hour');
    expectSignedBy(await deliver(webhook), [webhook.secret, second, third]);
    await passOverlap(webhook);
    expectSignedBy(await deliver(webhook), [second, third]);
    await passOverlap(webhook, 2);
    expectSignedBy(await deliver(webhook), [third]);
  });

  it('with a shorter overlap than the one before ends first, the oldest goes on', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await rotate(webhook, '30 days');
    const third = await rotate(webhook, '1 hour');
    await ctx.db().query('UPDATE webhooks SET retired_secrets_until[2] = now() WHERE id = $1::uuid', [webhook.id]);
    expectSignedBy(await deliver(webhook), [webhook.secret, third]);
  });

  it('signs a retry of what was first sent before', async () => {
    receiver.answerWith([{ status: 500 }, {}]);
    const webhook = await createWebhook(ctx.db(), receiver.url, { retry_delay_seconds: 3600 });
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await deliveryWith(ctx.db(), id, 'retrying');
    const rotated = await rotate(webhook, '0');
    await ctx.db().query('UPDATE hookline.queue SET due_at = now() WHERE delivery_id = $1::uuid', [id]);
    await deliveryWith(ctx.db(), id, 'success');
    const [first, second] = receiver.requests.slice(-2);
    if (first === undefined || second === undefined) throw new Error('two requests were to come');
    expectSignedBy(first, [webhook.secret]);
    expectSignedBy(second, [rotated]);
  });

  it('is given to an outside worker when X-Webhook-Signature needs it', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const asked = async (): Promise<unknown> => {
      await ctx.db().query(
        `INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, status, attempt_number, next_retry_at)
         VALUES ($1::uuid, 'video.generated', '{}', 'retrying', 1, now() - interval '1 hour')`,
        [webhook.id],
      );
      const { rows } = await asService(ctx.db(), (tx) =>
        tx.query('SELECT webhook_secret FROM get_pending_webhook_retries(10)'),
      );
      return rows;
    };
    // Our own worker must not be quicker.
    await worker.stop(2_000);
    try {
      expect(await asked()).toEqual([{ webhook_secret: webhook.secret }]);
      const rotated = await rotate(webhook);
      expect(await asked()).toEqual([{ webhook_secret: webhook.secret }]);
      await passOverlap(webhook);
      expect(await asked()).toEqual([{ webhook_secret: rotated }]);
    } finally {
      worker = await startTestWorker(ctx.db());
    }
  });

  it('is not for strangers, who are not told whether the webhook exists', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const stranger = await createUser(ctx.db());
    for (const ask of [rotate, end]) {
      const asks = (id: string) =>
        ask === rotate ? rotate({ ...webhook, id }, '0', stranger) : end({ ...webhook, id }, stranger);
      const refused = await sqlError(asks(webhook.id));
      expect(refused).toMatchObject({ code: 'HK002' });
      expect(await sqlError(asks(NOBODY))).toEqual(refused);
    }
    for (const sql of ['SELECT rotate_webhook_secret($1::uuid)', 'SELECT end_webhook_secret_overlap($1::uuid)']) {
      expect(await sqlError(asAnon(ctx.db(), (tx) => tx.query(sql, [webhook.id])))).toMatchObject({
        code: INSUFFICIENT_PRIVILEGE,
      });
    }
    expectSignedBy(await deliver(webhook), [webhook.secret]);
  });

  it.each(['-1 second', '30 days 1 second'])('takes no overlap of %s', async (overlap) => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    expect(await sqlError(rotate(webhook, overlap))).toMatchObject({ code: 'HK008', hint: expect.any(String) });
    expectSignedBy(await deliver(webhook), [webhook.secret]);
  });
});
