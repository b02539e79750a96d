import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVisitor } from '../../src/cli/demo/visitor.js';
import { openTestDatabase } from '../harness/databases.js';
import { type ContractedApi, serveContract } from './api-callers.js';
import { SERVICE_KEY } from './api-client.js';
import { rawRequest, setCookieOf, signIn } from './session-helpers.js';

const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };

describe('the session that the demo gives', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let api: ContractedApi;
  let user: { id: string };
  const visitor = createVisitor();
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    api = await serveContract(database.db, { automaticCredential: () => visitor.credential() });
    user = await api.user();
  });
  afterAll(async () => {
    await api.app.close();
    await database.drop();
  });
  const ask = async (headers: Record<string, string>, { url } = api) => {
    const answer = await rawRequest(url, '/v1/session', { headers });
    const body: Record<string, unknown> = JSON.parse(answer.text);
    return { ...answer, body, cookies: answer.headers.getSetCookie() };
  };

  it('is none while there is no user', async () => {
    expect(await ask(OWN_PAGE)).toMatchObject({ status: 401, body: { code: 'unauthorized' }, cookies: [] });
  });

  it('is of its user, who may write, for every page of its own', async () => {
    visitor.become(database.db, user.id);
    const given = await ask(OWN_PAGE);
    expect(given).toMatchObject({ status: 200, body: { kind: 'user', user_id: user.id, access: 'write' } });
    const { cookie } = setCookieOf(given.headers);
    const webhook = { name: 'n', url: 'https://a.example' };
    const headers = { cookie, 'x-csrf-token': String(given.body['csrf_token']) };
    expect((await api.call('POST', '/v1/webhooks', { headers, body: webhook })).status).toBe(201);
    // Once: the page that has it keeps it.
    const again = await ask({ ...OWN_PAGE, cookie });
    expect([again.body, again.cookies]).toEqual([given.body, []]);
  });

  it.each([
    [{}, 401],
    [{ 'sec-fetch-site': 'cross-site' }, 401],
    [{ 'sec-fetch-site': 'same-site' }, 401],
    [{ 'sec-fetch-site': 'none' }, 401],
    [{ ...OWN_PAGE, authorization: 'Bearer wrong' }, 401],
    [{ ...OWN_PAGE, host: 'evil.example' }, 421],
  ])('is given to nobody else: %j', async (headers: Record<string, string>, status) => {
    expect(await ask(headers)).toMatchObject({ status, cookies: [] });
  });

  it('opens nothing but itself', async () => {
    expect((await rawRequest(api.url, '/v1/webhooks', { headers: OWN_PAGE })).status).toBe(401);
  });

  it('takes the place of one that has ended, and of one that an earlier run gave', async () => {
    const broken = await ask({ ...OWN_PAGE, cookie: 'hookline_session=x' });
    expect(broken).toMatchObject({ status: 200, body: { user_id: user.id } });
    const later = await api.user();
    const before = setCookieOf(broken.headers).cookie;
    const run = createVisitor();
    run.become(database.db, later.id);
    const next = await serveContract(database.db, { automaticCredential: () => run.credential() });
    const mine = await ask({ ...OWN_PAGE, cookie: before }, next);
    const operator = await signIn(next.url, SERVICE_KEY);
    const stays = await ask({ ...OWN_PAGE, cookie: operator.cookie }, next);
    await next.app.close();
    expect(mine).toMatchObject({ status: 200, body: { user_id: later.id } });
    // Whoever signed in stays.
    expect(stays).toMatchObject({ status: 200, body: { kind: 'service' }, cookies: [] });
  });

  it('is given by no other server', async () => {
    const usual = await serveContract(database.db);
    const answer = await ask(OWN_PAGE, usual);
    await usual.app.close();
    expect(answer).toMatchObject({ status: 401, cookies: [] });
  });
});
