import { EventEmitter, once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeConnectionsInOrder } from '../../src/api/closing-connections.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { waitUntil } from '../harness/wait-until.js';
import { serveApi } from './api-client.js';

describe('a server that closes', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());

  it('waits no longer for a connection that was answered before its body had come', async () => {
    const { app, url } = await serveApi(database.db);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    const closed = app.close();
    await waitUntil(() => !app.server.listening, { message: 'the server to close' });
    const gone = once(socket, 'close');
    socket.write('{}');
    await closed;
    await gone;
  });

  it('lets an answer that is read slowly get there', async () => {
    const bytes = 64 * 1024 * 1024;
    const app = Fastify();
    closeConnectionsInOrder(app);
    app.get('/', () => Buffer.alloc(bytes));
    const [answer] = (await once(get(await app.listen()), 'response')) as [IncomingMessage];
    const closed = app.close();
    await sleep(1_500);
    let read = 0;
    for await (const chunk of answer) read += chunk.length;
    expect(read).toBe(bytes);
    await closed;
  });

  it('ends a connection that asks for nothing more when its answer comes after the close has begun', async () => {
    const app = Fastify();
    closeConnectionsInOrder(app);
    const server = new EventEmitter();
    app.get('/', async () => {
      server.emit('asked');
      await once(server, 'worked');
      return 'done';
    });
    const url = await app.listen();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const asked = once(server, 'asked');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await asked;
    const closed = app.close();
    await waitUntil(() => !app.server.listening, { message: 'the server to close' });
    server.emit('worked');
    expect(String((await once(socket, 'data'))[0])).toMatch(/done$/);
    await closed;
  });
});
