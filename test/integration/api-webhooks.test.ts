import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';

interface Webhook {
  readonly id: string;
  readonly [field: string]: unknown;
}
interface List {
  readonly data: readonly Webhook[];
  readonly next_cursor: string | null;
}
interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

const MINIMUM = { name: 'orders', url: 'https://example.com/hook' };

describeOnPostgres('/v1/webhooks', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    owner = await api.user();
  });
  afterAll(() => api.app.close());

  const create = async (more: object = {}, { bearer }: ApiUser = owner): Promise<Webhook> => {
    const { status, body } = await api.call<Webhook>('POST', '/v1/webhooks', { bearer, body: { ...MINIMUM, ...more } });
    expect(status).toBe(201);
    return body;
  };
  const refusal = async (method: string, path: string, options: object, bearer = owner.bearer) => {
    const { status, body } = await api.call<Problem>(method, path, { bearer, ...options });
    return { status, code: body.code, pointers: body.errors?.map(({ pointer }) => pointer) };
  };

  it('are made with the defaults of the specification, and tell their secret this once', async () => {
    const { status, headers, body } = await api.call<Webhook>('POST', '/v1/webhooks', {
      bearer: owner.bearer,
      body: MINIMUM,
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/webhooks/${body.id}`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      user_id: owner.id,
      ...MINIMUM,
      description: null,
      signature_algorithm: 'sha256',
      is_active: true,
      is_verified: false,
      retry_enabled: true,
      max_retries: 3,
      retry_delay_seconds: 60,
      timeout_seconds: 30,
      rate_limit_per_second: null,
      is_ordered: false,
      metadata: {},
      event_types: [],
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    const read = await api.call<Webhook>('GET', `/v1/webhooks/${body.id}`, { bearer: owner.bearer });
    const { secret: _, event_types: __, ...rest } = body;
    expect(read.body).toEqual(rest);
    expect(read.headers.get('etag')).toBe(headers.get('etag'));
  });

  it('are made with every setting, in the digits that came, and subscribed', async () => {
    const settings = {
      name: 'é'.repeat(255),
      url: 'http://example.com/exämple?a=1',
      description: 'what for',
      signature_algorithm: 'sha512',
      is_active: false,
      retry_enabled: false,
      max_retries: 0,
      retry_delay_seconds: 3600,
      timeout_seconds: 300,
      rate_limit_per_second: 10,
      rate_limit_burst: 20,
      is_ordered: true,
      ordering_key_path: '/customer/id',
      sign_asymmetric: true,
    };
    const text = JSON.stringify({ ...settings, event_types: ['video.generated', 'credit.added', 'credit.added'] });
    const {
      status,
      body,
      text: answered,
    } = await api.call<Webhook>('POST', '/v1/webhooks', {
      bearer: owner.bearer,
      body: `${text.slice(0, -1).replace('"max_retries":0', '"max_retries":0.0')},"metadata":{"n":12345678901234567890,"cents":10.00}}`,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...settings, event_types: ['credit.added', 'video.generated'] });
    expect(answered).toMatch(/"n": ?12345678901234567890, ?"cents": ?10\.00/);
  });

  it('are listed newest first, page by page, each once, without secrets', async () => {
    const user = await api.user();
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.push((await create({ name: `n${n}` }, user)).id);
    // Made in one statement, they bear one time.
    await asService(ctx.db(), (tx) =>
      tx.query('UPDATE webhooks SET created_at = now() WHERE user_id = $1::uuid', [user.id]),
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await api.call<List>('GET', `/v1/webhooks?limit=2${query}`, { bearer: user.bearer });
      seen.push(...page.body.data.map(({ id }) => id));
      expect(page.text).not.toMatch(/"(secret|verification_token)"/);
      cursor = page.body.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([...made].sort().reverse());
  });

  it('are filtered by state and event type, and for the service by user', async () => {
    const user = await api.user();
    const quiet = await create({ is_active: false }, user);
    const loud = await create({ event_types: ['video.failed'] }, user);
    await ctx
      .db()
      .query('INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, $2)', [
        user.id,
        `ext ${user.id}`,
      ]);
    const ids = async (query: string, call = api.call) =>
      (
        await call<List>('GET', `/v1/webhooks${query}`, { ...(call === api.call && { bearer: user.bearer }) })
      ).body.data.map(({ id }) => id);
    expect(await ids('?is_active=false')).toEqual([quiet.id]);
    expect(await ids('?is_active=true')).toEqual([loud.id]);
    expect(await ids('?event_type=video.failed')).toEqual([loud.id]);
    expect(await ids('?event_type=no.such')).toEqual([]);
    expect(await ids(`?user_id=${user.id}`, api.service)).toEqual([loud.id, quiet.id]);
    expect(await ids(`?external_user_id=ext%20${user.id}&is_active=true`, api.service)).toEqual([loud.id]);
    const all = await api.service<List>('GET', '/v1/webhooks?limit=100');
    expect(new Set(all.body.data.map(({ user_id }) => user_id)).size).toBeGreaterThan(1);
  });

  it('are made by the service for the user that it names', async () => {
    const user = await api.user();
    await ctx
      .db()
      .query('INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, $2)', [
        user.id,
        user.id.slice(0, 8),
      ]);
    for (const whose of [{ user_id: user.id }, { external_user_id: user.id.slice(0, 8) }]) {
      const { status, body } = await api.service<Webhook>('POST', '/v1/webhooks', { body: { ...MINIMUM, ...whose } });
      expect([status, body['user_id']]).toEqual([201, user.id]);
    }
    const refused = async (more: object) => {
      const { status, body } = await api.service<Problem>('POST', '/v1/webhooks', { body: { ...MINIMUM, ...more } });
      return [status, body.code];
    };
    expect(await refused({})).toEqual([400, 'invalid_request']);
    expect(await refused({ user_id: user.id, external_user_id: 'x' })).toEqual([400, 'invalid_request']);
    expect(await refused({ user_id: randomUUID() })).toEqual([422, 'unknown_user']);
    expect(await refused({ external_user_id: 'nobody' })).toEqual([422, 'unknown_user']);
  });

  it('change in what is given alone, null where a setting may be nothing', async () => {
    const { id } = await create({ description: 'old', rate_limit_per_second: 5, metadata: { a: 1 } });
    const patch = { description: null, rate_limit_per_second: null, max_retries: 10, is_ordered: true };
    const { status, body } = await api.call<Webhook>('PATCH', `/v1/webhooks/${id}`, {
      bearer: owner.bearer,
      body: patch,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...patch, ...MINIMUM, metadata: { a: 1 }, timeout_seconds: 30 });
  });

  it('have a new version with each change of a setting, and none with what is counted', async () => {
    const { id } = await create();
    const at = `/v1/webhooks/${id}`;
    const read = (headers: Record<string, string> = {}) => api.call('GET', at, { bearer: owner.bearer, headers });
    for (const body of [{ name: 'x' }, { rate_limit_burst: 9 }, { is_ordered: true }, { metadata: { b: 2 } }]) {
      const etag = (await read()).headers.get('etag') ?? '';
      const patch = { bearer: owner.bearer, body, headers: { 'if-match': etag } };
      const changed = await api.call('PATCH', at, patch);
      expect(changed.status).toBe(200);
      expect(changed.headers.get('etag')).not.toBe(etag);
      expect(await refusal('PATCH', at, patch)).toMatchObject({ status: 412, code: 'version_changed' });
      expect(await refusal('DELETE', at, { headers: { 'if-match': etag } })).toMatchObject({ status: 412 });
    }
    expect((await api.call('DELETE', at, { bearer: owner.bearer, headers: { 'if-match': '*' } })).status).toBe(204);
  });

  it('are shown as they are, also to who has this version of the settings', async () => {
    const { id } = await create();
    const read = (headers: Record<string, string> = {}) =>
      api.call('GET', `/v1/webhooks/${id}`, { bearer: owner.bearer, headers });
    const before = await read();
    const etag = before.headers.get('etag') ?? '';
    await ctx.db().query(
      `UPDATE webhooks SET total_deliveries = 7, consecutive_failures = 2, verification_error_code = 'timeout',
         paused_until = '2100-01-01T00:00:00Z' WHERE id = $1::uuid`,
      [id],
    );
    for (const known of [etag, `W/${etag}`, '*']) {
      const { status, headers, body } = await read({ 'if-none-match': known });
      expect([status, headers.get('etag')]).toEqual([200, etag]);
      expect(body).toEqual({
        ...before.body,
        total_deliveries: 7,
        consecutive_failures: 2,
        verification_error_code: 'timeout',
        paused_until: '2100-01-01T00:00:00.000000Z',
      });
      // Kept by a cache, it would show yesterday's counters.
      expect(headers.get('cache-control')).toContain('no-store');
    }
  });

  it('go with what belongs to them', async () => {
    const { id } = await create({ event_types: ['video.generated'] });
    expect((await api.call('DELETE', `/v1/webhooks/${id}`, { bearer: owner.bearer })).status).toBe(204);
    expect(await refusal('GET', `/v1/webhooks/${id}`, {})).toMatchObject({ status: 404, code: 'webhook_not_found' });
    expect(await refusal('DELETE', `/v1/webhooks/${id}`, {})).toMatchObject({ status: 404, code: 'webhook_not_found' });
  });

  it('are bounded in number for users, and not for the service', async () => {
    const user = await api.user();
    await ctx.db().query('UPDATE hookline.settings SET webhooks_per_user = 1');
    try {
      await create({}, user);
      expect(await refusal('POST', '/v1/webhooks', { body: MINIMUM }, user.bearer)).toMatchObject({
        status: 409,
        code: 'webhook_quota_reached',
      });
      expect((await api.service('POST', '/v1/webhooks', { body: { ...MINIMUM, user_id: user.id } })).status).toBe(201);
    } finally {
      await ctx.db().query('UPDATE hookline.settings SET webhooks_per_user = 100');
    }
  });

  const at400 = { status: 400, code: 'invalid_request' };
  it.each([
    ['no name', { url: MINIMUM.url }, at400],
    ['an empty name', { ...MINIMUM, name: '' }, at400],
    ['a name of 256 characters', { ...MINIMUM, name: 'x'.repeat(256) }, at400],
    ['a field that is not known', { ...MINIMUM, secret: 'mine' }, at400],
    ['11 retries', { ...MINIMUM, max_retries: 11 }, at400],
    ['half a retry', { ...MINIMUM, max_retries: 0.5 }, at400],
    ['no time', { ...MINIMUM, timeout_seconds: 0 }, at400],
    ['another algorithm', { ...MINIMUM, signature_algorithm: 'md5' }, at400],
    ['null where a setting is needed', { ...MINIMUM, is_active: null }, at400],
    ['a user, by a user', { ...MINIMUM, user_id: randomUUID() }, { status: 403, code: 'forbidden' }],
    [
      'another scheme',
      { ...MINIMUM, url: 'ftp://example.com' },
      { status: 422, code: 'invalid_url', pointers: ['/url'] },
    ],
    ['no host', { ...MINIMUM, url: 'https://' }, { status: 422, code: 'invalid_url', pointers: ['/url'] }],
    [
      'a pointer that is none',
      { ...MINIMUM, ordering_key_path: 'customer' },
      { status: 422, code: 'invalid_parameter', pointers: ['/ordering_key_path'] },
    ],
    [
      'much metadata',
      { ...MINIMUM, metadata: { a: 'x'.repeat(65_536) } },
      { status: 422, code: 'invalid_parameter', pointers: ['/metadata'] },
    ],
    [
      'a long description',
      { ...MINIMUM, description: 'é'.repeat(40_000) },
      { status: 422, code: 'invalid_parameter', pointers: ['/description'] },
    ],
    [
      'an event type that nobody registered',
      { ...MINIMUM, event_types: ['no.such'] },
      { status: 422, code: 'unknown_event_type' },
    ],
    ['a NUL character', { ...MINIMUM, description: 'a\u0000' }, { status: 422, code: 'not_storable' }],
  ])('are not made with %s', async (_what, body, expected) => {
    const count = async () => (await ctx.db().query('SELECT FROM webhooks')).rowCount;
    const before = await count();
    expect(await refusal('POST', '/v1/webhooks', { body })).toMatchObject(expected);
    expect(await count()).toBe(before);
  });

  it('are not changed by what they cannot be', async () => {
    const { id } = await create();
    const at = `/v1/webhooks/${id}`;
    for (const body of [{}, { name: null }, { is_verified: true }, { user_id: owner.id }, []]) {
      expect(await refusal('PATCH', at, { body })).toMatchObject(at400);
    }
    expect(await refusal('PATCH', at, { body: { url: 'https://' } })).toMatchObject({
      status: 422,
      code: 'invalid_url',
    });
    expect(await refusal('PATCH', at, { body: { ordering_key_path: '' } })).toMatchObject({
      status: 422,
      pointers: ['/ordering_key_path'],
    });
    expect(await refusal('PATCH', `/v1/webhooks/${randomUUID()}`, { body: { name: 'x' } })).toMatchObject({
      status: 404,
    });
    expect(await refusal('GET', '/v1/webhooks/1', {})).toMatchObject(at400);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'cursor=', 'cursor=AAAA', 'page=2', 'is_active=perhaps', 'user_id=1'])(
    'are not listed by ?%s',
    async (query) => {
      expect((await refusal('GET', `/v1/webhooks?${query}`, {})).status).toBe(400);
    },
  );

  it('refuse a cursor whose time is none, and the user of a user', async () => {
    for (const at of ['2025-13-01T00:00:00.000000Z', '2025-02-30T00:00:00.000000Z', '0000-01-01T00:00:00.000000Z']) {
      const cursor = Buffer.from(`${at} ${randomUUID()}`).toString('base64url');
      expect(await refusal('GET', `/v1/webhooks?cursor=${cursor}`, {})).toMatchObject({
        status: 400,
        code: 'invalid_cursor',
      });
    }
    expect(await refusal('GET', `/v1/webhooks?user_id=${owner.id}`, {})).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  });
});
