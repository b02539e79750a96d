import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
});
