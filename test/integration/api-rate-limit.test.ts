import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { captureLog } from '../harness/captured-log.js';
import { createUser, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { type RedisServer, startRedis } from '../harness/services/redis.js';
import { waitUntil } from '../harness/wait-until.js';
import { callRpc, postEvent, SERVICE_KEY, serveApi } from './api-client.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';

describe('rate limits', () => {
  let database: TestDatabase;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const close of closers.splice(0).toReversed()) await close();
  });
  afterAll(() => database.drop());

  async function serve(options: Parameters<typeof serveApi>[1] = {}) {
    const { app, url } = await serveApi(database.db, { rateLimit: 3, jwtSecret: JWT_SECRET, ...options });
    closers.push(() => app.close());
    return url;
  }
  const ask = (url: string, bearer?: string, init: RequestInit = {}) =>
    fetch(`${url}/v1/api-keys`, {
      ...init,
      headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), ...init.headers },
    });
  const statuses = async (url: string, bearer: string | undefined, times: number) => {
    const all: number[] = [];
    for (let n = 0; n < times; n += 1) all.push((await ask(url, bearer)).status);
    return all;
  };
  const token = (sub: string = randomUUID()) => sign(userClaims(sub));

  it('are told with every answer, and one over them is refused until the minute is over', async () => {
    const url = await serve();
    const bearer = await token();
    for (const remaining of ['2', '1', '0']) {
      const { status, headers } = await ask(url, bearer);
      expect([status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')]).toEqual([
        200,
        '3',
        remaining,
      ]);
      expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    }
    const refused = await ask(url, bearer);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.json()).toMatchObject({
      type: 'urn:hookline:problem:rate_limited',
      status: 429,
      code: 'rate_limited',
      detail: 'More than 3 requests in a minute.',
    });
    const after = Number(refused.headers.get('retry-after'));
    expect(after).toBeGreaterThan(0);
    expect([after <= 60, refused.headers.get('ratelimit-remaining')]).toEqual([true, '0']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_001 });
    // A token of the real time is still good a minute later.
    expect((await ask(url, bearer)).status).toBe(200);
  });

  it('count each user, each key and each address apart, over /v1 and rpc together', async () => {
    const url = await serve();
    const [one, other] = [randomUUID(), await createUser(database.db)];
    const { rows } = await asService(database.db, (tx) =>
      tx.query<{ token: string }>(
        "SELECT c.token FROM unnest('{a,b}'::text[]) n, LATERAL hookline.create_access_token('api_key', $1::uuid, n, 'read', NULL) c",
        [other],
      ),
    );
    for (const bearer of [await token(one), ...rows.map((row) => row.token)]) {
      expect(await statuses(url, bearer, 4)).toEqual([200, 200, 200, 429]);
    }
    // The limit is the user's, whatever token they come with; and rpc says it as PostgREST would.
    const again = await token(one);
    expect((await ask(url, again)).status).toBe(429);
    const refused = await callRpc(url, 'get_webhook_statistics', {}, { bearer: again });
    expect([refused.status, refused.json]).toEqual([
      429,
      { code: 'rate_limited', message: 'More than 3 requests in a minute.', details: null, hint: expect.any(String) },
    ]);
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect((await ask(url, await token(other))).status).toBe(200);
    expect(await statuses(url, undefined, 4)).toEqual([401, 401, 401, 429]);
  });

  it('count wrong credentials for the address, so that nobody can go on guessing', async () => {
    const url = await serve();
    const guesses = [
      `hk_${'A'.repeat(43)}`,
      'wrong',
      await sign(userClaims('u'), 'another-jwt-secret-of-32-characters'),
    ];
    for (const guess of guesses) expect((await ask(url, guess)).status).toBe(401);
    expect((await ask(url, `hk_${'B'.repeat(43)}`)).status).toBe(429);
    expect((await ask(url, await token())).status).toBe(200);
  });

  it('count an IPv6 address with all of its /64, and an IPv4 address as one however it is written', async () => {
    const { app } = await serveApi(database.db, { rateLimit: 2 });
    closers.push(() => app.close());
    const statusFrom = async (remoteAddress: string) =>
      (await app.inject({ url: '/v1/api-keys', remoteAddress })).statusCode;
    const refused = (...addresses: string[]) => Promise.all(addresses.map(statusFrom));
    expect(await refused('2001:db8:0:1::1', '2001:db8:0:1:ffff::2')).toEqual([401, 401]);
    expect(await refused('2001:db8:0:1::3', '2001:db8:0:2::1')).toEqual([429, 401]);
    expect(await refused('192.0.2.1', '::ffff:192.0.2.1')).toEqual([401, 401]);
    expect(await refused('192.0.2.1', '192.0.2.2')).toEqual([429, 401]);
  });

  it('count before the body is read', async () => {
    const url = await serve({ rateLimit: 1 });
    const bearer = await token();
    await ask(url, bearer);
    const refused = await ask(url, bearer, { method: 'POST', body: 'x'.repeat(2_000_000) }).catch(() => undefined);
    // The connection may be closed before all of it was sent.
    if (refused !== undefined) expect(refused.status).toBe(429);
    const wrong = await ask(url, bearer, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(wrong.status).toBe(429);
  });

  it('leave the service alone, unless it has one of its own', async () => {
    expect(await statuses(await serve(), SERVICE_KEY, 5)).toEqual([200, 200, 200, 200, 200]);
    const events = await serve({ rateLimit: 0, serviceRateLimit: 1 });
    for (const [status, remaining] of [
      [400, '0'],
      [429, '0'],
    ]) {
      const answer = await postEvent(events, '{}');
      expect([answer.status, answer.headers.get('ratelimit-remaining')]).toEqual([status, remaining]);
    }
    const own = await serve({ rateLimit: 0, serviceRateLimit: 2 });
    expect(await statuses(own, SERVICE_KEY, 3)).toEqual([200, 200, 429]);
    expect(await statuses(own, await token(), 5)).toEqual([200, 200, 200, 200, 200]);
  });

  it('are none for health and for what needs no credentials', async () => {
    const url = await serve({ rateLimit: 1, serviceRateLimit: 1 });
    for (const path of ['/healthz', '/openapi.json']) {
      for (let n = 0; n < 3; n += 1) {
        const { status, headers } = await fetch(url + path);
        expect([status, headers.get('ratelimit-limit')]).toEqual([200, null]);
      }
    }
  });

  describe('with Redis', () => {
    async function redis(): Promise<RedisServer> {
      const started = await startRedis();
      closers.push(() => started.remove());
      return started;
    }
    const inCommon = (url: string, bearer: string) =>
      // Until a server is connected nothing is counted.
      waitUntil(async () => (await ask(url, bearer)).headers.get('ratelimit-remaining') !== '1000', {
        message: 'the server to count in Redis',
      });

    it('all processes count together', async () => {
      const { address: redisUrl } = await redis();
      const urls = [await serve({ redisUrl, rateLimit: 1000 }), await serve({ redisUrl, rateLimit: 1000 })];
      for (const url of urls) await inCommon(url, await token());
      const counted = async () => {
        const bearer = await token();
        const remaining: (string | null)[] = [];
        for (const url of [...urls, ...urls])
          remaining.push((await ask(url, bearer)).headers.get('ratelimit-remaining'));
        return remaining.join() === '999,998,997,996';
      };
      // Now and then an answer of Redis may come too late on a busy machine, and is then not counted.
      await waitUntil(counted, { message: 'four requests to be counted together' });
    });

    it('installations that share one count apart', async () => {
      const { address: redisUrl } = await redis();
      const first = await serve({ redisUrl, rateLimit: 1000 });
      await inCommon(first, await token());
      await database.db.query('UPDATE hookline.settings SET installation = gen_random_uuid()');
      const second = await serve({ redisUrl, rateLimit: 1000 });
      await inCommon(second, await token());
      const isApart = async () => {
        const bearer = await token();
        const remaining: (string | null)[] = [];
        for (const url of [first, second]) remaining.push((await ask(url, bearer)).headers.get('ratelimit-remaining'));
        return remaining.join() === '999,999';
      };
      // An answer of Redis that comes too late is not told, though it was counted: then another user is asked about.
      await waitUntil(isApart, { message: 'a request to be counted for each' });
    });

    it('nobody is refused while it is away, and it counts again when it is back', async () => {
      const server = await redis();
      const captured = captureLog();
      const url = await serve({ redisUrl: server.address, rateLimit: 1000, log: captured.log });
      const bearer = await token();
      await inCommon(url, bearer);
      await server.stop('SIGKILL');
      for (let n = 0; n < 5; n += 1) expect((await ask(url, bearer)).status).toBe(200);
      const away = () => captured.lines('redis.away: requests are not limited until it is back.');
      await waitUntil(() => away().length > 0, { message: 'the warning' });
      await server.start();
      await inCommon(url, bearer);
      await waitUntil(() => captured.lines('redis.back').length > 0, { message: 'the word that it is back' });
      // Once each time, not once for each request or try.
      expect(away().length).toBeLessThanOrEqual(captured.lines('redis.back').length + 1);
      expect(JSON.stringify(away())).not.toContain(new URL(server.address).password);
    });

    it('nobody is refused by one that never was there', async () => {
      const url = await serve({ redisUrl: 'redis://127.0.0.1:1', rateLimit: 1 });
      expect(await statuses(url, await token(), 3)).toEqual([200, 200, 200]);
    });
  });
});
