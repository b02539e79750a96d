import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../src/api/server.js';
import { createSealing } from '../../src/api/session/sealing.js';
import { openTestDatabase } from '../harness/databases.js';
import { type ContractedApi, serveContract } from './api-callers.js';
import { SERVICE_KEY } from './api-client.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { openStream } from './event-streams.js';
import { postSession, type RawAnswer, rawRequest, type SignedIn, signIn } from './session-helpers.js';

const KEYS = { serviceKey: SERVICE_KEY, jwtSecret: JWT_SECRET };
const JSON_TYPE = { 'content-type': 'application/json' };
const WEBHOOK = JSON.stringify({ name: 'n', url: 'https://a.example' });

function outcome({ status, text }: RawAnswer): [status: number, code: unknown] {
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  return [status, body['code']];
}

describe('what a session is guarded by', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let api: ContractedApi;
  let user: { id: string; bearer: string };
  let session: SignedIn;
  let own: { origin: string; host: string };
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    await database.db.query('UPDATE hookline.settings SET webhooks_per_user = 10000');
    api = await serveContract(database.db);
    user = await api.user();
    session = await signIn(api.url, user.bearer);
    own = { origin: api.url, host: new URL(api.url).host };
  });
  afterAll(async () => {
    await api.app.close();
    await database.drop();
  });
  const write = (headers: Record<string, string>) =>
    rawRequest(api.url, '/v1/webhooks', {
      method: 'POST',
      headers: { ...JSON_TYPE, cookie: session.cookie, ...headers },
      body: WEBHOOK,
    });

  it('a write with its CSRF token, from its own page, passes', async () => {
    const headers = { 'x-csrf-token': session.csrf };
    for (const more of [{}, own, { ...own, 'sec-fetch-site': 'same-origin' }]) {
      expect(outcome(await write({ ...headers, ...more }))).toEqual([201, undefined]);
    }
  });

  it('a write without it, or with another, is refused', async () => {
    const another = await signIn(api.url, user.bearer);
    const wrong = ['', 'x', session.csrf.slice(1), `${session.csrf}x`, session.csrf.toLowerCase(), another.csrf];
    expect(outcome(await write({}))).toEqual([403, 'csrf_token_missing']);
    for (const token of wrong) {
      expect([token, ...outcome(await write({ 'x-csrf-token': token }))]).toEqual([token, 403, 'csrf_token_missing']);
    }
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const path = '/v1/webhooks/00000000-0000-4000-8000-000000000000';
      const call = { method, headers: { cookie: session.cookie } };
      const target = method === 'PUT' ? `${path}/headers` : path;
      expect([method, ...outcome(await rawRequest(api.url, target, call))]).toEqual([
        method,
        403,
        'csrf_token_missing',
      ]);
    }
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1:1' }],
    [{ origin: 'file://127.0.0.1' }],
  ])('one from elsewhere is refused though its token is right: %j', async (headers) => {
    expect(outcome(await write({ 'x-csrf-token': session.csrf, ...headers }))).toEqual([403, 'cross_origin_request']);
    expect(outcome(await postSession(api.url, user.bearer, headers))).toEqual([403, 'cross_origin_request']);
    const end = { method: 'DELETE', headers: { cookie: session.cookie, 'x-csrf-token': session.csrf, ...headers } };
    expect(outcome(await rawRequest(api.url, '/v1/session', end))).toEqual([403, 'cross_origin_request']);
  });

  it('a reader needs no token, but comes from no other page either', async () => {
    const read = (headers: object) =>
      rawRequest(api.url, '/v1/webhooks', { headers: { cookie: session.cookie, ...headers } });
    for (const site of ['same-origin', 'none']) expect((await read({ 'sec-fetch-site': site })).status).toBe(200);
    expect(outcome(await read({ 'sec-fetch-site': 'cross-site' }))).toEqual([403, 'cross_origin_request']);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', 'evil@localhost', '127.0.0.2'])(
    'a name that leads here, %j, opens no session; bearers are taken under any',
    async (host) => {
      const sent = { host };
      const cookie = { ...sent, cookie: session.cookie };
      const refused = [421, 'host_not_allowed'];
      expect(outcome(await rawRequest(api.url, '/v1/webhooks', { headers: cookie }))).toEqual(refused);
      expect(outcome(await rawRequest(api.url, '/v1/session', { headers: cookie }))).toEqual(refused);
      expect(outcome(await rawRequest(api.url, '/v1/session', { headers: sent }))).toEqual(refused);
      expect(outcome(await postSession(api.url, user.bearer, sent))).toEqual(refused);
      const bearer = { ...sent, authorization: `Bearer ${user.bearer}` };
      expect((await rawRequest(api.url, '/v1/webhooks', { headers: bearer })).status).toBe(200);
    },
  );

  it.each(['localhost', 'LocalHost:1', '127.0.0.1:9', '[::1]:80'])('%s is this machine', async (host) => {
    const answer = await rawRequest(api.url, '/v1/webhooks', { headers: { host, cookie: session.cookie } });
    expect(answer.status).toBe(200);
  });

  it('takes the names that are set, beside those of loopback', async () => {
    const proxied = await serveContract(database.db, { allowedHosts: ['Hooks.example', 'other.example:8443'] });
    const ask = async (host: string) =>
      (await rawRequest(proxied.url, '/v1/webhooks', { headers: { host, cookie: session.cookie } })).status;
    const statuses = await Promise.all(
      ['hooks.example', 'hooks.example:444', 'other.example:8443', 'localhost', 'other.example', 'example'].map(ask),
    );
    await proxied.app.close();
    expect(statuses).toEqual([200, 200, 200, 200, 421, 421]);
  });

  it('a server that listens elsewhere takes every name, unless some are set', async () => {
    const statuses: number[] = [];
    for (const allowedHosts of [[], ['hooks.example']]) {
      const log = pino({ level: 'silent' });
      const app = createServer({ db: database.db, log, ...KEYS, maxBodyBytes: 1_024, allowedHosts });
      await app.listen({ host: '0.0.0.0', port: 0 });
      const address = app.addresses()[0];
      const port = typeof address === 'object' ? address.port : 0;
      for (const host of ['any.example', 'hooks.example']) {
        const headers = { host, cookie: session.cookie };
        statuses.push((await rawRequest(`http://127.0.0.1:${port}`, '/v1/webhooks', { headers })).status);
      }
      await app.close();
    }
    expect(statuses).toEqual([200, 200, 421, 200]);
  });

  it('guesses of credentials spend the limit of their address', async () => {
    const limited = await serveContract(database.db, { rateLimit: 3 });
    const guess = async (index: number) =>
      (await postSession(limited.url, `hk_${String(index).padStart(43, 'A')}`)).status;
    const statuses = [];
    for (let index = 0; index < 5; index += 1) statuses.push(await guess(index));
    const right = await postSession(limited.url, user.bearer);
    await limited.app.close();
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(right.status).toBe(200);
  });

  it('is refused when its time is over, and a live stream ends then', async () => {
    const { seal } = createSealing(KEYS);
    const sealed = await seal({ credential: user.bearer, csrfToken: 'c', endsAt: inSeconds(6) });
    const cookie = `hookline_session=${sealed}`;
    const stream = await openStream(api.url, { cookie });
    const [end] = await stream.waitFor('end');
    expect(end?.data).toMatchObject({ code: 'session_expired' });
    await stream.ended;
    const answer = await rawRequest(api.url, '/v1/webhooks', { headers: { cookie } });
    expect(outcome(answer)).toEqual([401, 'session_expired']);
  });

  it('a live stream ends when its credential is revoked', async () => {
    const watching = await serveContract(database.db, { streams: { checkMs: 100 } });
    const body = { access: 'read', user_id: user.id };
    const { body: made } = await api.service<{ id: string; token: string }>('POST', '/v1/portal-tokens', { body });
    const { cookie } = await signIn(watching.url, made.token);
    const stream = await openStream(watching.url, { cookie });
    await api.service('DELETE', `/v1/portal-tokens/${made.id}`);
    const [end] = await stream.waitFor('end');
    expect(end?.data).toMatchObject({ code: 'token_revoked' });
    await stream.ended;
    await watching.app.close();
  });

  it('a live stream ends with its credential', async () => {
    const { cookie } = await signIn(api.url, await sign(userClaims(user.id, { exp: inSeconds(6) })));
    const stream = await openStream(api.url, { cookie });
    const [end] = await stream.waitFor('end');
    expect(end?.data).toMatchObject({ code: 'token_expired' });
    await stream.ended;
  });

  it('the service key in a session is the service, and its guesses are none', async () => {
    const { cookie } = await signIn(api.url, SERVICE_KEY);
    const { status } = await api.call('GET', '/v1/signing-keys', { headers: { cookie } });
    expect(status).toBe(200);
    const mine = await api.call('GET', '/v1/signing-keys', { headers: { cookie: session.cookie } });
    expect([mine.status, mine.body['code']]).toEqual([403, 'forbidden']);
  });
});
