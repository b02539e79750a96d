import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { createUser, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { serveApi } from './api-client.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';

describe('where a request comes from, behind proxies', () => {
  let database: TestDatabase;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  afterAll(() => database.drop());

  /** Statuses of calls without credentials, of which an address may make one a minute: the second is 429. */
  async function served(trustProxy?: readonly string[]) {
    const { app } = await serveApi(database.db, {
      ...{ rateLimit: 1, jwtSecret: JWT_SECRET },
      ...(trustProxy !== undefined && { trustProxy }),
    });
    closers.push(() => app.close());
    const statusOf = async (remoteAddress: string, forwardedFor?: string) => {
      const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
      return (await app.inject({ url: '/v1/api-keys', remoteAddress, headers })).statusCode;
    };
    return { app, statusOf };
  }

  it('is who connects, whatever is forwarded, while no proxy is trusted', async () => {
    for (const trustProxy of [undefined, []]) {
      const { statusOf } = await served(trustProxy);
      expect(await statusOf('10.0.0.1', '192.0.2.1')).toBe(401);
      expect(await statusOf('10.0.0.1', '192.0.2.2')).toBe(429);
    }
  });

  it('is what a trusted proxy says, each address for itself', async () => {
    const { statusOf } = await served(['10.0.0.0/8', 'fd00::/8']);
    expect(await statusOf('10.0.0.1', '192.0.2.1')).toBe(401);
    expect(await statusOf('::ffff:10.0.0.2', '192.0.2.1')).toBe(429);
    expect(await statusOf('10.0.0.1', '192.0.2.2')).toBe(401);
    expect(await statusOf('fd00::1', '2001:db8::1')).toBe(401);
    expect(await statusOf('fd00::1', '2001:db8::2')).toBe(429);
    // Nothing is forwarded: the proxy itself asks.
    expect(await statusOf('10.0.0.9')).toBe(401);
    expect(await statusOf('10.0.0.9')).toBe(429);
  });

  it('cannot be forged: neither past the proxy, nor through it', async () => {
    const { statusOf } = await served(['10.0.0.0/8']);
    // Straight to the server.
    expect(await statusOf('192.0.2.1', '198.51.100.1')).toBe(401);
    expect(await statusOf('192.0.2.1', '198.51.100.2')).toBe(429);
    // Through the proxy, which appends whom it has before it; two proxies in a row append two.
    expect(await statusOf('10.0.0.1', '203.0.113.1, 192.0.2.2')).toBe(401);
    expect(await statusOf('10.0.0.1', '10.1.1.1, 192.0.2.2')).toBe(429);
    expect(await statusOf('10.0.0.1', 'junk, <script>, 192.0.2.2')).toBe(429);
    expect(await statusOf('10.0.0.1', '203.0.113.9, 192.0.2.2, 10.0.0.7')).toBe(429);
    expect(await statusOf('10.0.0.1', `${'1.1.1.1, '.repeat(500)}192.0.2.2`)).toBe(429);
  });

  it('stands in the audit log', async () => {
    const { app } = await served(['10.0.0.0/8']);
    const user = await createUser(database.db);
    const name = randomUUID();
    const made = await app.inject({
      ...{ method: 'POST', url: '/v1/webhooks', remoteAddress: '10.0.0.1' },
      headers: {
        authorization: `Bearer ${await sign(userClaims(user))}`,
        'x-forwarded-for': '203.0.113.1, 192.0.2.2',
      },
      payload: { name, url: 'https://example.com/hook' },
    });
    expect(made.statusCode).toBe(201);
    const { rows } = await database.db.query('SELECT ip FROM hookline.audit_log WHERE thing_name = $1', [name]);
    expect(rows).toEqual([{ ip: '192.0.2.2' }]);
  });

  it('is set by HOOKLINE_TRUST_PROXY, a list of networks', () => {
    const trustProxyOf = (value?: string) => loadConfig({ HOOKLINE_TRUST_PROXY: value }).trustProxy;
    expect(trustProxyOf('10.0.0.0/8, fd00::/8')).toEqual(['10.0.0.0/8', 'fd00::/8']);
    expect(trustProxyOf()).toEqual([]);
    for (const wrong of ['true', '10.0.0.1', '10.0.0.0/33', 'proxy.example.com', '1'])
      expect(() => trustProxyOf(wrong)).toThrow(/HOOKLINE_TRUST_PROXY takes networks in CIDR form/);
  });
});
