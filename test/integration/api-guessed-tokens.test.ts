import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAccessTokens } from '../../src/api/auth/access-tokens.js';
import type { Database, QueryResult, Statement } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { createUser, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { startRedis } from '../harness/services/redis.js';
import { waitUntil } from '../harness/wait-until.js';
import { postEvent, serveApi } from './api-client.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';

const LIMIT = 5;
/** What one process keeps of keys. */
const MOST_KEPT = 10_000;
const KEPT_FOR_MS = 2_000;
const guess = () => `hk_${randomBytes(32).toString('base64url')}`;
const isLookUp = ([text]: Statement) => text.includes('hookline.access_tokens') && text.includes('hash');

describe('guessed API keys', () => {
  let database: TestDatabase;
  /** Counts look-ups of tokens. */
  let db: Database;
  let lookUps = 0;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    db = {
      ...database.db,
      atOnce<Row>(...statements: readonly Statement[]) {
        if (statements.some(isLookUp)) lookUps += 1;
        return database.db.atOnce<Row>(...statements);
      },
    };
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const close of closers.splice(0).toReversed()) await close();
  });
  afterAll(() => database.drop());

  async function serve(options: Parameters<typeof serveApi>[1] = {}) {
    const { app, url } = await serveApi(db, { rateLimit: LIMIT, jwtSecret: JWT_SECRET, ...options });
    closers.push(() => app.close());
    return url;
  }
  async function goodKey(): Promise<string> {
    const owner = await createUser(database.db);
    const { rows } = await asService(database.db, (tx) =>
      tx.query<{ token: string }>(
        "SELECT token FROM hookline.create_access_token('api_key', $1::uuid, 'n', 'read', NULL)",
        [owner],
      ),
    );
    return rows[0]?.token ?? '';
  }
  const ask = (url: string, bearer: string, path = '/v1/webhooks') =>
    fetch(url + path, { headers: { authorization: `Bearer ${bearer}` } });
  async function spend(url: string): Promise<void> {
    for (let n = 0; n < LIMIT; n += 1) expect((await ask(url, guess())).status).toBe(401);
  }

  it('reach the database no more once their address has spent its limit, on whichever route', async () => {
    const url = await serve();
    lookUps = 0;
    await spend(url);
    expect(lookUps).toBe(LIMIT);
    for (const path of ['/v1/webhooks', '/rest/v1/rpc/get_webhook_statistics', '/graphql?query=%7B__typename%7D']) {
      const refused = await ask(url, guess(), path);
      expect([path, refused.status]).toEqual([path, 429]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    }
    expect((await postEvent(url, '{}', { authorization: `Bearer ${guess()}` })).status).toBe(429);
    expect(lookUps).toBe(LIMIT);
  });

  it('shut out no key from their address that is known, nor another for longer than the minute', async () => {
    const url = await serve();
    const [known, fresh] = [await goodKey(), await goodKey()];
    expect((await ask(url, known)).status).toBe(200);
    await spend(url);
    expect((await ask(url, known)).status).toBe(200);
    expect((await ask(url, fresh)).status).toBe(429);
    // What is kept of it ends, and still it is no guess.
    await sleep(KEPT_FOR_MS + 50);
    expect((await ask(url, known)).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_001 });
    const later = await ask(url, fresh);
    // It counts for itself, not for the address.
    expect([later.status, later.headers.get('ratelimit-remaining')]).toEqual([200, String(LIMIT - 1)]);
  });

  it('push no good one out of what a process keeps', async () => {
    const good = await goodKey();
    const unknown: QueryResult<never> = { rows: [], rowCount: 0 };
    const onlyGood: Database = {
      ...database.db,
      atOnce: <Row>(...statements: readonly Statement[]) =>
        isGood ? database.db.atOnce<Row>(...statements) : Promise.resolve(statements.map(() => unknown)),
    };
    let isGood = true;
    const tokens = createAccessTokens(onlyGood, silent);
    await tokens.callerOf(good);
    await tokens.settled();
    isGood = false;
    for (let n = 0; n <= MOST_KEPT; n += 1) await tokens.callerOf(guess()).catch(() => undefined);
    isGood = true;
    const beforeLookUp = vi.fn(async () => undefined);
    expect(await tokens.callerOf(good, beforeLookUp)).toMatchObject({ kind: 'user' });
    expect(beforeLookUp).not.toHaveBeenCalled();
  });

  it('that one process refused are refused by all that count in Redis together', async () => {
    const redis = await startRedis();
    closers.push(() => redis.remove());
    const urls = [await serve({ redisUrl: redis.address }), await serve({ redisUrl: redis.address })] as const;
    for (const url of urls) {
      const counts = async () =>
        (await ask(url, await sign(userClaims(randomUUID())))).headers.get('ratelimit-remaining') !== String(LIMIT);
      await waitUntil(counts, { message: 'the server to count in Redis' });
    }
    await waitUntil(async () => (await ask(urls[0], guess())).status === 429, { message: 'the limit to be spent' });
    // Fewer than its own limit: by itself it refuses none. Where Redis answers too late a guess is let through, and looked up.
    const refused: [number, number][] = [];
    while (refused.length < LIMIT - 1 && refused.at(-1)?.[0] !== 429) {
      lookUps = 0;
      refused.push([(await ask(urls[1], guess())).status, lookUps]);
    }
    expect(refused.at(-1)).toEqual([429, 0]);
  });
});
