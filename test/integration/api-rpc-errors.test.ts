import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { createUser, describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { callRpc, rpcAnswerOf, SERVICE_KEY, serveApi } from './api-client.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';

const CREATE = { p_name: 'n', p_url: 'https://example.com' };

describeOnEachDatabase('the errors of rpc', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let bearer: string;
  let webhook: Awaited<ReturnType<typeof createWebhook>>;
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET, maxBodyBytes: 65_536 });
    bearer = await sign(userClaims(await createUser(ctx.db())));
    webhook = await createWebhook(ctx.db(), 'https://example.com/theirs');
  });
  afterAll(() => served.app.close());
  type Options = { query?: string; headers?: Record<string, string>; bearer?: string };
  const rpc = (name: string, body: string | object, options: Options = {}) =>
    callRpc(served.url, name, body, { bearer, ...options });
  const expectError = ({ status, json }: { status: number; json: unknown }, expected: number, code: string): void => {
    const text = expect.any(String);
    const shape = { code, message: text, details: expect.anything(), hint: expect.anything() };
    const given = json as Record<string, unknown>;
    expect([status, { ...given, details: given['details'] ?? '', hint: given['hint'] ?? '' }]).toEqual([
      expected,
      shape,
    ]);
    expect(Object.keys(given)).toEqual(['code', 'message', 'details', 'hint']);
  };

  it.each<[string, string, string | object, number, string, Options?]>([
    ['an unknown function', 'no_such_function', {}, 404, 'PGRST202'],
    ['a function of PostgreSQL', 'pg_sleep', { seconds: 1 }, 404, 'PGRST202'],
    ['an inner function', 'hookline.ensure_user', { p_id: 'x' }, 404, 'PGRST202'],
    ['a name of JavaScript', 'constructor', {}, 404, 'PGRST202'],
    ['SQL for a name', encodeURIComponent('create_webhook(); DROP TABLE webhooks'), {}, 404, 'PGRST202'],
    ['a name of 1000 characters', 'x'.repeat(1000), {}, 404, 'PGRST202'],
    ['a path', 'create_webhook/x', CREATE, 404, 'PGRST202'],
    ['an unknown argument', 'create_webhook', { ...CREATE, p_secret: 'x' }, 404, 'PGRST202'],
    ['a missing argument', 'create_webhook', { p_name: 'n' }, 404, 'PGRST202'],
    ['SQL for an argument', 'create_webhook', { ...CREATE, 'p_name := 1); --': 1 }, 404, 'PGRST202'],
    [
      'an argument of JavaScript',
      'create_webhook',
      '{"p_name":"n","p_url":"https://example.com","__proto__":{}}',
      404,
      'PGRST202',
    ],
    ['positional arguments', 'create_webhook', ['n', 'https://example.com'], 400, 'PGRST102'],
    ['null', 'create_webhook', 'null', 400, 'PGRST102'],
    ['broken JSON', 'create_webhook', '{', 400, 'PGRST102'],
    ['an empty body', 'create_webhook', '', 400, 'PGRST102'],
    ['100,000 brackets', 'create_webhook', '['.repeat(30_000), 400, 'PGRST102'],
    [
      'another media type',
      'create_webhook',
      'p_name=n',
      415,
      'PGRST107',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['a body that is too large', 'create_webhook', { p_name: 'x'.repeat(70_000) }, 413, 'body_too_large'],
    ['a media type that is not there', 'create_webhook', CREATE, 406, 'PGRST107', { headers: { accept: 'text/csv' } }],
    ['a filter', 'create_webhook', CREATE, 400, 'PGRST100', { query: '?webhook_id=eq.1' }],
    ['an alias', 'create_webhook', CREATE, 400, 'PGRST100', { query: '?select=id:webhook_id' }],
    [
      'SQL for a column',
      'create_webhook',
      CREATE,
      400,
      'PGRST100',
      { query: `?select=${encodeURIComponent('webhook_id FROM called; --')}` },
    ],
    ['an unknown column', 'create_webhook', CREATE, 400, '42703', { query: '?select=secret' }],
    ['an unknown column to order by', 'create_webhook', CREATE, 400, '42703', { query: '?order=secret' }],
    ['a wrong order', 'create_webhook', CREATE, 400, 'PGRST100', { query: '?order=webhook_id.down' }],
    ['a wrong limit', 'create_webhook', CREATE, 400, 'PGRST100', { query: '?limit=-1' }],
    [
      'a strict preference',
      'create_webhook',
      CREATE,
      400,
      'PGRST122',
      { headers: { prefer: 'handling=strict, max-affected=1' } },
    ],
    ['a UUID that is none', 'get_webhook_statistics', { p_webhook_id: 'x' }, 400, '22P02'],
    ['a number that is none', 'create_webhook', { ...CREATE, p_max_retries: 1.5 }, 400, '22P02'],
    ['an array that is none', 'create_webhook', { ...CREATE, p_event_types: 'video.generated' }, 400, '22P02'],
    ['a NUL character', 'create_webhook', '{"p_name":"\\u0000","p_url":"https://example.com"}', 400, '22P05'],
    ['a name without letters', 'create_webhook', { ...CREATE, p_name: '' }, 400, '23514'],
    ['a name of 256 characters', 'create_webhook', { ...CREATE, p_name: 'x'.repeat(256) }, 400, '22001'],
    ['no name', 'create_webhook', { ...CREATE, p_name: null }, 400, '23502'],
    ['a URL of another scheme', 'create_webhook', { ...CREATE, p_url: 'ftp://example.com' }, 400, 'HK011'],
    ['an unknown event type', 'create_webhook', { ...CREATE, p_event_types: ['no'] }, 400, 'HK001'],
    ['a right that the user lacks', 'get_pending_webhook_retries', {}, 403, '42501'],
    ['an unknown webhook', 'get_webhook_statistics', { p_webhook_id: randomUUID() }, 400, 'HK002'],
    [
      'an unknown event',
      'trigger_webhook_event',
      { p_event_type: 'no', p_payload: {} },
      400,
      'HK001',
      { bearer: SERVICE_KEY },
    ],
    [
      'a payload of null',
      'trigger_webhook_event',
      { p_event_type: 'video.generated', p_payload: null },
      400,
      'HK005',
      { bearer: SERVICE_KEY },
    ],
  ])('answer %s', async (_what, name, body, status, code, options) => {
    const before = (await ctx.db().query('SELECT FROM webhooks')).rowCount;
    expectError(await rpc(name, body, options), status, code);
    expect((await ctx.db().query('SELECT FROM webhooks')).rowCount).toBe(before);
  });

  it('say what there is instead', async () => {
    const unknown = await rpc('create_webhok', CREATE);
    expect(unknown.json).toMatchObject({ hint: expect.stringContaining('create_webhook') });
    const missing = await rpc('subscribe_webhook_events', { p_webhook: 'x' });
    expect(missing.json).toEqual({
      code: 'PGRST202',
      message: 'Could not find the function public.subscribe_webhook_events(p_webhook) in the schema cache',
      details: expect.any(String),
      hint: 'subscribe_webhook_events takes p_webhook_id, p_event_types.',
    });
    const argument = await rpc('create_webhook', { ...CREATE, p_max_retries: 'many' });
    expect(argument.json).toMatchObject({ message: 'invalid input syntax for type integer: "many"' });
    const nul = await rpc('create_webhook', '{"p_name":"\\u0000","p_url":"https://example.com"}');
    expect(nul.json).toMatchObject({ message: 'unsupported Unicode escape sequence' });
    const rule = await rpc('create_webhook', { ...CREATE, p_max_retries: 11 });
    expect(rule.json).toMatchObject({
      message: expect.stringContaining('valid_max_retries'),
      details: null,
      hint: expect.stringContaining('0 to 10'),
    });
  });

  it.each(['p_webhook_id=x&p_webhook_id=y', 'total_deliveries=eq.1', 'or=(a.eq.1,b.eq.2)', 'not.and=(a.eq.1)'])(
    'answer a GET with %s',
    async (query) => {
      const url = `${served.url}/rest/v1/rpc/get_webhook_statistics?${query}`;
      expectError(
        await rpcAnswerOf(await fetch(url, { headers: { authorization: `Bearer ${bearer}` } })),
        400,
        'PGRST100',
      );
    },
  );

  it('answer paths that hold no function', async () => {
    for (const path of ['/rest/v1/webhooks', '/rest/v1/', '/rest/v1/rpc']) {
      expectError(await rpcAnswerOf(await fetch(served.url + path)), 404, 'PGRST205');
    }
  });

  it('never tell a stranger whether an id exists', async () => {
    const { rows } = await ctx
      .db()
      .query<{ id: string }>(
        "INSERT INTO webhook_deliveries (webhook_id, user_id, event_type, request_url, request_payload, max_attempts) VALUES ($1::uuid, $2::uuid, 'video.generated', 'https://example.com', '{}', 1) RETURNING id::text",
        [webhook.id, webhook.userId],
      );
    const calls = (webhookId: string, deliveryId: string): [string, object][] => [
      ['subscribe_webhook_events', { p_webhook_id: webhookId, p_event_types: ['video.failed'] }],
      ['subscribe_webhook_events', { p_webhook_id: webhookId, p_event_types: ['no'] }],
      ['unsubscribe_webhook_events', { p_webhook_id: webhookId, p_event_types: [] }],
      ['get_webhook_statistics', { p_webhook_id: webhookId }],
      ['get_webhook_statistics', { p_webhook_id: webhookId, p_days: 0 }],
      ['retry_failed_delivery', { p_delivery_id: deliveryId }],
      ['rotate_webhook_secret', { p_webhook_id: webhookId }],
      ['rotate_webhook_secret', { p_webhook_id: webhookId, p_overlap: '-1 hour' }],
      ['end_webhook_secret_overlap', { p_webhook_id: webhookId }],
      ['request_webhook_verification', { p_webhook_id: webhookId }],
      ['complete_webhook_delivery', { p_delivery_id: deliveryId }],
    ];
    const theirs = calls(webhook.id, rows[0]?.id ?? '');
    for (const [index, [name, body]] of calls(randomUUID(), randomUUID()).entries()) {
      const unknown = await rpc(name, body);
      const stranger = await rpc(name, theirs[index]?.[1] ?? {});
      expect([name, stranger.status, stranger.json]).toEqual([name, unknown.status, unknown.json]);
    }
  });

  it.each([
    ['08006', 503],
    ['0L000', 403],
    ['22012', 400],
    ['23505', 409],
    ['23503', 409],
    ['25006', 405],
    ['28000', 403],
    ['40001', 500],
    ['40P01', 500],
    ['42P01', 404],
    ['42883', 404],
    ['53300', 503],
    ['53400', 500],
    ['54001', 500],
    ['55P03', 500],
    ['57014', 500],
    ['P0001', 400],
    ['P0002', 500],
    ['XX000', 500],
    ['0A000', 400],
    ['HK008', 400],
  ])('of SQLSTATE %s are answered with %i, without what is inside', async (state, status) => {
    const source = await sourceOf('retry_failed_delivery');
    const raise = `BEGIN RAISE EXCEPTION 'said' USING ERRCODE = '${state}', DETAIL = 'hidden row', HINT = 'hint';`;
    await ctx.db().query(source.replace('BEGIN', raise));
    try {
      const answer = await rpc('retry_failed_delivery', { p_delivery_id: randomUUID() });
      expectError(answer, status, state);
      expect(answer.text).not.toContain('hidden');
      expect(answer.text.includes('said')).toBe(/^(HK|23)/.test(state));
      expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
    } finally {
      await ctx.db().query(source);
    }
  });

  it.each<[string, Error, number, string]>([
    ['ECONNREFUSED', failure('ECONNREFUSED'), 503, 'PGRST001'],
    ['EPIPE', failure('EPIPE'), 503, 'PGRST001'],
    ['a role that it may not take', failure('42501'), 500, 'database_refused'],
    ['something unforeseen', failure('?'), 500, 'internal_error'],
  ])('tell nothing of what the database says: %s', async (_what, error, status, code) => {
    const before: Database = { ...ctx.db(), transaction: () => Promise.reject(error) };
    const query = (text: string) =>
      text.includes('set_config') ? Promise.resolve({ rows: [], rowCount: 0 }) : Promise.reject(error);
    const within: Database = { ...ctx.db(), transaction: (fn) => fn({ query }) };
    // A right that is missing within a call is the caller's: that is another answer.
    for (const db of code === 'database_refused' ? [before] : [before, within]) {
      const away = await serveApi(db);
      const answer = await callRpc(away.url, 'create_webhook', CREATE, { bearer: SERVICE_KEY });
      await away.app.close();
      expectError(answer, status, code);
      expect(answer.text).not.toContain('10.0.0.1');
    }
  });

  async function sourceOf(name: string): Promise<string> {
    const { rows } = await ctx
      .db()
      .query<{ source: string }>('SELECT pg_get_functiondef($1::regproc) AS source', [name]);
    return rows[0]?.source ?? '';
  }
});

function failure(code: string): Error {
  return Object.assign(new Error('connect 10.0.0.1'), { code });
}
