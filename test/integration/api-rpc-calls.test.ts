import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { callRpc, type RpcAnswer, rpcAnswerOf, SERVICE_KEY, serveApi } from './api-client.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';

describeOnPostgres('POST /rest/v1/rpc/<function>', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let bearer: string;
  let userId: string;
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    userId = await createUser(ctx.db());
    bearer = await sign(userClaims(userId));
    for (const name of ['a', 'b', 'c']) await createWebhook(ctx.db(), `https://example.com/${name}`, {}, userId);
  });
  afterAll(() => served.app.close());

  type Options = { query?: string; headers?: Record<string, string> };
  const asUser = (name: string, body: string | object, options: Options = {}) =>
    callRpc(served.url, name, body, { bearer, ...options });
  const trigger = (options: Options = {}, payload = '{}') =>
    callRpc(
      served.url,
      'trigger_webhook_event',
      `{"p_event_type":"video.generated","p_payload":${payload},"p_user_id":"${userId}"}`,
      { bearer: SERVICE_KEY, ...options },
    );
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RpcAnswer> =>
    rpcAnswerOf(
      await fetch(`${served.url}/rest/v1/rpc/${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, ...headers },
      }),
    );
  const deliveries = async (): Promise<number> =>
    (await ctx.db().query<{ n: number }>('SELECT count(*)::integer AS n FROM webhook_deliveries')).rows[0]?.n ?? -1;
  const newWebhook = async (body: object = {}): Promise<string> => {
    const { json } = await asUser('create_webhook', { p_name: 'n', p_url: 'https://example.com', ...body });
    return (json as [{ webhook_id: string }])[0].webhook_id;
  };

  it('answers an array of rows, as JSON', async () => {
    const { status, headers, json } = await trigger();
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(headers.get('content-range')).toBe('0-2/*');
    const row = { delivery_id: expect.any(String), webhook_id: expect.any(String), webhook_url: expect.any(String) };
    expect(json).toEqual([row, row, row]);
  });

  it('leaves what is not given to its default, takes null and arrays', async () => {
    const id = await newWebhook({
      p_description: null,
      p_event_types: ['video.failed', 'video.generated'],
      p_max_retries: 7,
    });
    const { rows } = await ctx
      .db()
      .query('SELECT description, max_retries, timeout_seconds, retry_enabled FROM webhooks WHERE id = $1::uuid', [id]);
    expect(rows).toEqual([{ description: null, max_retries: 7, timeout_seconds: 30, retry_enabled: true }]);
    const { json } = await asUser('unsubscribe_webhook_events', {
      p_webhook_id: id,
      p_event_types: ['video.failed', 'video.generated'],
    });
    expect(json).toEqual([{ unsubscribed_count: 2 }]);
  });

  it('takes a call without arguments, also without a body', async () => {
    const { json } = await callRpc(served.url, 'get_pending_webhook_retries', {}, { bearer: SERVICE_KEY });
    expect(json).toEqual([]);
    const response = await fetch(`${served.url}/rest/v1/rpc/get_pending_webhook_retries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SERVICE_KEY}` },
    });
    const { status, headers, text } = await rpcAnswerOf(response);
    expect([status, text, headers.get('content-range')]).toEqual([200, '[]', '*/*']);
  });

  it('keeps every digit of a number, in and out', async () => {
    const payload = '{"long":12345678901234567890,"cents":10.00,"tiny":0.10000000000000000001}';
    const { json } = await trigger({ query: '?limit=1' }, payload);
    const [{ delivery_id: id }] = json as [{ delivery_id: string }];
    await ctx
      .db()
      .query(
        "UPDATE webhook_deliveries SET status = 'retrying', attempt_number = 1, next_retry_at = now() - interval '1 second' WHERE id = $1::uuid",
        [id],
      );
    await ctx
      .db()
      .query('UPDATE hookline.queue SET is_retry = true, due_at = now() WHERE delivery_id = $1::uuid', [id]);
    const { text } = await callRpc(served.url, 'get_pending_webhook_retries', { p_limit: 10 }, { bearer: SERVICE_KEY });
    for (const digits of ['12345678901234567890', '10.00', '0.10000000000000000001']) expect(text).toContain(digits);
  });

  it('gives columns, order and a part of the rows', async () => {
    const { status, json, headers } = await trigger({
      query: '?select=webhook_url&order=webhook_url.desc.nullslast,webhook_id&limit=2&offset=1',
    });
    expect([status, json]).toEqual([
      200,
      [{ webhook_url: 'https://example.com/b' }, { webhook_url: 'https://example.com/a' }],
    ]);
    expect(headers.get('content-range')).toBe('1-2/*');
  });

  it('counts all rows where it is asked to', async () => {
    const { status, headers } = await trigger({ query: '?limit=2', headers: { prefer: 'count=exact' } });
    expect([status, headers.get('content-range'), headers.get('preference-applied')]).toEqual([
      206,
      '0-1/3',
      'count=exact',
    ]);
    const all = await trigger({ headers: { prefer: 'count=exact' } });
    expect([all.status, all.headers.get('content-range')]).toEqual([200, '0-2/3']);
  });

  it('refuses an offset beyond the rows where they are counted, and nothing has happened', async () => {
    const before = await deliveries();
    const counted = { prefer: 'count=exact' };
    const { status, json } = await trigger({ query: '?offset=4', headers: counted });
    expect([status, json]).toMatchObject([416, { code: 'PGRST103', details: expect.stringContaining('only 3 rows') }]);
    expect(await deliveries()).toBe(before);
    expect((await trigger({ query: '?offset=3', headers: counted })).text).toBe('[]');
    expect((await trigger({ query: '?offset=4' })).text).toBe('[]');
  });

  it('calls the function also where no row is wanted', async () => {
    const before = await deliveries();
    expect((await trigger({ query: '?limit=0' })).text).toBe('[]');
    const { status, text } = await trigger({ headers: { prefer: 'return=minimal' } });
    expect([status, text]).toEqual([204, '']);
    expect(await deliveries()).toBe(before + 6);
  });

  it('gives one row as an object; else 406, and nothing has happened', async () => {
    const headers = { accept: 'application/vnd.pgrst.object+json' };
    const one = await trigger({ query: '?limit=1&select=webhook_url', headers });
    expect([one.status, one.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.pgrst.object+json; charset=utf-8',
    ]);
    expect(one.json).toEqual({ webhook_url: expect.any(String) });
    const before = await deliveries();
    const { status, json } = await trigger({ headers });
    expect([status, json]).toEqual([
      406,
      {
        code: 'PGRST116',
        message: 'Cannot coerce the result to a single JSON object',
        details: 'The result contains 3 rows',
        hint: null,
      },
    ]);
    expect(await deliveries()).toBe(before);
  });

  it('leaves nulls out where it is asked to', async () => {
    const p_webhook_id = await newWebhook();
    const headers = { accept: 'application/vnd.pgrst.object+json;nulls=stripped' };
    const { json } = await asUser('get_webhook_statistics', { p_webhook_id }, { headers });
    expect(json).not.toHaveProperty('success_rate');
    expect(json).toMatchObject({ total_deliveries: 0, deliveries_by_day: {} });
  });

  it.each(['GET', 'HEAD'])('takes %s for a function that reads', async (method) => {
    const id = await newWebhook();
    const { status, headers, text } = await get(
      `get_webhook_statistics?p_webhook_id=${id}&p_days=7&select=total_deliveries`,
      {},
      method,
    );
    expect([status, text]).toEqual([200, method === 'GET' ? '[{"total_deliveries":0}]' : '']);
    expect(headers.get('content-range')).toBe('0-0/*');
  });

  it('takes a second question mark for a part of the query', async () => {
    const { status, json } = await get(
      `get_webhook_statistics?p_webhook_id=${await newWebhook()}&select=total_deliveries?x`,
    );
    expect([status, json]).toEqual([400, expect.objectContaining({ code: 'PGRST100' })]);
  });

  it('runs a GET in a transaction that cannot write', async () => {
    const { rows } = await ctx
      .db()
      .query<{ source: string }>("SELECT pg_get_functiondef('get_webhook_statistics'::regproc) AS source", []);
    await ctx
      .db()
      .query(rows[0]?.source.replace('BEGIN', 'BEGIN DELETE FROM public.webhooks;').replace('STABLE', '') ?? '');
    try {
      const { status, json } = await get(`get_webhook_statistics?p_webhook_id=${await newWebhook()}`);
      expect([status, json]).toEqual([405, expect.objectContaining({ code: '25006' })]);
    } finally {
      await ctx.db().query(rows[0]?.source ?? '');
    }
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'takes no %s for a function that writes',
    async (method) => {
      const { status, headers, json } = await get('create_webhook?p_name=a&p_url=https://example.com', {}, method);
      expect([status, headers.get('allow')]).toEqual([405, 'POST']);
      if (method !== 'HEAD') expect(json).toMatchObject({ code: 'PGRST101', details: null });
    },
  );

  it('takes the profile public alone', async () => {
    const p_webhook_id = await newWebhook();
    for (const [profile, expected] of [
      ['public', 200],
      ['hookline', 406],
    ] as const) {
      const posted = await asUser(
        'get_webhook_statistics',
        { p_webhook_id },
        { headers: { 'content-profile': profile } },
      );
      expect(posted.status).toBe(expected);
      const got = await get(`get_webhook_statistics?p_webhook_id=${p_webhook_id}`, { 'accept-profile': profile });
      expect(got.status).toBe(expected);
      if (expected === 406) expect(got.json).toMatchObject({ code: 'PGRST106' });
    }
  });
});
