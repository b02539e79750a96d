import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { deliveryWith, startTestWorker } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';

describeOnPostgres('what is done with a webhook', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let receiver: ReceiverServer;
  let worker: Awaited<ReturnType<typeof startTestWorker>>;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    owner = await api.user();
    receiver = await startReceiver();
    worker = await startTestWorker(ctx.db());
  });
  afterAll(async () => {
    await api.app.close();
    await worker.stop(5_000);
    await receiver.close();
  });

  const create = async (more: object = {}): Promise<{ id: string; secret: string; at: string }> => {
    const body = { name: 'tested', url: receiver.url, ...more };
    const made = await api.call<{ id: string; secret: string }>('POST', '/v1/webhooks', { bearer: owner.bearer, body });
    return { ...made.body, at: `/v1/webhooks/${made.body.id}` };
  };
  const call = async (method: string, path: string, body?: object) => {
    const answer = await api.call(method, path, { bearer: owner.bearer, ...(body !== undefined && { body }) });
    return { status: answer.status, ...answer.body };
  };
  const receivedBy = (deliveryId: unknown) =>
    receiver.requests.filter(({ headers }) => headers['x-webhook-delivery'] === deliveryId);

  it('a test event is a delivery to it alone, marked as one', async () => {
    const { at, id } = await create();
    await create({ event_types: ['video.generated'] });
    const before = (await ctx.db().query('SELECT FROM webhook_deliveries')).rowCount;
    const sent = await call('POST', `${at}/test`, { event_type: 'video.generated', payload: { a: 1.5, n: 2 } });
    expect(sent).toMatchObject({ status: 202, event_type: 'video.generated' });
    const row = await deliveryWith(ctx.db(), String(Reflect.get(sent, 'delivery_id')), 'success');
    expect(row).toMatchObject({ webhook_id: id, user_id: owner.id, metadata: { test: true }, max_attempts: 4 });
    expect((await ctx.db().query('SELECT FROM webhook_deliveries')).rowCount).toBe(before + 1);
    const [got] = receivedBy(row.id);
    expect(got?.headers['x-webhook-event']).toBe('video.generated');
    expect(got?.body.toString()).toBe('{"a":1.5,"n":2}');
  });

  it('a test event says by itself that it is one', async () => {
    const { at, id } = await create({ retry_enabled: false });
    const sent = await call('POST', `${at}/test`, {});
    expect(sent).toMatchObject({ status: 202, event_type: 'webhook.test' });
    const row = await deliveryWith(ctx.db(), String(Reflect.get(sent, 'delivery_id')), 'success');
    expect(row.max_attempts).toBe(1);
    const body = receivedBy(row.id)[0]?.body.toString() ?? '';
    expect(JSON.parse(body)).toEqual({ test: true, webhook_id: id, event_type: 'webhook.test' });
  });

  it.each([
    ['without a body', undefined],
    ['with the content type of one alone', 'application/json'],
  ])('needs no body: %s', async (_, type) => {
    const { at, id } = await create();
    const headers = type === undefined ? {} : { 'content-type': type };
    const post = (path: string) => api.call('POST', `${at}${path}`, { bearer: owner.bearer, headers });
    expect((await post('/verify')).status).toBe(202);
    expect(await post('/test')).toMatchObject({ status: 202, body: { event_type: 'webhook.test' } });
    const rotated = await post('/secret/rotate');
    expect(rotated.status).toBe(200);
    const overlap = Date.parse(String(rotated.body['overlap_ends_at'])) - Date.now();
    expect(Math.abs(overlap - 86_400_000)).toBeLessThan(60_000);
    expect(await post('/secret/end-overlap')).toMatchObject({ status: 200, body: { ended_count: 1 } });
    const subscribed = await api.call('PUT', `${at}/subscriptions/video.generated`, { bearer: owner.bearer, headers });
    expect(subscribed).toMatchObject({ status: 201, body: { webhook_id: id, is_active: true, filters: null } });
    const changed = await api.call('PATCH', at, { bearer: owner.bearer, headers });
    expect(changed.status).toBe(400);
  });

  it('a test event is refused where it would go nowhere', async () => {
    const inactive = await create({ is_active: false });
    expect(await call('POST', `${inactive.at}/test`, {})).toMatchObject({ status: 409, code: 'webhook_inactive' });
    const { at } = await create();
    expect(await call('POST', `${at}/test`, { event_type: 'no.such' })).toMatchObject({
      status: 422,
      code: 'unknown_event_type',
    });
    expect(await call('POST', `${at}/test`, { payload: { a: 'x'.repeat(262_144) } })).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
    expect(await call('POST', `${at}/test`, { payload: [1] })).toMatchObject({ status: 400, code: 'invalid_request' });
    await ctx.db().query("UPDATE hookline.settings SET verification = 'required'");
    try {
      expect(await call('POST', `${at}/test`, {})).toMatchObject({ status: 409, code: 'webhook_unverified' });
    } finally {
      await ctx.db().query("UPDATE hookline.settings SET verification = 'on_request'");
    }
    // None of these used up its second.
    expect(await call('POST', `${at}/test`, {})).toMatchObject({ status: 202 });
    expect(await call('POST', `/v1/webhooks/${randomUUID()}/test`, {})).toMatchObject({ status: 404 });
  });

  it('test events come once a second at most, and again after it', async () => {
    const { at, id } = await create();
    const lastAt = (when: string) =>
      ctx.db().query(`UPDATE hookline.endpoints SET tested_at = ${when} WHERE webhook_id = $1::uuid`, [id]);
    expect(await call('POST', `${at}/test`, {})).toMatchObject({ status: 202 });
    // However slow this machine is, the second is not over.
    await lastAt("now() + interval '1 minute'");
    expect(await call('POST', `${at}/test`, {})).toMatchObject({ status: 429, code: 'test_too_soon' });
    await lastAt("now() - interval '1 second'");
    expect(await call('POST', `${at}/test`, {})).toMatchObject({ status: 202 });
  });

  it('its secret is told to its owner, and rotates with an overlap that can be ended', async () => {
    const { at, secret } = await create();
    expect(await call('GET', `${at}/secret`)).toEqual({ status: 200, secret });
    const rotated = await call('POST', `${at}/secret/rotate`, { overlap_seconds: 3600 });
    expect(rotated).toMatchObject({ status: 200, secret: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await call('GET', `${at}/secret`)).toEqual({ status: 200, secret: Reflect.get(rotated, 'secret') });
    expect(await call('GET', at)).toMatchObject({ secret_overlap_ends_at: Reflect.get(rotated, 'overlap_ends_at') });
    const remaining = Date.parse(String(Reflect.get(rotated, 'overlap_ends_at'))) - Date.now();
    expect(Math.abs(remaining - 3_600_000)).toBeLessThan(60_000);
    expect(await call('POST', `${at}/secret/end-overlap`)).toEqual({ status: 200, ended_count: 1 });
    expect(await call('GET', at)).toMatchObject({ secret_overlap_ends_at: null });
    expect(await call('POST', `${at}/secret/end-overlap`)).toEqual({ status: 200, ended_count: 0 });
  });

  it('its secret rotates a few times at once, and not beyond', async () => {
    const { at } = await create();
    for (let n = 0; n < 4; n += 1) expect(await call('POST', `${at}/secret/rotate`, {})).toMatchObject({ status: 200 });
    expect(await call('POST', `${at}/secret/rotate`, {})).toMatchObject({ status: 409, code: 'too_many_secrets' });
    expect(await call('POST', `${at}/secret/rotate`, { overlap_seconds: 0 })).toMatchObject({ status: 200 });
    for (const overlap_seconds of [-1, 2_592_001, '1', 0.5]) {
      expect(await call('POST', `${at}/secret/rotate`, { overlap_seconds })).toMatchObject({ status: 400 });
    }
  });

  it('its URL is verified when asked for, with a token that it is not told', async () => {
    const { at, id } = await create();
    const asked = await call('POST', `${at}/verify`);
    expect(asked).toMatchObject({ status: 202, webhook_id: id });
    const read = await call('GET', at);
    expect(read).toMatchObject({ is_verified: false, verification_requested_at: Reflect.get(asked, 'requested_at') });
    expect(JSON.stringify([asked, read])).not.toContain('verification_token');
    expect(await call('POST', `/v1/webhooks/${randomUUID()}/verify`)).toMatchObject({ status: 404 });
  });
});
