import { createHmac, timingSafeEqual } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Worker } from '../../src/deliver/worker.js';
import { describeOnPostgres } from '../harness/databases.js';
import { attempts, createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';

/** The subscriber's check, as the specification prints it (On the wire). */
function verify(payload: unknown, signature: string, secret: string, algorithm: string): boolean {
  const expected = `${algorithm}=${createHmac(algorithm, secret).update(JSON.stringify(payload)).digest('hex')}`;
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

const ALWAYS_FILLED = [
  'id',
  'webhook_id',
  'event_type',
  'request_url',
  'request_method',
  'request_headers',
  'request_payload',
  'request_signature',
  'response_status',
  'response_headers',
  'response_body',
  'response_time_ms',
  'status',
  'attempt_number',
  'max_attempts',
  'created_at',
  'metadata',
  'user_id',
  'event_id',
  'attempted_at',
];

describeOnPostgres('deliveries', (ctx) => {
  let worker: Worker;
  let receiver: ReceiverServer;
  beforeAll(async () => {
    worker = await startTestWorker(ctx.db());
  });
  afterEach(async () => {
    await receiver.close();
  });
  afterAll(async () => {
    await worker.stop(5_000);
  });

  it('fills every column of a success', async () => {
    receiver = await startReceiver([{ status: 201, headers: { 'x-seen': 'yes' }, body: 'thanks' }]);
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const [id = ''] = await trigger(ctx.db(), webhook.userId, { video_id: 'v1', status: 'completed' });
    const row = await deliveryWith(ctx.db(), id, 'success');
    for (const column of [...ALWAYS_FILLED, 'delivered_at']) expect.soft(row[column], column).not.toBeNull();
    for (const column of ['next_retry_at', 'error_message', 'error_code', 'failed_at']) {
      expect.soft(row[column], column).toBeNull();
    }
    expect(row).toMatchObject({
      webhook_id: webhook.id,
      event_type: 'video.generated',
      request_url: receiver.url,
      request_method: 'POST',
      request_payload: { video_id: 'v1', status: 'completed' },
      response_status: 201,
      response_body: 'thanks',
      attempt_number: 1,
      max_attempts: 4,
    });
    expect(row['response_headers']).toMatchObject({ 'x-seen': 'yes' });
    const [request] = await receiver.waitFor(1);
    expect(request?.method).toBe('POST');
    expect(row['request_signature']).toBe(request?.headers['x-webhook-signature']);
    expect(row['request_headers']).toMatchObject({ 'X-Webhook-Event': 'video.generated', 'X-Webhook-ID': webhook.id });
    expect(request?.headers).toMatchObject({
      'x-webhook-event': 'video.generated',
      'x-webhook-id': webhook.id,
      'x-webhook-delivery': id,
      'x-webhook-attempt': '1',
      'content-type': 'application/json',
    });
    expect(await attempts(ctx.db(), id)).toEqual([]);
  });

  it('retries with a growing delay, keeps the attempts before, and succeeds', async () => {
    receiver = await startReceiver([
      { status: 500, body: 'one' },
      // Until then the first is looked at.
      { status: 502, body: 'two', delayMs: 2_000 },
      { body: 'three' },
    ]);
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    const waiting = await deliveryWith(ctx.db(), id, 'retrying');
    for (const column of [...ALWAYS_FILLED, 'next_retry_at', 'error_message', 'error_code']) {
      expect.soft(waiting[column], column).not.toBeNull();
    }
    for (const column of ['delivered_at', 'failed_at']) expect.soft(waiting[column], column).toBeNull();
    expect(waiting).toMatchObject({ attempt_number: 1, response_status: 500, error_code: 'http_server_error' });

    const row = await deliveryWith(ctx.db(), id, 'success');
    expect(row).toMatchObject({ attempt_number: 3, response_body: 'three', error_code: null, next_retry_at: null });
    expect(await attempts(ctx.db(), id)).toMatchObject([
      {
        attempt_number: 1,
        response_status: 500,
        response_body: 'one',
        error_code: 'http_server_error',
        is_late: false,
      },
      {
        attempt_number: 2,
        response_status: 502,
        response_body: 'two',
        error_code: 'http_server_error',
        is_late: false,
      },
    ]);
    const [first, second, third] = receiver.requests;
    expect(receiver.requests.map((request) => request.headers['x-webhook-attempt'])).toEqual(['1', '2', '3']);
    expect(new Set(receiver.requests.map((request) => request.headers['webhook-id']))).toEqual(new Set([id]));
    const gaps = [(second?.at ?? 0) - (first?.at ?? 0), (third?.at ?? 0) - (second?.at ?? 0)];
    // 1 s and 2 s, ±20 %: never earlier than that.
    expect(gaps[0]).toBeGreaterThanOrEqual(800);
    expect(gaps[1]).toBeGreaterThanOrEqual(1_600);
  });

  it('fails when all attempts are used', async () => {
    receiver = await startReceiver([{ status: 404, body: 'nobody here' }]);
    const webhook = await createWebhook(ctx.db(), receiver.url, { max_retries: 1 });
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    const row = await deliveryWith(ctx.db(), id, 'failed');
    for (const column of [...ALWAYS_FILLED, 'failed_at', 'error_message', 'error_code']) {
      expect.soft(row[column], column).not.toBeNull();
    }
    for (const column of ['next_retry_at', 'delivered_at']) expect.soft(row[column], column).toBeNull();
    expect(row).toMatchObject({ attempt_number: 2, max_attempts: 2, error_code: 'http_client_error' });
  });

  it('makes a single attempt when retries are off', async () => {
    receiver = await startReceiver([{ status: 500 }]);
    const webhook = await createWebhook(ctx.db(), receiver.url, { retry_enabled: false });
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    expect(await deliveryWith(ctx.db(), id, 'failed')).toMatchObject({ attempt_number: 1, max_attempts: 1 });
  });

  it.each(['sha256', 'sha512'] as const)('signs with %s what the specification verifies', async (algorithm) => {
    receiver = await startReceiver();
    const webhook = await createWebhook(ctx.db(), receiver.url, { signature_algorithm: algorithm });
    const payload =
      '{"10":1,"b":"ü 漢 \\" \\\\ \\u2028","9":[1.50, 10.00, -0.5, 1e3],"nested":{"empty":{},"list":[]},"n":null}';
    const [id = ''] = await trigger(ctx.db(), webhook.userId, payload);
    const [request] = await receiver.waitFor(1);
    const parsed = JSON.parse(request?.body.toString('utf8') ?? '') as unknown;
    expect(parsed).toEqual(JSON.parse(payload));
    const signature = String(request?.headers['x-webhook-signature']);
    expect(signature.startsWith(`${algorithm}=`)).toBe(true);
    expect(verify(parsed, signature, webhook.secret, algorithm)).toBe(true);
    expect(verify(parsed, signature, `${webhook.secret}x`, algorithm)).toBe(false);

    const timestamp = String(request?.headers['webhook-timestamp']);
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(30);
    const standard = createHmac('sha256', webhook.secret).update(
      `${id}.${timestamp}.${request?.body.toString('utf8')}`,
    );
    expect(request?.headers['webhook-signature']).toBe(`v1,${standard.digest('base64')}`);
    await deliveryWith(ctx.db(), id, 'success');
  });

  it('ends a call at the time-out, whether nothing comes or too little', async () => {
    receiver = await startReceiver((request) => (request.url === '/hang' ? 'hang' : { body: 'begun', neverEnd: true }));
    for (const path of ['/hang', '/hook']) {
      const url = receiver.url.replace('/hook', path);
      const webhook = await createWebhook(ctx.db(), url, { timeout_seconds: 1, retry_enabled: false });
      const [id = ''] = await trigger(ctx.db(), webhook.userId);
      const row = await deliveryWith(ctx.db(), id, 'failed');
      expect(row).toMatchObject({ error_code: 'timeout', response_status: null });
      expect(row['response_time_ms']).toBeGreaterThanOrEqual(990);
      expect(row['response_time_ms']).toBeLessThan(5_000);
    }
  });

  it('records a broken connection and a refused one', async () => {
    receiver = await startReceiver(['destroy']);
    const broken = await createWebhook(ctx.db(), receiver.url, { retry_enabled: false });
    const [first = ''] = await trigger(ctx.db(), broken.userId);
    expect(await deliveryWith(ctx.db(), first, 'failed')).toMatchObject({ error_code: 'connection_reset' });
    await receiver.close();
    const refused = await createWebhook(ctx.db(), receiver.url, { retry_enabled: false });
    const [second = ''] = await trigger(ctx.db(), refused.userId);
    expect(await deliveryWith(ctx.db(), second, 'failed')).toMatchObject({ error_code: 'connection_refused' });
  });

  it('does not follow a redirect', async () => {
    receiver = await startReceiver([{ status: 302, headers: { location: '/elsewhere' } }]);
    const webhook = await createWebhook(ctx.db(), receiver.url, { retry_enabled: false });
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    expect(await deliveryWith(ctx.db(), id, 'failed')).toMatchObject({
      error_code: 'http_redirect',
      response_status: 302,
    });
    expect(receiver.requests).toHaveLength(1);
  });

  it('keeps 64 KiB of a body, and what PostgreSQL can hold', async () => {
    receiver = await startReceiver([
      { body: `a\0b${'x'.repeat(300_000)}` },
      { body: new Uint8Array([0xff, 0xfe, 0x41]) },
    ]);
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const [first = ''] = await trigger(ctx.db(), webhook.userId);
    const long = await deliveryWith(ctx.db(), first, 'success');
    expect(Buffer.byteLength(long.response_body ?? '')).toBeLessThanOrEqual(64 * 1024 + 2);
    expect(long.response_body).toMatch(/^a\uFFFDbx+$/);
    const [second = ''] = await trigger(ctx.db(), webhook.userId);
    expect((await deliveryWith(ctx.db(), second, 'success')).response_body).toBe('\uFFFD\uFFFDA');
  });

  it('waits as long as Retry-After says and pauses the whole webhook on 429 and 503', async () => {
    receiver = await startReceiver([{ status: 503, headers: { 'retry-after': '3' } }, {}]);
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const [first = ''] = await trigger(ctx.db(), webhook.userId);
    await deliveryWith(ctx.db(), first, 'retrying');
    const [second = ''] = await trigger(ctx.db(), webhook.userId);
    await deliveryWith(ctx.db(), first, 'success');
    await deliveryWith(ctx.db(), second, 'success');
    const [refused, ...later] = receiver.requests;
    for (const request of later) expect(request.at - (refused?.at ?? 0)).toBeGreaterThanOrEqual(2_900);
  });

  it('deactivates a webhook on 410 and tells the owner over another one', async () => {
    receiver = await startReceiver((request) => (request.url === '/gone' ? { status: 410 } : {}));
    const gone = await createWebhook(ctx.db(), receiver.url.replace('/hook', '/gone'));
    const other = await createWebhook(ctx.db(), receiver.url, {}, gone.userId);
    await ctx
      .db()
      .query("UPDATE webhook_event_subscriptions SET event_type = 'webhook.disabled' WHERE webhook_id = $1::uuid", [
        other.id,
      ]);
    const [id = ''] = await trigger(ctx.db(), gone.userId);
    expect(await deliveryWith(ctx.db(), id, 'failed')).toMatchObject({ error_code: 'http_gone', attempt_number: 1 });
    await receiver.waitFor(2);
    const told = receiver.requests.find((request) => request.headers['x-webhook-event'] === 'webhook.disabled');
    expect(JSON.parse(told?.body.toString() ?? '{}')).toMatchObject({ webhook_id: gone.id, reason: 'gone' });
    const { rows } = await ctx
      .db()
      .query('SELECT is_active, disabled_reason FROM webhooks WHERE id = $1::uuid', [gone.id]);
    expect(rows).toEqual([{ is_active: false, disabled_reason: 'gone' }]);
  });
});
