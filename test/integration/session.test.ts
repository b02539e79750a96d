import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { waitUntil } from '../harness/wait-until.js';
import { type ContractedApi, serveContract } from './api-callers.js';
import { SERVICE_KEY } from './api-client.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { postSession, rawRequest, setCookieOf, signIn } from './session-helpers.js';

const HOURS_12 = 12 * 3_600;

describeOnPostgres('sessions of browsers', (ctx) => {
  let api: ContractedApi;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
  });
  afterAll(() => api.app.close());

  const make = async (kind: 'api_key' | 'portal_token', { access = 'write', lasts = '1 day' } = {}) => {
    const owner = await createUser(ctx.db());
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ id: string; token: string }>(
        "SELECT token_id::text AS id, token FROM hookline.create_access_token($1, $2::uuid, 'n', $3, $4::interval)",
        [kind, owner, access, lasts],
      ),
    );
    return { owner, id: rows[0]?.id ?? '', token: rows[0]?.token ?? '' };
  };
  const exchange = (token: string) => api.call<Record<string, unknown>>('POST', '/v1/session', { body: { token } });
  const codeWith = async (cookie: string) => {
    const { status, body } = await api.call('GET', '/v1/webhooks', { headers: { cookie } });
    return [status, body['code']];
  };

  it.each(['api_key', 'portal_token'] as const)('%s is exchanged for the session of its user', async (kind) => {
    const { owner, token } = await make(kind);
    const { status, body, headers } = await exchange(token);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({ kind: 'user', user_id: owner, access: 'write', version: expect.any(String) });
    const { cookie, value, attributes } = setCookieOf(headers);
    expect(attributes).toEqual({ 'max-age': expect.any(String), path: '/v1', httponly: '', samesite: 'Strict' });
    const left = Date.parse(String(body['expires_at'])) / 1000 - inSeconds(0);
    expect(Math.abs(left - HOURS_12)).toBeLessThanOrEqual(5);
    expect(Number(attributes['max-age'])).toBe(HOURS_12);
    // What the browser holds tells nothing.
    expect(value).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(Buffer.from(value.split('.')[3] ?? '', 'base64url').toString()).not.toContain(token);
    expect(await codeWith(cookie)).toEqual([200, undefined]);
    const read = await api.call('GET', '/v1/session', { headers: { cookie } });
    expect(read.body).toEqual(body);
  });

  it('a JWT and the service key are, too', async () => {
    const user = await api.user();
    const { body } = await exchange(user.bearer);
    expect(body).toMatchObject({ kind: 'user', user_id: user.id, access: 'write' });
    // No longer than the credential.
    expect(Date.parse(String(body['expires_at'])) / 1000).toBeLessThanOrEqual(inSeconds(3_600));
    const service = await signIn(api.url, SERVICE_KEY);
    expect(service.body).toMatchObject({ kind: 'service', user_id: null, access: 'write' });
    const listed = await api.call('GET', '/v1/portal-tokens', { headers: { cookie: service.cookie } });
    expect(listed.status).toBe(200);
    const payload = { type: 'video.generated', payload: {}, user_id: user.id };
    const headers = { cookie: service.cookie, 'x-csrf-token': service.csrf };
    expect((await api.call('POST', '/v1/events', { body: payload, headers })).status).toBe(202);
    const short = await exchange(await sign({ role: 'service_role', exp: inSeconds(60) }));
    expect(Number(setCookieOf(short.headers).attributes['max-age'])).toBeLessThanOrEqual(60);
  });

  it('a user whose id is the application’s own is named by their UUID', async () => {
    const sub = `customer-${randomUUID()}`;
    const { status, body } = await exchange(await sign(userClaims(sub)));
    if (status === 401) expect(body['code']).toBe('token_user_unknown');
    else expect(body['user_id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['hk_unknown', 401, 'unknown_token'],
    ['nothing', 401, 'malformed_token'],
    [`${SERVICE_KEY}x`, 401, 'malformed_token'],
    ['two words', 400, 'invalid_request'],
    ['', 400, 'invalid_request'],
    ['x'.repeat(8_193), 400, 'invalid_request'],
  ])('%.30s is refused and sets nothing', async (token, status, code) => {
    const answer = await exchange(token);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('what signs nobody in, and what has expired, is refused', async () => {
    const anon = await exchange(await sign({ role: 'anon', exp: inSeconds(60) }));
    expect([anon.status, anon.body['code']]).toEqual([401, 'unauthorized']);
    const late = await exchange(await sign(userClaims(randomUUID(), { exp: inSeconds(-10) })));
    expect([late.status, late.body['code']]).toEqual([401, 'token_expired']);
    expect([...anon.headers.getSetCookie(), ...late.headers.getSetCookie()]).toEqual([]);
  });

  it('a credential that fits into no cookie is refused, and told why', async () => {
    const { id } = await api.user();
    const { status, body, headers } = await exchange(await sign(userClaims(id, { groups: 'g'.repeat(3_000) })));
    expect([status, body['code'], headers.getSetCookie()]).toEqual([422, 'credential_too_long', []]);
    expect(body['hint']).toContain('portal token');
    const fitting = await exchange(await sign(userClaims(id, { groups: 'g'.repeat(1_500) })));
    expect(fitting.status).toBe(200);
    expect(setCookieOf(fitting.headers).text.length).toBeLessThanOrEqual(4_096);
  });

  it('ends at once with its credential', async () => {
    const [revoked, expired] = [await make('api_key'), await make('portal_token')];
    const sessions = [await signIn(api.url, revoked.token), await signIn(api.url, expired.token)] as const;
    const change = 'UPDATE hookline.access_tokens SET';
    await ctx.db().query(`${change} revoked_at = now() WHERE id = $1::uuid`, [revoked.id]);
    await ctx.db().query(`${change} expires_at = now() WHERE id = $1::uuid`, [expired.id]);
    const ended = async () => {
      const codes = [await codeWith(sessions[0].cookie), await codeWith(sessions[1].cookie)];
      return codes.every(([status]) => status === 401) ? codes : undefined;
    };
    const codes = await waitUntil(ended, { message: 'the sessions to end', timeoutMs: 5_000 });
    expect(codes).toEqual([
      [401, 'token_revoked'],
      [401, 'token_expired'],
    ]);
  });

  it('what it opens is kept by no cache', async () => {
    const { cookie } = await signIn(api.url, SERVICE_KEY);
    for (const path of ['/v1/webhooks', '/v1/deliveries', '/v1/users', '/v1/statistics', '/v1/event-types']) {
      const { headers } = await api.call('GET', path, { headers: { cookie } });
      expect([path, headers.get('cache-control')]).toEqual([path, expect.stringContaining('no-store')]);
    }
  });

  it('one that may only read changes nothing', async () => {
    const { token } = await make('portal_token', { access: 'read' });
    const { cookie, csrf, body } = await signIn(api.url, token);
    expect(body['access']).toBe('read');
    const answer = await api.call('POST', '/v1/webhooks', {
      headers: { cookie, 'x-csrf-token': csrf },
      body: { name: 'n', url: 'https://a.example' },
    });
    expect([answer.status, answer.body['code']]).toEqual([403, 'read_only_credential']);
  });

  it('is taken by another server with the same key, and by none with another', async () => {
    const { token } = await make('portal_token');
    const { cookie } = await signIn(api.url, token);
    const same = await serveContract(ctx.db());
    const byJwtSecret = [0, 1].map(() => serveContract(ctx.db(), { serviceKey: undefined, jwtSecret: JWT_SECRET }));
    const [one, two] = await Promise.all(byJwtSecret);
    const foreign = await serveContract(ctx.db(), { serviceKey: 'another-service-key' });
    const keyless = await serveContract(ctx.db(), { serviceKey: undefined, jwtSecret: undefined });
    const ask = async (server: ContractedApi | undefined, sent: string) =>
      (await server?.call('GET', '/v1/webhooks', { headers: { cookie: sent } }))?.status;
    try {
      expect(await ask(same, cookie)).toBe(200);
      expect(await ask(two, (await signIn(one?.url ?? '', token)).cookie)).toBe(200);
      expect(await ask(keyless, (await signIn(keyless.url, token)).cookie)).toBe(200);
      for (const other of [foreign, keyless, one]) expect(await ask(other, cookie)).toBe(401);
    } finally {
      await Promise.all([same, one, two, foreign, keyless].map((server) => server?.app.close()));
    }
  });

  it('one that was tampered with has ended, and the browser is told to forget it', async () => {
    const { token } = await make('portal_token');
    const { cookie } = await signIn(api.url, token);
    const value = cookie.split('=')[1] ?? '';
    const parts = value.split('.');
    const flipped = (part = '') => (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
    const wrong = [
      'x',
      '....',
      value.slice(0, -1),
      `${value}A`,
      token,
      parts.map((part, index) => (index === 0 ? flipped(part) : part)).join('.'),
      parts.map((part, index) => (index === 3 ? flipped(part) : part)).join('.'),
      parts.map((part, index) => (index === 4 ? flipped(part) : part)).join('.'),
      'A'.repeat(7_000),
      '%00%ff',
    ];
    for (const one of wrong) {
      const answer = await api.call('GET', '/v1/webhooks', { headers: { cookie: `hookline_session=${one}` } });
      expect([one, answer.status, answer.body['code']]).toEqual([one, 401, 'session_expired']);
      const cleared = setCookieOf(answer.headers);
      expect(cleared).toMatchObject({ value: '', attributes: { 'max-age': '0', path: '/v1' } });
    }
    // Other cookies, and no value at all, are no session.
    for (const one of ['hookline_session=', 'other=1', '=;;;', '']) {
      const answer = await api.call('GET', '/v1/webhooks', { headers: { cookie: one } });
      expect([one, answer.body['code'], answer.headers.getSetCookie()]).toEqual([one, 'unauthorized', []]);
    }
  });

  it('Authorization comes before it', async () => {
    const [mine, theirs] = [await make('portal_token'), await make('portal_token')];
    const { cookie } = await signIn(api.url, mine.token);
    const headers = { cookie };
    const { body } = await api.call('GET', '/v1/session', { bearer: theirs.token, headers });
    expect(body).toMatchObject({ user_id: theirs.owner, csrf_token: null, expires_at: expect.any(String) });
    const wrong = await api.call('GET', '/v1/session', { bearer: 'wrong', headers });
    expect([wrong.status, wrong.body['code']]).toEqual([401, 'malformed_token']);
    const service = await api.service('GET', '/v1/session');
    expect(service.body).toMatchObject({ kind: 'service', expires_at: null, csrf_token: null });
    // No page can send a bearer of its own accord.
    const webhook = { name: 'n', url: 'https://a.example' };
    const made = await api.call('POST', '/v1/webhooks', { bearer: theirs.token, headers, body: webhook });
    expect(made.status).toBe(201);
  });

  it('without a credential nobody is signed in', async () => {
    const { status, body, headers } = await api.call('GET', '/v1/session');
    expect([status, body['code'], headers.getSetCookie()]).toEqual([401, 'unauthorized', []]);
  });

  it('DELETE ends it in the browser', async () => {
    const { token } = await make('portal_token');
    const { cookie, csrf } = await signIn(api.url, token);
    const refused = await api.call('DELETE', '/v1/session', { headers: { cookie } });
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []]);
    for (const sent of [{ cookie, 'x-csrf-token': csrf }, { cookie: 'hookline_session=x' }, {}]) {
      const { status, headers } = await api.call('DELETE', '/v1/session', { headers: sent });
      expect([status, setCookieOf(headers).value, setCookieOf(headers).attributes['max-age']]).toEqual([204, '', '0']);
    }
  });

  it('counts nowhere but under /v1', async () => {
    const { token } = await make('portal_token');
    const { cookie } = await signIn(api.url, token);
    const headers = { cookie, 'content-type': 'application/json' };
    const graphql = await rawRequest(api.url, '/graphql', {
      method: 'POST',
      headers,
      body: '{"query":"{__typename}"}',
    });
    expect(graphql.status).toBe(401);
    const rpc = await rawRequest(api.url, '/rest/v1/rpc/list_webhooks', { method: 'POST', headers, body: '{}' });
    expect(rpc.status).toBeGreaterThanOrEqual(400);
  });

  it.each([
    [{ origin: 'https://hooks.example' }, true],
    [{ origin: 'http://127.0.0.1' }, false],
    [{}, false],
  ])('is for https alone where the page is: %j', async (headers, isSecure) => {
    const { token } = await make('portal_token');
    const host = 'origin' in headers ? new URL(headers.origin ?? '').host : '127.0.0.1';
    const proxied = await serveContract(ctx.db(), { allowedHosts: ['hooks.example'] });
    const answer = await postSession(proxied.url, token, { ...headers, host });
    await proxied.app.close();
    expect(answer.status).toBe(200);
    expect('secure' in setCookieOf(answer.headers).attributes).toBe(isSecure);
  });
});
