import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReceiverServer, type Script, startReceiver } from '../../../test/harness/receiver-server.js';
import { type ClientOptions, createClient, HooklineApiError, ok } from '../src/index.js';

const EVENT = { type: 'video.generated', broadcast: true, payload: { title: 'Ünïcödé 🎬' } } as const;
const WEBHOOK = { name: 'w', url: 'https://subscriber.example/' };
const ID = '6ad7d7a4-6f0c-4c62-9d0f-8f1f9d0e7a11';

describe('the client', () => {
  let server: ReceiverServer;
  beforeAll(async () => {
    server = await startReceiver();
  });
  afterAll(() => server.close());

  /** A client of a server that answers by a script, and what that got since. */
  function scripted(script: Script, options: Partial<ClientOptions> = {}) {
    server.answerWith(script);
    const from = server.requests.length;
    const client = createClient({ url: new URL(server.url).origin, token: 'a-token', backoffMs: 1, ...options });
    return { client, requests: () => server.requests.slice(from) };
  }
  const json = (body: object, status = 200) => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const problem = (code: string, status: number) => ({
    ...json({ type: `urn:hookline:problem:${code}`, title: code, status, detail: `It is ${code}.`, code }, status),
    headers: { 'content-type': 'application/problem+json', 'x-request-id': 'r-1' },
  });

  it('tries again what may pass, and sends the very same each time', async () => {
    const away = { status: 503, headers: { 'retry-after': '0' } };
    const answers = [away, 'destroy', { status: 500 }, json({ event_id: ID }, 202)] as const;
    const { client, requests } = scripted(answers);
    expect(ok(await client.POST('/v1/events', { body: EVENT }))).toEqual({ event_id: ID });
    expect(requests()).toHaveLength(4);
    const [first, ...others] = requests().map(({ headers, body }) => ({
      body: body.toString(),
      key: headers['idempotency-key'],
    }));
    expect(JSON.parse(first?.body ?? '')).toEqual(EVENT);
    expect(first?.key).toMatch(/^[0-9a-f-]{36}$/);
    expect(others).toEqual([first, first, first]);
  });

  it('gives each event a key of its own, and keeps the one that is given', async () => {
    const { client, requests } = scripted([json({ event_id: ID }, 202)]);
    await client.POST('/v1/events', { body: EVENT });
    await client.POST('/v1/events', { body: EVENT });
    await client.POST('/v1/events', { body: EVENT, params: { header: { 'idempotency-key': 'mine' } } });
    const keys = requests().map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('mine');
  });

  it('does not try again what could be done twice, but after 429, which did nothing', async () => {
    const create = scripted([{ status: 503 }, json({ id: ID }, 201)]);
    expect((await create.client.POST('/v1/webhooks', { body: WEBHOOK })).response.status).toBe(503);
    expect(create.requests()).toHaveLength(1);
    const broken = scripted(['destroy']);
    await expect(broken.client.POST('/v1/webhooks', { body: WEBHOOK })).rejects.toThrow(TypeError);
    expect(broken.requests()).toHaveLength(1);
    const limited = scripted([{ status: 429, headers: { 'retry-after': '0' } }, json({ id: ID }, 201)]);
    expect((await limited.client.POST('/v1/webhooks', { body: WEBHOOK })).response.status).toBe(201);
    expect(limited.requests()[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('gives up after so many tries, with the last answer or error', async () => {
    const { client, requests } = scripted([problem('unavailable', 500)], { retries: 2 });
    const { error, response } = await client.GET('/v1/event-types');
    expect([error, response.status]).toMatchObject([{ code: 'unavailable' }, 500]);
    expect(requests()).toHaveLength(3);
    const none = scripted(['destroy'], { retries: 0 });
    await expect(none.client.GET('/v1/event-types')).rejects.toThrow(TypeError);
    expect(none.requests()).toHaveLength(1);
  });

  it.each([400, 401, 404, 409, 412, 422])('does not repeat a refusal: %d', async (status) => {
    const { client, requests } = scripted([problem('not_found', status)]);
    await expect(client.GET('/v1/event-types').then(ok)).rejects.toThrow(HooklineApiError);
    expect(requests()).toHaveLength(1);
  });

  it('does not repeat a 503 that says nothing of a later time: an operator has to mend it', async () => {
    for (const after of [undefined, 'soon', '1.5', '-5', '2026-01-01']) {
      const refusal = problem('token_keys_not_set', 503);
      const headers = { ...refusal.headers, ...(after !== undefined && { 'retry-after': after }) };
      const { client, requests } = scripted([{ ...refusal, headers }]);
      const { error } = await client.GET('/v1/event-types');
      expect(error).toMatchObject({ code: 'token_keys_not_set' });
      expect(requests(), after).toHaveLength(1);
    }
  });

  it('waits as long as Retry-After says, in seconds or until a date', async () => {
    const inTwoSeconds = () => new Date(Date.now() + 2_000).toUTCString();
    for (const after of [() => '1', inTwoSeconds]) {
      const { client, requests } = scripted([
        { status: 503, headers: { 'retry-after': after() } },
        json({ data: [], next_cursor: null }),
      ]);
      await client.GET('/v1/event-types');
      const [first, second] = requests().map(({ at }) => at);
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(950);
    }
  });

  it('leaves a long Retry-After to the caller', async () => {
    const { client, requests } = scripted([{ status: 429, headers: { 'retry-after': '61' } }]);
    expect((await client.GET('/v1/event-types')).response.status).toBe(429);
    expect(requests()).toHaveLength(1);
  });

  it('bounds each try by its time-out, and stops at once when the caller does', async () => {
    const hanging = scripted(['hang', json({ data: [], next_cursor: null })], { timeoutMs: 2_000 });
    expect((await hanging.client.GET('/v1/event-types')).response.status).toBe(200);
    expect(hanging.requests()).toHaveLength(2);
    const waiting = scripted([{ status: 503, headers: { 'retry-after': '50' } }]);
    const abort = new AbortController();
    const call = waiting.client.GET('/v1/event-types', { signal: abort.signal });
    await server.waitFor(server.requests.length - waiting.requests().length + 1);
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow();
    expect(waiting.requests()).toHaveLength(1);
  });

  it('asks for the token each time', async () => {
    let asked = 0;
    const { client, requests } = scripted([json({ data: [], next_cursor: null })], {
      token: async () => `token-${++asked}`,
    });
    await client.GET('/v1/event-types');
    await client.GET('/v1/event-types');
    expect(requests().map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('makes an error of a refusal, with its code, and with that of no problem document', async () => {
    const { client } = scripted([problem('webhook_quota', 409), { status: 413, body: '<html>' }]);
    const thrown = await client
      .POST('/v1/webhooks', { body: WEBHOOK })
      .then(ok)
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(HooklineApiError);
    expect(thrown).toMatchObject({
      status: 409,
      code: 'webhook_quota',
      message: 'It is webhook_quota.',
      requestId: 'r-1',
    });
    await expect(client.POST('/v1/webhooks', { body: WEBHOOK }).then(ok)).rejects.toMatchObject({
      code: 'http_413',
      problem: '<html>',
    });
  });

  it('goes through a list page by page, as it is read', async () => {
    const pages: Script = ({ url }) => {
      const cursor = Number(new URL(url, server.url).searchParams.get('cursor') ?? 0);
      return json({
        data: [{ event_type: `t${cursor}` }, { event_type: `t${cursor + 1}` }],
        next_cursor: cursor < 4 ? String(cursor + 2) : null,
      });
    };
    const { client, requests } = scripted(pages);
    const types: string[] = [];
    for await (const { event_type } of client.each('/v1/event-types', { params: { query: { limit: 2 } } }))
      types.push(event_type);
    expect(types).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
    expect(requests().map(({ url }) => url)).toEqual([
      '/v1/event-types?limit=2',
      '/v1/event-types?limit=2&cursor=2',
      '/v1/event-types?limit=2&cursor=4',
    ]);
    for await (const _ of client.each('/v1/event-types')) break;
    expect(requests()).toHaveLength(4);
    const refused = scripted([problem('unauthorized', 401)]);
    await expect(refused.client.each('/v1/event-types').next()).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
