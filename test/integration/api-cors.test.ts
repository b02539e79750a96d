import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { SERVICE_KEY, serveApi } from './api-client.js';

const APP = 'https://app.example.com';
const EXPOSED = 'ETag, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id';

describe('calls of pages from other origins', () => {
  let database: TestDatabase;
  const servers: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
    await database.drop();
  });
  async function serve(corsOrigins?: readonly string[]): Promise<string> {
    const { app, url } = await serveApi(database.db, { rateLimit: 600, ...(corsOrigins && { corsOrigins }) });
    servers.push(app);
    return url;
  }
  const preflight = (url: string, path: string, origin: string, method = 'PATCH') =>
    fetch(url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,if-match',
      },
    });
  const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin');

  it.each(['/v1/api-keys', '/v1/webhooks', '/v1/events', '/rest/v1/rpc/create_webhook', '/openapi.json'])(
    'a preflight of %s is answered without credentials, and counts for no limit',
    async (path) => {
      const answer = await preflight(await serve([APP]), path, APP);
      expect([answer.status, await answer.text(), allowed(answer)]).toEqual([204, '', APP]);
      expect(answer.headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST, PUT, PATCH, DELETE');
      expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,content-type,if-match');
      expect(answer.headers.get('access-control-max-age')).toBe('7200');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      expect(answer.headers.get('ratelimit-limit')).toBeNull();
      expect(answer.headers.get('x-request-id')).not.toBeNull();
    },
  );

  it('answers may be read by these origins, with their headers; refusals too', async () => {
    const url = await serve([APP, 'http://localhost:3000']);
    for (const [authorization, status] of [
      [`Bearer ${SERVICE_KEY}`, 200],
      ['Bearer wrong', 401],
    ] as const) {
      for (const origin of [APP, 'http://localhost:3000']) {
        const answer = await fetch(`${url}/v1/api-keys`, { headers: { origin, authorization } });
        expect([answer.status, allowed(answer)]).toEqual([status, origin]);
        expect(answer.headers.get('access-control-expose-headers')).toBe(EXPOSED);
        expect(answer.headers.get('vary')).toBe('Origin');
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      }
    }
  });

  it.each(['https://app.example.com.evil.example', 'http://app.example.com', 'https://app.example.com:444', 'null'])(
    'not by %s',
    async (origin) => {
      const url = await serve([APP]);
      expect(allowed(await preflight(url, '/v1/api-keys', origin))).toBeNull();
      const answer = await fetch(`${url}/v1/api-keys`, { headers: { origin, authorization: `Bearer ${SERVICE_KEY}` } });
      expect([answer.status, allowed(answer)]).toEqual([200, null]);
    },
  );

  it('by any origin with *, without cookies', async () => {
    const url = await serve(['*']);
    for (const origin of [APP, 'null']) {
      const answer = await preflight(url, '/v1/api-keys', origin, 'DELETE');
      expect([answer.status, allowed(answer)]).toEqual([204, '*']);
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('by none without the setting', async () => {
    const url = await serve();
    const refused = await preflight(url, '/v1/api-keys', APP);
    expect([refused.status, allowed(refused)]).toEqual([405, null]);
    const answer = await fetch(`${url}/v1/api-keys`, {
      headers: { origin: APP, authorization: `Bearer ${SERVICE_KEY}` },
    });
    expect([answer.status, allowed(answer)]).toEqual([200, null]);
  });
});
