import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';

interface List {
  readonly data: readonly { readonly event_type: string }[];
  readonly next_cursor: string | null;
}

describeOnPostgres('/v1/webhooks/{webhook_id}/subscriptions', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let at: string;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    owner = await api.user();
  });
  afterAll(() => api.app.close());
  beforeEach(async () => {
    const body = { name: 'subscribed', url: 'https://example.com/hook' };
    const { body: webhook } = await api.call<{ id: string }>('POST', '/v1/webhooks', { bearer: owner.bearer, body });
    at = `/v1/webhooks/${webhook.id}/subscriptions`;
  });

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const options = { bearer: owner.bearer, headers, ...(body !== undefined && { body }) };
    const answer = await api.call(method, at + path, options);
    return { status: answer.status, etag: answer.headers.get('etag') ?? '', text: answer.text, body: answer.body };
  };

  it('are made by PUT, then set by it, with defaults for what is left out', async () => {
    const made = await call('PUT', '/video.generated', { filters: { status: 'completed' } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      event_type: 'video.generated',
      is_active: true,
      filters: { status: 'completed' },
    });
    const set = await call('PUT', '/video.generated', { is_active: false });
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({ id: made.body['id'], is_active: false, filters: null });
    expect(set.etag).not.toBe(made.etag);
    expect((await call('GET', '/video.generated')).body).toEqual(set.body);
  });

  it('are made once, also when many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('PUT', '/credit.added', {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
  });

  it('change in what is given alone, in the digits that came', async () => {
    await call('PUT', '/video.failed', { filters: { a: 1 } });
    const stopped = await call('PATCH', '/video.failed', { is_active: false });
    expect(stopped.body).toMatchObject({ is_active: false, filters: { a: 1 } });
    const exact = await call('PATCH', '/video.failed', '{"filters":{"n":{"$gte":12345678901234567890.10}}}');
    expect(exact.body['is_active']).toBe(false);
    expect(exact.text).toContain('12345678901234567890.10');
    expect((await call('PATCH', '/video.failed', { filters: null })).body['filters']).toBeNull();
  });

  it('are listed page by page, each once', async () => {
    const types = ['video.generated', 'video.failed', 'credit.added', 'credit.consumed', 'webhook.disabled'];
    for (const type of types) await call('PUT', `/${type}`, {});
    const seen: string[] = [];
    let query = '?limit=2';
    for (let next: string | null = ''; next !== null; query = `?limit=2&cursor=${next}`) {
      const { body } = await api.call<List>('GET', at + query, { bearer: owner.bearer });
      seen.push(...body.data.map(({ event_type }) => event_type));
      next = body.next_cursor;
    }
    expect(seen).toEqual([...types].reverse());
  });

  it('end', async () => {
    await call('PUT', '/video.failed', {});
    expect((await call('DELETE', '/video.failed')).status).toBe(204);
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { is_active: true }]] as const) {
      expect(await call(method, '/video.failed', body)).toMatchObject({
        status: 404,
        body: { code: 'subscription_not_found' },
      });
    }
  });

  it('are changed by If-Match only in the version that it names', async () => {
    expect((await call('PUT', '/video.failed', {}, { 'if-match': '*' })).status).toBe(412);
    const { etag } = await call('PUT', '/video.failed', {});
    const changed = await call('PATCH', '/video.failed', { is_active: false }, { 'if-match': etag });
    expect(changed.status).toBe(200);
    for (const [method, body] of [['PUT', {}], ['PATCH', { is_active: true }], ['DELETE']] as const) {
      expect(await call(method, '/video.failed', body, { 'if-match': etag })).toMatchObject({
        status: 412,
        body: { code: 'version_changed' },
      });
    }
    expect((await call('GET', '/video.failed', undefined, { 'if-none-match': changed.etag })).status).toBe(304);
    expect((await call('DELETE', '/video.failed', undefined, { 'if-match': changed.etag })).status).toBe(204);
  });

  it('are made, and never set, by If-None-Match: *', async () => {
    const asNew = { 'if-none-match': '*' };
    const made = await call('PUT', '/video.failed', { is_active: false }, asNew);
    expect(made.status).toBe(201);
    for (const headers of [asNew, { 'if-none-match': `"other", ${made.etag}` }, { ...asNew, 'if-match': made.etag }]) {
      expect(await call('PUT', '/video.failed', {}, headers)).toMatchObject({
        status: 412,
        body: { code: 'version_changed', hint: expect.stringContaining('If-None-Match') },
      });
    }
    expect((await call('GET', '/video.failed')).body).toEqual(made.body);
    const other = { 'if-none-match': '"other"' };
    expect((await call('PUT', '/video.failed', {}, other)).status).toBe(200);
    expect((await call('DELETE', '/video.failed', undefined, asNew)).status).toBe(412);
    expect((await call('DELETE', '/video.failed', undefined, other)).status).toBe(204);
  });

  it('are made once by If-None-Match: *, when many ask at once', async () => {
    const asNew = { 'if-none-match': '*' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('PUT', '/credit.added', {}, asNew)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 412, 412, 412, 412, 412]);
  });

  it('have another ETag with each change of what is shown', async () => {
    const etags = [(await call('PUT', '/video.failed', {})).etag];
    for (const body of [{ is_active: false }, { filters: { a: 1 } }, { filters: null }]) {
      const { etag } = await call('PATCH', '/video.failed', body);
      expect((await call('GET', '/video.failed', undefined, { 'if-none-match': etags.join(', ') })).status).toBe(200);
      expect((await call('GET', '/video.failed', undefined, { 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
      etags.push(etag);
    }
  });

  it('can be set, and not made, while the event type is disabled', async () => {
    await call('PUT', '/video.failed', {});
    await ctx
      .db()
      .query("UPDATE webhook_events SET is_enabled = false WHERE event_type IN ('video.failed', 'credit.added')");
    try {
      expect((await call('PUT', '/video.failed', { is_active: false })).status).toBe(200);
      expect(await call('PUT', '/credit.added', {})).toMatchObject({
        status: 422,
        body: { code: 'unknown_event_type' },
      });
    } finally {
      await ctx.db().query('UPDATE webhook_events SET is_enabled = true');
    }
  });

  it.each([
    ['an unknown event type', '/no.such', {}, 422, 'unknown_event_type'],
    ['an unknown operator', '/video.failed', { filters: { a: { $like: 'x' } } }, 422, 'invalid_filter'],
    [
      'a filter that is 11 levels deep',
      '/video.failed',
      `{"filters":${'{"a":'.repeat(11)}1${'}'.repeat(11)}}`,
      422,
      'invalid_filter',
    ],
    ['a filter that is no object', '/video.failed', { filters: [] }, 400, 'invalid_request'],
    ['a NUL character', '/video.failed', { filters: { a: '\u0000' } }, 422, 'not_storable'],
    ['a NUL in the event type', '/a%00', {}, 422, 'not_storable'],
    ['a number beyond numeric', '/video.failed', '{"filters":{"a":1e999999}}', 422, 'invalid_payload'],
    ['another field', '/video.failed', { webhook_id: randomUUID() }, 400, 'invalid_request'],
  ])('are not made with %s', async (_what, path, body, status, code) => {
    expect(await call('PUT', path, body)).toMatchObject({ status, body: { code } });
  });

  it('need a webhook of the caller', async () => {
    const stranger = await api.user();
    await call('PUT', '/video.failed', {});
    const none = `/v1/webhooks/${randomUUID()}/subscriptions`;
    for (const [path, bearer] of [
      [none, owner.bearer],
      [at, stranger.bearer],
    ] as const) {
      for (const [method, of, body] of [
        ['GET', '', undefined],
        ['GET', '/video.failed', undefined],
        ['PUT', '/video.generated', {}],
        ['PATCH', '/video.failed', { is_active: false }],
        ['DELETE', '/video.failed', undefined],
      ] as const) {
        const answer = await api.call(method, path + of, { bearer, ...(body !== undefined && { body }) });
        expect(answer, `${method} ${of}`).toMatchObject({ status: 404, body: { code: 'webhook_not_found' } });
      }
    }
    expect((await call('GET', '/video.failed')).body['is_active']).toBe(true);
  });
});
