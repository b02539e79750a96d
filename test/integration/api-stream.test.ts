import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { Agent, EventSource } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../../src/api/server.js';
import type { Database } from '../../src/db/database.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, deliveryWith, silent, startTestWorker, trigger } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { freePort } from '../harness/services/free-port.js';
import { waitUntil } from '../harness/wait-until.js';
import { answerOf, SERVICE_KEY, serveApi } from './api-client.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { openStream, type StreamRequest, streamRequest } from './event-streams.js';
import { olderTransactionsEnded, setStatus } from './live-helpers.js';

const URL_OF_NOBODY = 'http://127.0.0.1:9/never-called';

describeOnPostgres('GET /v1/deliveries/stream', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let webhook: Awaited<ReturnType<typeof createWebhook>>;
  let bearer: string;
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET, streams: { checkMs: 200, slowMs: 1_000, idleMs: 300 } });
    webhook = await createWebhook(ctx.db(), URL_OF_NOBODY);
    bearer = await sign(userClaims(webhook.userId));
    await olderTransactionsEnded(ctx.db(), webhook.userId);
  });
  afterAll(() => served.app.close());
  const open = (request: StreamRequest = {}) => openStream(served.url, { bearer, ...request });
  const refusal = async (request: StreamRequest) => {
    const { status, body } = await answerOf(await fetch(...streamRequest(served.url, request)));
    return [status, body['code']];
  };

  /** More than the buffers of both sockets take. */
  const insertLongChanges = () =>
    ctx.db().query(
      `INSERT INTO hookline.delivery_changes (kind, user_id, webhook_id, event_type, status, delivery)
       SELECT 'created', $1::uuid, $2::uuid, 'video.generated', 'pending', json_build_object('long', repeat('x', 20000)) FROM generate_series(1, 1500)`,
      [webhook.userId, webhook.id],
    );

  it('tells how a delivery is made, attempted, retried and ends', async () => {
    const receiver = await startReceiver([{ status: 500 }, { status: 503 }, { status: 200 }]);
    const { userId } = await createWebhook(ctx.db(), receiver.url);
    await olderTransactionsEnded(ctx.db(), userId);
    const stream = await open({ bearer: await sign(userClaims(userId)) });
    const worker = await startTestWorker(ctx.db());
    const [id = ''] = await trigger(ctx.db(), userId);
    await deliveryWith(ctx.db(), id, 'success', 25_000);
    const [last] = await stream.waitFor('succeeded');
    expect(stream.events.map(({ event }) => event)).toEqual(['open', 'created', 'retrying', 'attempted', 'succeeded']);
    expect(last?.data).toMatchObject({ kind: 'succeeded', delivery: { id, status: 'success', attempt_number: 3 } });
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.headers.get('cache-control')).toBe('no-store');
    expect(stream.headers.get('x-request-id')).toBeTruthy();
    await stream.close();
    await worker.stop(1_000);
    await receiver.close();
  });

  it('lets go of streams whose readers left before they were opened', async () => {
    const { userId } = await createWebhook(ctx.db(), URL_OF_NOBODY);
    const leaving = await sign(userClaims(userId));
    let waiting = 0;
    let isHeld = false;
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const held: Database = {
      ...ctx.db(),
      async transaction(fn) {
        waiting += 1;
        if (isHeld) await gate;
        return ctx.db().transaction(fn);
      },
    };
    const other = await serveApi(held, { jwtSecret: JWT_SECRET });
    // The user is known from here on.
    await (await openStream(other.url, { bearer: leaving })).close();
    isHeld = true;
    waiting = 0;
    const readers = new AbortController();
    const left = Array.from({ length: 100 }, () => {
      const [address, init] = streamRequest(other.url, { bearer: leaving });
      return fetch(address, { ...init, signal: readers.signal }).catch(() => undefined);
    });
    await waitUntil(() => waiting >= 100, { message: () => `100 to be looked up; ${waiting} are` });
    readers.abort();
    await Promise.all(left);
    const connections = promisify(other.app.server.getConnections.bind(other.app.server));
    // Node's fetch opens connections in the place of those that it aborted, and leaves them after four seconds.
    const isAlone = async () => (await connections()) === 0;
    await waitUntil(isAlone, { message: 'the server to see them gone', timeoutMs: 20_000 });
    letGo();
    const stream = await openStream(other.url, { bearer: leaving });
    await stream.close();
    await other.app.close();
  });

  it('goes on after Last-Event-ID, also at another process', async () => {
    const stream = await open();
    await trigger(ctx.db(), webhook.userId);
    const [created] = await stream.waitFor('created');
    await stream.close();
    const [missed] = await trigger(ctx.db(), webhook.userId);
    const other = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    const again = await openStream(other.url, { bearer, lastEventId: created?.id });
    const [told] = await again.waitFor('created');
    expect(told?.data['delivery']).toMatchObject({ id: missed });
    expect(again.events.map(({ event }) => event)).toEqual(['open', 'created']);
    await again.close();
    await other.app.close();
    const gap = await open({ lastEventId: '999999999999' });
    expect(gap.events[0]).toMatchObject({ event: 'gap', data: { detail: expect.stringContaining('list') } });
    await gap.close();
  });

  it('beats while nothing happens, with the id to go on from', async () => {
    const stream = await open({ query: { event_type: 'video.failed' } });
    const began = Number(stream.lastId);
    await trigger(ctx.db(), webhook.userId);
    await waitUntil(() => stream.comments.length >= 2 && Number(stream.lastId) > began, {
      message: () => `two heart-beats; there are ${stream.comments.join()} and the id ${stream.lastId}`,
    });
    expect(stream.comments).toContain('heart-beat');
    expect(stream.events.map(({ event }) => event)).toEqual(['open']);
    await stream.close();
  });

  it('filters, and shows nobody else’s', async () => {
    const other = await createWebhook(ctx.db(), URL_OF_NOBODY, {}, webhook.userId);
    const bearers: string[] = [];
    for (const userId of [await createUser(ctx.db()), await createUser(ctx.db())]) {
      await olderTransactionsEnded(ctx.db(), userId);
      bearers.push(await sign(userClaims(userId)));
    }
    const [ofStranger = '', ofSpy = ''] = bearers;
    const stranger = await open({ bearer: ofStranger });
    const spying = await open({ bearer: ofSpy, query: { webhook_id: other.id } });
    const filtered = await open({ query: { webhook_id: other.id, status: 'success' } });
    const [all, named] = [
      await open({ bearer: SERVICE_KEY }),
      await open({ bearer: SERVICE_KEY, query: { user_id: webhook.userId } }),
    ];
    for (const id of await trigger(ctx.db(), webhook.userId)) await setStatus(ctx.db(), id, 'success');
    await all.waitFor('succeeded', 2);
    await named.waitFor('succeeded', 2);
    const [succeeded] = await filtered.waitFor('succeeded');
    expect(succeeded?.data['delivery']).toMatchObject({ webhook_id: other.id });
    expect(filtered.events.map(({ event }) => event)).toEqual(['open', 'succeeded']);
    await waitUntil(() => stranger.comments.length > 0 && spying.comments.length > 0, { message: 'a heart-beat' });
    for (const stream of [stranger, spying]) expect(stream.events.map(({ event }) => event)).toEqual(['open']);
    for (const stream of [stranger, spying, filtered, all, named]) await stream.close();
  });

  it('ends with its token, and says so', async () => {
    const stream = await open({ bearer: await sign(userClaims(webhook.userId, { exp: inSeconds(4) })) });
    await stream.ended;
    expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { code: 'token_expired', status: 401 } });
  });

  it('ends when its API key is revoked; a key that may only read is enough', async () => {
    const post = (path: string, body: object) =>
      fetch(`${served.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const made = await answerOf(await post('/v1/api-keys', { name: 'live', access: 'read' }));
    expect(made.status).toBe(201);
    const stream = await open({ bearer: String(made.body['key']) });
    await fetch(`${served.url}/v1/api-keys/${made.body['id']}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${bearer}` },
    });
    await stream.ended;
    expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { status: 401 } });
  });

  it('drops a reader who takes nothing, and keeps little for them meanwhile', async () => {
    const server = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET, streams: { checkMs: 200, slowMs: 600 } });
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined);
    socket.write(`GET /v1/deliveries/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bearer}\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    await insertLongChanges();
    const isAlone = async () => (await connections(server.app)) === 0;
    await waitUntil(isAlone, { message: 'the server to hang up', timeoutMs: 20_000 });
    const closed = once(socket, 'close');
    socket.resume();
    await closed;
    // Of 30 MB the two sockets hold some.
    expect(socket.bytesRead).toBeLessThan(20_000_000);
    await server.app.close();
  });

  it('drops a reader who takes nothing also when the token ends meanwhile', async () => {
    const server = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET, streams: { checkMs: 200, slowMs: 6_000 } });
    const watching = await openStream(server.url, { bearer });
    await watching.close();
    await insertLongChanges();
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined);
    const ending = await sign(userClaims(webhook.userId, { exp: inSeconds(4) }));
    socket.write(
      `GET /v1/deliveries/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ending}\r\nLast-Event-ID: ${watching.lastId}\r\n\r\n`,
    );
    await once(socket, 'data');
    socket.pause();
    const isAlone = async () => (await connections(server.app)) === 0;
    await waitUntil(isAlone, { message: 'the server to hang up', timeoutMs: 20_000 });
    socket.destroy();
    await server.app.close();
  });

  it('is read by a browser’s EventSource, which goes on by itself', async () => {
    const withToken = new Agent().compose(
      (dispatch) => (options, handler) =>
        dispatch({ ...options, headers: { ...options.headers, authorization: `Bearer ${bearer}` } }, handler),
    );
    const port = await freePort();
    const serve = async () => {
      const server = createServer({
        db: ctx.db(),
        log: silent,
        serviceKey: SERVICE_KEY,
        jwtSecret: JWT_SECRET,
        maxBodyBytes: 1e6,
      });
      await server.listen({ host: '127.0.0.1', port });
      return server;
    };
    const server = await serve();
    const source = new EventSource(`http://127.0.0.1:${port}/v1/deliveries/stream`, {
      node: { dispatcher: withToken, reconnectionTime: 100 },
    });
    const told: string[] = [];
    const opened: unknown[] = [];
    source.addEventListener('open', (event) => opened.push(event));
    source.addEventListener('created', (event) => told.push(JSON.parse((event as MessageEvent).data).delivery.id));
    const isOpen = (count: number) => waitUntil(() => opened.length >= count, { message: () => `${count} times open` });
    await isOpen(1);
    const first = await trigger(ctx.db(), webhook.userId);
    await waitUntil(() => told.length >= first.length, { message: 'the first' });
    await server.close();
    const missed = await trigger(ctx.db(), webhook.userId);
    const restarted = await serve();
    const all = first.length + missed.length;
    await waitUntil(() => told.length >= all, { message: () => `${all} deliveries; ${told.length} came` });
    expect([...told].sort()).toEqual([...first, ...missed].sort());
    source.close();
    await restarted.close();
  });

  it('ends when the server shuts down', async () => {
    const server = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    const stream = await openStream(server.url, { bearer });
    await server.app.close();
    await stream.ended;
    expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { code: 'shutting_down' } });
  });

  it.each([
    ['nobody', {}, 401, 'unauthorized'],
    ['a forged token', { bearer: 'a.b.c' }, 401, 'malformed_token'],
    ['an id that is none', { lastEventId: '-1' }, 400, 'invalid_request'],
    ['a webhook that is no UUID', { query: { webhook_id: '1' } }, 400, 'invalid_request'],
    ['an unknown status', { query: { status: 'lost' } }, 400, 'invalid_request'],
    ['an unknown parameter', { query: { webhook: 'x' } }, 400, 'invalid_request'],
    ['a user who names one', { query: { external_user_id: 'u1' } }, 403, 'forbidden'],
    ['an unknown user', { bearer: SERVICE_KEY, query: { external_user_id: 'nobody' } }, 422, 'unknown_user'],
  ] satisfies [string, StreamRequest, number, string][])('refuses %s', async (_what, request, status, code) => {
    const given = _what === 'nobody' ? request : { bearer, ...request };
    expect(await refusal(given)).toEqual([status, code]);
  });
});

function connections(app: FastifyInstance): Promise<number> {
  return new Promise((resolve, reject) =>
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
