import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { type ContractedApi, serveContract } from './api-callers.js';
import { callRpc, SERVICE_KEY } from './api-client.js';
import { sign, userClaims } from './api-tokens.js';

describeOnPostgres('a full backlog over HTTP', (ctx) => {
  let api: ContractedApi;
  let full: { id: string; userId: string };
  let other: { id: string; userId: string };
  const post = (body: object, headers = {}) =>
    api.service<Record<string, unknown>>('POST', '/v1/events', { body, headers });
  const event = (user_id: string) => ({ type: 'video.generated', payload: { video_id: 'v' }, user_id });
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    await ctx.db().query('UPDATE hookline.settings SET max_pending_per_user = 2');
    full = await createWebhook(ctx.db(), 'https://example.com/full');
    other = await createWebhook(ctx.db(), 'https://example.com/other');
    expect((await post(event(full.userId), { 'idempotency-key': 'first' })).status).toBe(202);
    expect((await post(event(full.userId))).status).toBe(202);
  });
  afterAll(() => api.app.close());

  it('is 429, and says when and what to do; another user goes on', async () => {
    const { status, headers, body } = await post(event(full.userId));
    expect([status, headers.get('retry-after')]).toEqual([429, '10']);
    expect(body).toMatchObject({
      code: 'backlog_full',
      hint: expect.stringContaining('GET /v1/queue'),
      detail: expect.stringContaining('2'),
    });
    expect(JSON.stringify(body)).not.toMatch(/hookline\.|get_webhook_queue/);
    expect((await post(event(other.userId))).status).toBe(202);
    // A repeat of what was taken is no new event.
    expect((await post(event(full.userId), { 'idempotency-key': 'first' })).status).toBe(200);
  });

  it('is told for each event of a batch, and of an event for everyone', async () => {
    const { status, body } = await post({
      events: [event(full.userId), { ...event(full.userId), user_id: other.userId }],
    });
    expect(status).toBe(202);
    expect(body['results']).toEqual([
      { error: expect.objectContaining({ code: 'backlog_full', status: 429 }) },
      expect.objectContaining({ duplicate: false }),
    ]);
    await ctx.db().query('INSERT INTO hookline.user_limits VALUES ($1::uuid, 9)', [other.userId]);
    const { body: told } = await post({ type: 'video.generated', payload: {}, broadcast: true });
    expect(told).toMatchObject({ skipped: 1, deliveries: [{ webhook_id: other.id }] });
  });

  it('is 429 for a test event, and 400 where PostgREST would answer so', async () => {
    const bearer = await sign(userClaims(full.userId));
    const test = await api.call('POST', `/v1/webhooks/${full.id}/test`, { bearer, body: {} });
    expect([test.status, test.headers.get('retry-after')]).toEqual([429, '10']);
    const rpc = await callRpc(
      api.url,
      'trigger_webhook_event',
      { p_event_type: 'video.generated', p_payload: {}, p_user_id: full.userId },
      { bearer: SERVICE_KEY },
    );
    expect([rpc.status, rpc.json]).toEqual([400, expect.objectContaining({ code: 'HK041', details: 'backlog_full' })]);
  });

  it('ends with the first delivery that ends', async () => {
    await ctx
      .db()
      .query(
        "UPDATE webhook_deliveries SET status = 'failed' WHERE id = (SELECT delivery_id FROM hookline.queue WHERE user_id = $1::uuid LIMIT 1)",
        [full.userId],
      );
    expect((await post(event(full.userId))).status).toBe(202);
    expect((await post(event(full.userId))).status).toBe(429);
  });
});
