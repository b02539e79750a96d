import { randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { WebSocket } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DatabaseContext, describeOnPostgres } from '../harness/databases.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';

const URL_OF_WEBHOOK = 'https://example.com/hook';
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/);

// Node 20 has none, and the client asks for one although rpc makes no use of it.
if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket });

describeOnPostgres('the unmodified supabase-js client', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let user: SupabaseClient;
  let stranger: SupabaseClient;
  let service: SupabaseClient;
  let serviceByToken: SupabaseClient;
  let anon: SupabaseClient;
  const userId = randomUUID();
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    const anonKey = await sign({ role: 'anon', iss: 'supabase', exp: inSeconds(3600) });
    const as = (token: string) => createClient(served.url, anonKey, { accessToken: async () => token });
    user = as(await sign(userClaims(userId)));
    stranger = as(await sign(userClaims('a-stranger')));
    const plain = { auth: { persistSession: false, autoRefreshToken: false } };
    service = createClient(served.url, SERVICE_KEY, plain);
    const serviceToken = await sign({ role: 'service_role', iss: 'supabase', exp: inSeconds(3600) });
    serviceByToken = createClient(served.url, serviceToken, plain);
    anon = createClient(served.url, anonKey, plain);
  });
  afterAll(() => served.app.close());

  async function newWebhook(): Promise<{ webhook_id: string; webhook_secret: string; subscribed_events: string[] }> {
    const p_event_types = ['video.generated', 'video.failed'];
    const args = {
      p_name: 'Production',
      p_url: URL_OF_WEBHOOK,
      p_event_types,
      p_max_retries: 5,
      p_timeout_seconds: 60,
    };
    const { data, error, status } = await user.rpc('create_webhook', args).single();
    expect([error, status]).toEqual([null, 200]);
    return data as { webhook_id: string; webhook_secret: string; subscribed_events: string[] };
  }

  it('creates a webhook', async () => {
    const created = await newWebhook();
    expect(created).toEqual({
      webhook_id: UUID,
      webhook_secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      subscribed_events: ['video.failed', 'video.generated'],
    });
  });

  it('subscribes and unsubscribes', async () => {
    const { webhook_id: p_webhook_id } = await newWebhook();
    const more = await user.rpc('subscribe_webhook_events', { p_webhook_id, p_event_types: ['credit.added'] });
    expect(more).toMatchObject({ error: null, data: [{ subscribed_count: 1, subscribed_events: ['credit.added'] }] });
    const fewer = await user.rpc('unsubscribe_webhook_events', {
      p_webhook_id,
      p_event_types: ['credit.added', 'video.failed'],
    });
    expect(fewer).toMatchObject({ error: null, data: [{ unsubscribed_count: 2 }] });
  });

  it.each([
    ['by its key', () => service],
    ['by its token', () => serviceByToken],
  ])('triggers, takes retries and reports as the service %s', async (_how, client) => {
    const { webhook_id, webhook_secret } = await newWebhook();
    const p_payload = { video_id: 'v1', nested: { list: [1, 2.5, null] } };
    const triggered = await client()
      .rpc('trigger_webhook_event', { p_event_type: 'video.generated', p_payload, p_user_id: userId })
      .select('delivery_id, webhook_id, webhook_url');
    expect(triggered.error).toBeNull();
    const rows = triggered.data as { delivery_id: string; webhook_id: string; webhook_url: string }[];
    const made = rows.find((row) => row.webhook_id === webhook_id);
    expect(made).toEqual({ delivery_id: UUID, webhook_id, webhook_url: URL_OF_WEBHOOK });
    const delivery_id = made?.delivery_id ?? '';

    await failOnce(ctx, delivery_id);
    const retry = await user.rpc('retry_failed_delivery', { p_delivery_id: delivery_id }).single();
    expect(retry).toMatchObject({ error: null, data: { success: true, message: expect.any(String) } });
    const pending = await client().rpc('get_pending_webhook_retries', { p_limit: 50 });
    expect(pending).toMatchObject({ error: null, status: 200 });
    expect(pending.data).toContainEqual({
      ...{ delivery_id, webhook_id, webhook_url: URL_OF_WEBHOOK, webhook_secret, event_type: 'video.generated' },
      ...{ request_payload: p_payload, attempt_number: 1, max_attempts: 2 },
    });
    const report = {
      p_delivery_id: delivery_id,
      p_response_status: 200,
      p_response_headers: { server: 'x' },
      p_response_time_ms: 12,
    };
    const completed = await client().rpc('complete_webhook_delivery', report).single();
    expect(completed).toMatchObject({ error: null, data: { recorded: true, status: 'success', attempt_number: 2 } });

    const args = { p_webhook_id: webhook_id, p_days: 7 };
    const expected = {
      total_deliveries: 1,
      successful_deliveries: 1,
      failed_deliveries: 0,
      success_rate: 100,
      avg_response_time_ms: 12,
    };
    for (const options of [{}, { get: true }]) {
      const statistics = await user.rpc('get_webhook_statistics', args, options).single();
      expect(statistics).toMatchObject({
        error: null,
        data: { ...expected, deliveries_by_event_type: { 'video.generated': 1 } },
      });
    }
    const head = await user.rpc('get_webhook_statistics', args, { head: true, count: 'exact' });
    expect(head).toMatchObject({ error: null, data: null, status: 200, count: 1 });
  });

  it('orders, limits and picks columns', async () => {
    await newWebhook();
    const event = { p_event_type: 'video.failed', p_payload: {}, p_user_id: userId };
    const all = await service
      .rpc('trigger_webhook_event', event, { count: 'exact' })
      .order('webhook_id', { ascending: false });
    const ids = (all.data as { webhook_id: string }[]).map((row) => row.webhook_id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(all.count).toBe(ids.length);
    const one = await service.rpc('trigger_webhook_event', event).select('webhook_id').order('webhook_id').range(1, 1);
    expect(one.data).toEqual(ids.length > 1 ? [{ webhook_id: ids.at(-2) }] : []);
  });

  it('tells one row from none and from several', async () => {
    const event = { p_event_type: 'subscription.renewed', p_payload: {}, p_user_id: userId };
    expect(await service.rpc('trigger_webhook_event', event).maybeSingle()).toMatchObject({ data: null, error: null });
    const none = await service.rpc('trigger_webhook_event', event).single();
    expect(none).toMatchObject({
      data: null,
      status: 406,
      error: { code: 'PGRST116', details: 'The result contains 0 rows' },
    });
  });

  it('gets errors as from PostgREST', async () => {
    const { webhook_id: p_webhook_id } = await newWebhook();
    const error = (code: string) => ({
      code,
      message: expect.any(String),
      details: expect.toSatisfy(orNull),
      hint: expect.toSatisfy(orNull),
    });
    const orNull = (value: unknown) => value === null || typeof value === 'string';
    const cases = [
      [anon.rpc('create_webhook', { p_name: 'n', p_url: URL_OF_WEBHOOK }), 401, '42501'],
      [user.rpc('trigger_webhook_event', { p_event_type: 'video.generated', p_payload: {} }), 403, '42501'],
      [user.rpc('no_such_function'), 404, 'PGRST202'],
      [user.rpc('create_webhook', { p_name: 'n' }), 404, 'PGRST202'],
      [user.rpc('create_webhook', { p_name: 'n', p_url: 'ftp://example.com' }), 400, 'HK011'],
      [user.rpc('get_webhook_statistics', { p_webhook_id: 'x' }), 400, '22P02'],
      [user.rpc('get_webhook_statistics', { p_webhook_id }).eq('total_deliveries', 1), 400, 'PGRST100'],
      [user.rpc('get_webhook_statistics', { p_webhook_id }).csv(), 406, 'PGRST107'],
      [user.rpc('create_webhook', { p_name: 'n', p_url: URL_OF_WEBHOOK }, { get: true }), 405, 'PGRST101'],
      [user.schema('hookline').rpc('erase_user', { p_user_id: userId }), 404, 'PGRST202'],
      [user.schema('hookline').rpc('create_webhook', { p_name: 'n', p_url: URL_OF_WEBHOOK }), 406, 'PGRST106'],
      [user.from('webhooks').select(), 404, 'PGRST205'],
      [stranger.rpc('get_webhook_statistics', { p_webhook_id }), 400, 'HK002'],
      [stranger.rpc('subscribe_webhook_events', { p_webhook_id, p_event_types: [] }), 400, 'HK002'],
    ] as const;
    for (const [call, status, code] of cases) {
      const answer = await call;
      expect([answer.status, answer.data, answer.error]).toEqual([status, null, expect.objectContaining(error(code))]);
    }
    await expect(user.rpc('no_such_function').throwOnError()).rejects.toMatchObject({ code: 'PGRST202' });
    const expired = await sign(userClaims(userId, { exp: inSeconds(-60) }));
    const late = createClient(served.url, 'any', { accessToken: async () => expired });
    expect(await late.rpc('create_webhook')).toMatchObject({
      status: 401,
      error: { code: 'PGRST303', message: 'JWT expired' },
    });
  });

  it('manages secrets and verification', async () => {
    const { webhook_id: p_webhook_id, webhook_secret } = await newWebhook();
    const rotated = await user.rpc('rotate_webhook_secret', { p_webhook_id, p_overlap: '1 hour' }).single();
    expect(rotated).toMatchObject({ error: null, data: { webhook_secret: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect((rotated.data as { webhook_secret: string }).webhook_secret).not.toBe(webhook_secret);
    const ended = await user.rpc('end_webhook_secret_overlap', { p_webhook_id });
    expect(ended.data).toEqual([{ ended_count: 1 }]);
    const requested = await user.rpc('request_webhook_verification', { p_webhook_id }).single();
    expect(requested.data).toEqual({
      webhook_id: p_webhook_id,
      requested_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/),
    });
  });
});

/** One failed attempt, as the worker records it; there is none here. */
async function failOnce(ctx: DatabaseContext, deliveryId: string): Promise<void> {
  await ctx
    .db()
    .query(
      "UPDATE webhook_deliveries SET status = 'failed', attempt_number = 1, max_attempts = 1, failed_at = now() WHERE id = $1::uuid",
      [deliveryId],
    );
}
