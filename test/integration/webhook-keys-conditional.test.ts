import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../harness/databases.js';
import { serveApi } from './api-client.js';

describe('GET /.well-known/webhook-keys', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let etag: string;
  const ask = (known: string) =>
    fetch(`${served.url}/.well-known/webhook-keys`, { headers: { 'if-none-match': known } });
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    served = await serveApi(database.db);
    etag = (await ask('"none"')).headers.get('etag') ?? '';
  });
  afterAll(async () => {
    await served.app.close();
    await database.drop();
  });

  it.each(['*', 'TAG', 'W/TAG', '"x", TAG'])('is not sent again to who has %s', async (known) => {
    const answer = await ask(known.replace('TAG', etag));
    expect([answer.status, await answer.text()]).toEqual([304, '']);
    expect([answer.headers.get('etag'), answer.headers.get('cache-control')]).toEqual([etag, 'public, max-age=300']);
  });

  it.each(['"x"', 'xTAG', '"x"TAG', ''])('is sent to who has %j', async (known) => {
    const answer = await ask(known.replace('TAG', etag));
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, etag]);
    expect(JSON.parse(await answer.text())).toEqual({ keys: [expect.objectContaining({ alg: 'EdDSA' })] });
  });
});
