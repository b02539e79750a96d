import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openTestDatabase } from '../harness/databases.js';
import { type Answer, answerOf, postEvent, SERVICE_KEY, serveApi } from './api-client.js';

const EVENT = '{"type":"video.generated","broadcast":true,"payload":{}}';

/** Sends bytes that need not be HTTP, and gives all that comes back. */
async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

function expectProblem({ status, type, body }: Answer, code: string): void {
  expect(type).toContain('application/problem+json');
  expect(body).toMatchObject({
    type: `urn:hookline:problem:${code}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    code,
    request_id: expect.any(String),
  });
}

describe('problem documents', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let withoutKey: Awaited<ReturnType<typeof serveApi>>;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    served = await serveApi(database.db);
    withoutKey = await serveApi(database.db, { serviceKey: undefined });
  });
  afterAll(async () => {
    await served.app.close();
    await withoutKey.app.close();
    await database.drop();
  });
  const call = async (path: string, init?: RequestInit) => answerOf(await fetch(served.url + path, init));

  it('answer an unknown path', async () => {
    expectProblem(await call('/nowhere?token=x'), 'not_found');
  });

  it('show a long path cut', async () => {
    const { body } = await call(`/${'x'.repeat(5_000)}`);
    expect(body['detail']).toBe(`There is nothing at /${'x'.repeat(198)}….`);
  });

  it('answer a wrong method, and name the right one', async () => {
    const answer = await call('/v1/events');
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expectProblem(answer, 'method_not_allowed');
  });

  it('answer a path that cannot be decoded', async () => {
    expectProblem(await call('/%zz'), 'invalid_request');
  });

  it.each([undefined, '', 'Bearer', 'Bearer wrong', `Basic ${SERVICE_KEY}`, `Bearer ${SERVICE_KEY}x`])(
    'answer the credentials %j before the body is looked at',
    async (authorization) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await call('/v1/events', { method: 'POST', headers, body: 'not JSON' });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expectProblem(answer, 'unauthorized');
    },
  );

  it('answer 503 while no service key is set', async () => {
    const answer = await postEvent(withoutKey.url, EVENT);
    expect(answer.status).toBe(503);
    expectProblem(answer, 'service_key_not_set');
    expect(answer.body['hint']).toContain('HOOKLINE_SERVICE_KEY');
  });

  it.each(['{', '', '{"a":1}}', "{'a':1}"])('answer the broken JSON %j', async (body) => {
    const answer = await postEvent(served.url, body);
    expect(answer.status).toBe(400);
    expectProblem(answer, 'invalid_json');
  });

  it('answer bytes that are no UTF-8', async () => {
    const bytes = Uint8Array.from([...Buffer.from('{"type":"'), 0xff, ...Buffer.from('"}')]);
    expectProblem(await postEvent(served.url, bytes), 'invalid_json');
  });

  it.each(['text/plain', 'application/xml', ';;'])('answer the content type %s', async (type) => {
    const answer = await postEvent(served.url, EVENT, { 'content-type': type });
    expect(answer.status).toBe(415);
    expectProblem(answer, 'unsupported_media_type');
  });

  it.each(['gzip', 'br', 'identity, gzip'])('answer the encoding %s', async (encoding) => {
    const answer = await postEvent(served.url, EVENT, { 'content-encoding': encoding });
    expect(answer.status).toBe(415);
    expectProblem(answer, 'unsupported_media_type');
    expect(answer.body['detail']).toContain(encoding);
    expect((await postEvent(served.url, EVENT, { 'content-encoding': 'identity' })).status).toBe(202);
  });

  it('answer a body over the limit', async () => {
    // The limit of a body is 1 MiB here; of one that may hold a batch of events, four times that.
    const answer = await postEvent(served.url, `{"type":"${'x'.repeat(4_194_304)}"}`);
    expect(answer.status).toBe(413);
    expectProblem(answer, 'body_too_large');
    expect(answer.body['detail']).toContain('4194304 bytes');
    expect(answer.body['hint']).toContain('HOOKLINE_MAX_BODY_BYTES');
  });

  it('name the wrong fields', async () => {
    const { body } = await postEvent(served.url, '{"type":1,"payload":{},"broadcast":false,"more":1}');
    expect(body['detail']).toBe('body does not take more; type must be a string; broadcast must be true.');
  });

  it.each([
    ['{}', 'type and payload are missing.'],
    ['{"type":"video.generated"}', 'payload is missing.'],
    ['[1]', 'body must be an object.'],
    ['{"type":"video.generated","payload":[1]}', 'payload must be an object.'],
  ])('say what is wrong with %s', async (sent, detail) => {
    expect((await postEvent(served.url, sent)).body['detail']).toBe(detail);
  });

  it.each([
    ['/v1/deliveries?status=bad', 'status must be one of pending, success, retrying, failed.'],
    ['/v1/deliveries/stream?status=bad', 'status must be one of pending, success, retrying, failed.'],
    ['/v1/deliveries?since=yesterday', 'since must be a date-time, such as 2026-11-22T10:00:00Z.'],
  ])('say what %s may take', async (path, detail) => {
    const { body } = await call(path, { headers: { authorization: `Bearer ${SERVICE_KEY}` } });
    expect(body['detail']).toBe(detail);
  });

  it('say in the words of HTTP how a user is made known', async () => {
    const headers = { authorization: `Bearer ${SERVICE_KEY}` };
    const { body } = await call('/v1/deliveries?external_user_id=nobody', { headers });
    expect(body).toMatchObject({ code: 'unknown_user', hint: expect.stringContaining('a request with a token (JWT)') });
    expect(body['hint']).not.toContain('ensure_user');
  });

  it('answer bytes that are no HTTP, and headers without end', async () => {
    expect(await sendRaw(served.url, 'GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*problem\+json.*invalid_request/s);
    const long = `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await sendRaw(served.url, long)).toMatch(/^HTTP\/1\.1 431 .*headers_too_large/s);
  });

  it('keep a request id that is safe, and give one otherwise', async () => {
    const kept = await call('/healthz', { headers: { 'x-request-id': 'from-my-proxy.1' } });
    expect(kept.headers.get('x-request-id')).toBe('from-my-proxy.1');
    const replaced = await call('/healthz', { headers: { 'x-request-id': '{"a b"}' } });
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tell nothing of what went wrong inside', async () => {
    const query = async () => Promise.reject(new Error('SELECT secret FROM t'));
    const broken: Database = { ...database.db, query, atOnce: query };
    const inside = await serveApi({ ...broken, transaction: (fn) => fn(broken) });
    const answer = await postEvent(inside.url, EVENT);
    expect(answer.status).toBe(500);
    expectProblem(answer, 'internal_error');
    expect(JSON.stringify(answer.body)).not.toContain('SELECT');
    expect((await answerOf(await fetch(`${inside.url}/readyz`))).status).toBe(503);
    expect((await answerOf(await fetch(`${inside.url}/healthz`))).status).toBe(200);
    await inside.app.close();
  });

  it('are not needed by GET /healthz', async () => {
    const { status, body } = await call('/healthz');
    expect([status, body]).toEqual([200, { status: 'ok', database: 'postgres' }]);
  });
});
