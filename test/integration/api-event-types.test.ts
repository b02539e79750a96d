import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';
import { postEvent } from './api-client.js';
import type { ContractAnswer } from './api-contract.js';

interface EventType {
  readonly id: string;
  readonly event_type: string;
  readonly [field: string]: unknown;
}
interface Change {
  readonly checked: number;
  readonly broken: number;
  readonly examples: readonly { readonly event_id: string; readonly errors: readonly { readonly pointer: string }[] }[];
}

describeOnPostgres('/v1/event-types', (ctx) => {
  let api: ContractedApi;
  let user: ApiUser;
  let nth = 0;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    user = await api.user();
  });
  afterAll(() => api.app.close());

  const create = async (more: object = {}): Promise<EventType> => {
    nth += 1;
    const body = { event_type: `order.paid.${nth}`, category: 'order', ...more };
    const answer = await api.service<EventType>('POST', '/v1/event-types', { body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/v1/event-types/${answer.body.event_type}`);
    return answer.body;
  };
  const change = (name: string, body: object, query = '', headers = {}) =>
    api.service<EventType & { readonly schema_change: Change }>('PATCH', `/v1/event-types/${name}${query}`, {
      body,
      headers,
    });
  const read = async (name: string) => (await api.service<EventType>('GET', `/v1/event-types/${name}`)).body;
  const refusal = async (answer: Promise<ContractAnswer<Record<string, unknown>>>) => {
    const { status, body } = await answer;
    return [status, body['code']];
  };
  const post = (type: string, payload: object) =>
    postEvent(api.url, JSON.stringify({ type, payload, broadcast: true }));

  it('are read by everybody who is signed in: the presets, by category, page by page', async () => {
    const { bearer } = user;
    const { body } = await api.call('GET', '/v1/event-types?category=video', { bearer });
    const names = (body['data'] as EventType[]).map(({ event_type }) => event_type);
    expect(names.sort()).toEqual(['video.failed', 'video.generated']);
    const one = await api.call('GET', '/v1/event-types/video.generated', { bearer });
    expect(one.body).toMatchObject({ category: 'video', description: 'Video generation completed', is_enabled: true });
    const unchanged = { 'if-none-match': one.headers.get('etag') ?? '' };
    expect((await api.call('GET', '/v1/event-types/video.generated', { bearer, headers: unchanged })).status).toBe(304);

    await create({ is_enabled: false });
    const seen = [];
    for (let cursor: unknown = ''; cursor !== null; ) {
      const query = cursor === '' ? '?limit=3' : `?limit=3&cursor=${cursor}`;
      const page = (await api.call('GET', `/v1/event-types${query}`, { bearer })).body;
      seen.push(...(page['data'] as EventType[]).map(({ id }) => id));
      cursor = page['next_cursor'];
    }
    const { rows } = await ctx.db().query<{ n: number }>('SELECT count(*)::int AS n FROM webhook_events', []);
    expect([seen.length, new Set(seen).size]).toEqual([rows[0]?.n, rows[0]?.n]);
    const disabled = await api.call('GET', '/v1/event-types?is_enabled=false', { bearer });
    expect(disabled.body['data']).toHaveLength(1);
  });

  it('are managed by the service alone', async () => {
    const { bearer } = user;
    const body = { event_type: 'mine', category: 'mine' };
    expect(await refusal(api.call('POST', '/v1/event-types', { bearer, body }))).toEqual([403, 'forbidden']);
    const path = '/v1/event-types/video.failed';
    expect(await refusal(api.call('PATCH', path, { bearer, body: { is_enabled: false } }))).toEqual([403, 'forbidden']);
    expect(await refusal(api.call('DELETE', path, { bearer }))).toEqual([403, 'forbidden']);
    expect(await refusal(api.call('GET', path))).toEqual([401, 'unauthorized']);
    expect((await read('video.failed'))['is_enabled']).toBe(true);
  });

  it('are created with their schema, in the digits that came, and used by events', async () => {
    const schema = { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } };
    const { event_type: name, ...made } = await create({ description: 'Paid.', payload_schema: schema });
    expect(made).toMatchObject({ description: 'Paid.', is_enabled: true, payload_schema: schema });
    expect((await post(name, { amount: 1 })).status).toBe(202);
    expect((await post(name, {})).body['code']).toBe('invalid_payload');
    const body = `{"event_type": "exact", "category": "a", "payload_schema": {"maximum": 12345678901234567890.10}}`;
    expect((await api.service('POST', '/v1/event-types', { body })).text).toContain('12345678901234567890.10');
    const again = api.service('POST', '/v1/event-types', { body: { event_type: name, category: 'order' } });
    expect(await refusal(again)).toEqual([409, 'event_type_exists']);
  });

  it('change by what is given, null too, and only from the version that If-Match names', async () => {
    const { event_type: name } = await create({ description: 'Paid.', payload_schema: { type: 'object' } });
    const first = await change(name, { category: 'shop', description: null });
    expect(first.body).toMatchObject({ category: 'shop', description: null, payload_schema: { type: 'object' } });
    expect(first.body.schema_change).toBeNull();
    const etag = first.headers.get('etag') ?? '';
    const second = await change(name, { is_enabled: false, payload_schema: null }, '', { 'if-match': etag });
    expect(second.body).toMatchObject({ category: 'shop', is_enabled: false, payload_schema: null });
    const late = await change(name, { is_enabled: true }, '', { 'if-match': etag });
    expect([late.status, late.body['code']]).toEqual([412, 'version_changed']);
    const dry = await change(name, { is_enabled: true }, '?dry_run=true', { 'if-match': etag });
    expect([dry.status, dry.body['code']]).toEqual([412, 'version_changed']);
    const now = await api.service('GET', `/v1/event-types/${name}`, { headers: { 'if-none-match': etag } });
    expect([now.status, now.body['is_enabled']]).toEqual([200, false]);
    expect((await post(name, {})).body['deliveries']).toEqual([]);
    expect(await refusal(change('no.such', { category: 'a' }))).toEqual([404, 'event_type_not_found']);
    expect(await refusal(change('no.such', { payload_schema: true }, '?dry_run=true'))).toEqual([
      404,
      'event_type_not_found',
    ]);
  });

  it('tell what a change of the schema breaks, and change nothing in a dry run', async () => {
    const { event_type: name } = await create({ payload_schema: { properties: { a: { type: 'number' } } } });
    for (let n = 0; n < 14; n += 1) await post(name, n % 7 === 0 ? { a: n, b: 'x' } : { a: n });
    const stricter = { properties: { a: { type: 'number' } }, required: ['b'] };
    const dry = await change(name, { payload_schema: stricter, category: 'shop' }, '?dry_run=true');
    expect(dry.status).toBe(200);
    const { examples, ...counts } = dry.body.schema_change;
    expect(counts).toEqual({ checked: 14, broken: 12 });
    expect(examples).toHaveLength(10);
    expect(examples[0]?.errors).toEqual([{ pointer: '/payload', detail: "must have required property 'b'" }]);
    const { rows } = await ctx
      .db()
      .query<{ a: number }>("SELECT (payload ->> 'a')::int AS a FROM hookline.events WHERE id = $1::uuid", [
        examples[0]?.event_id ?? '',
      ]);
    expect(rows).toEqual([{ a: 13 }]);
    expect(await read(name)).toMatchObject({
      category: 'order',
      payload_schema: { properties: { a: { type: 'number' } } },
    });

    const real = await change(name, { payload_schema: stricter });
    expect(real.body.schema_change).toEqual(dry.body.schema_change);
    expect((await post(name, { a: 1 })).body['code']).toBe('invalid_payload');
    // What fails already is not broken by another change.
    const other = { ...stricter, properties: { a: { type: 'number', maximum: 6 } } };
    expect((await change(name, { payload_schema: other }, '?dry_run=true')).body.schema_change).toMatchObject({
      broken: 1,
    });
    expect((await change(name, { payload_schema: null })).body.schema_change).toMatchObject({ checked: 14, broken: 0 });
  });

  it('looks at the latest hundred events', async () => {
    const { event_type: name } = await create();
    await ctx.db().query(
      `INSERT INTO hookline.events (event_type, payload, created_at)
       SELECT $1::text, jsonb_build_object('n', n), now() + n * interval '1 ms' FROM generate_series(1, 150) n`,
      [name],
    );
    const { body } = await change(name, { payload_schema: { properties: { n: { minimum: 61 } } } }, '?dry_run=true');
    expect(body.schema_change).toMatchObject({ checked: 100, broken: 10 });
  });

  it('go only when nothing needs them', async () => {
    const { event_type: name } = await create();
    const remove = (headers = {}) => api.service('DELETE', `/v1/event-types/${name}`, { headers });
    const webhook = await createWebhook(ctx.db(), 'https://example.com/hook');
    await ctx
      .db()
      .query('INSERT INTO webhook_event_subscriptions (webhook_id, event_type) VALUES ($1::uuid, $2::text)', [
        webhook.id,
        name,
      ]);
    const subscribed = await remove();
    expect([subscribed.status, subscribed.body['code']]).toEqual([409, 'event_type_in_use']);
    expect(subscribed.body['hint']).toContain('is_enabled: false');
    await ctx.db().query('DELETE FROM webhook_event_subscriptions WHERE event_type = $1::text', [name]);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await ctx.db().query('UPDATE webhook_deliveries SET event_type = $2::text WHERE id = $1::uuid', [id, name]);
    expect(await refusal(remove())).toEqual([409, 'event_type_in_use']);
    await ctx.db().query('DELETE FROM webhook_deliveries WHERE id = $1::uuid', [id]);
    expect(await refusal(remove({ 'if-match': '"other"' }))).toEqual([412, 'version_changed']);
    expect((await remove()).status).toBe(204);
    expect(await refusal(remove())).toEqual([404, 'event_type_not_found']);
  });

  it.each([
    ['no name', { category: 'a' }, 400, 'invalid_request'],
    ['a name with a blank', { event_type: 'a b', category: 'a' }, 400, 'invalid_request'],
    ['a name with a line break', { event_type: 'a\n', category: 'a' }, 400, 'invalid_request'],
    ['a name of 101 characters', { event_type: 'x'.repeat(101), category: 'a' }, 400, 'invalid_request'],
    ['no category', { event_type: 'a' }, 400, 'invalid_request'],
    ['a category of null', { event_type: 'a', category: null }, 400, 'invalid_request'],
    ['a schema that is a text', { event_type: 'a', category: 'a', payload_schema: 'x' }, 400, 'invalid_request'],
    ['a field that is not known', { event_type: 'a', category: 'a', id: '1' }, 400, 'invalid_request'],
    [
      'a schema of no such type',
      { event_type: 'a', category: 'a', payload_schema: { type: 'x' } },
      422,
      'invalid_payload_schema',
    ],
    [
      'a schema that refers elsewhere',
      { event_type: 'a', category: 'a', payload_schema: { $ref: 'https://a.example' } },
      422,
      'invalid_payload_schema',
    ],
    [
      'a schema that leads back to itself for objects alone',
      { event_type: 'a', category: 'a', payload_schema: { if: { type: 'null' }, else: { $ref: '#' } } },
      422,
      'invalid_payload_schema',
    ],
    ['a NUL', { event_type: 'a', category: 'a', description: '\0' }, 422, 'not_storable'],
  ])('are refused with %s', async (_what, body, status, code) => {
    expect(await refusal(api.service('POST', '/v1/event-types', { body }))).toEqual([status, code]);
    const { event_type: _name, ...rest } = body as Record<string, unknown>;
    if (code !== 'invalid_payload_schema') return;
    expect(await refusal(change('video.failed', { ...rest, category: 'video' }, '?dry_run=true'))).toEqual([
      status,
      code,
    ]);
  });

  it('are refused when nothing is changed, or null where there is none', async () => {
    for (const body of [{}, { category: null }, { is_enabled: null }, { event_type: 'b' }]) {
      expect(await refusal(change('video.failed', body))).toEqual([400, 'invalid_request']);
    }
  });
});
