import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { isAway } from '../../src/observe/outage.js';
import { newPostgresDatabase } from '../harness/databases.js';
import type { PostgresDatabase } from '../harness/postgres-databases.js';
import { startTcpProxy } from '../harness/tcp-proxy.js';
import { waitUntil } from '../harness/wait-until.js';

/** What belongs to PostgreSQL as a server of its own: connections that break, a pool, a server that is away. */
let database: PostgresDatabase;
let db: Database;
let admin: Database;

beforeAll(async () => {
  database = await newPostgresDatabase({ migrated: false });
  db = openPostgres({ connectionString: database.url, poolSize: 3 });
  admin = openPostgres({ connectionString: database.url, poolSize: 1 });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  await db.close();
  await admin.close();
  await database.drop();
});

/** Kills the connections of `db` for which `condition` holds, waits until they are gone, and gives how many these were. */
async function kill(condition: string): Promise<number> {
  const { rows } = await admin.query<{ pid: number }>(
    `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
    [],
  );
  const left = 'SELECT FROM pg_stat_activity WHERE pid = ANY ($1::int[])';
  const areGone = async () => (await admin.query(left, [rows.map(({ pid }) => pid)])).rowCount === 0;
  await waitUntil(areGone, { message: 'the connections to be gone' });
  return rows.length;
}

const running = async (text: string): Promise<boolean> =>
  (await admin.query("SELECT 1 FROM pg_stat_activity WHERE query = $1 AND state = 'active'", [text])).rowCount > 0;

it('a killed connection breaks the one query that runs on it', async () => {
  const sleeping = db.query('SELECT pg_sleep(30)').then(
    () => undefined,
    (error: Error & { code?: string }) => error.code,
  );
  const beside = db.query<{ v: string }>("SELECT pg_sleep(1)::text || 'whole' AS v", []);
  await waitUntil(() => running('SELECT pg_sleep(30)'), { message: 'the query runs' });
  expect(await kill("query = 'SELECT pg_sleep(30)'")).toBe(1);
  expect(await sleeping).toBe('57P01');
  expect((await beside).rows).toEqual([{ v: 'whole' }]);
  expect((await db.query('SELECT 1 AS v', [])).rows).toEqual([{ v: 1 }]);
});

it('idle connections that are killed are not used again', async () => {
  await Promise.all(Array.from({ length: 3 }, () => db.query('SELECT pg_sleep(0.2)')));
  expect(await kill('true')).toBeGreaterThan(0);
  await sleep(200);
  const after = await Promise.all(Array.from({ length: 9 }, (_, n) => db.query('SELECT $1::int AS n', [n])));
  expect(after.map(({ rows }) => rows)).toEqual(Array.from({ length: 9 }, (_, n) => [{ n }]));
});

it('a connection that is killed between two statements of a transaction breaks that transaction alone', async () => {
  await db.query('CREATE TABLE unfinished (n int)');
  const failing = db.transaction(async (tx) => {
    await tx.query('INSERT INTO unfinished VALUES (1)', []);
    expect(await kill("state = 'idle in transaction'")).toBe(1);
    await sleep(200);
    await tx.query('INSERT INTO unfinished VALUES (2)', []);
  });
  await expect(failing).rejects.toThrow();
  expect((await db.query('SELECT n FROM unfinished', [])).rows).toEqual([]);
  const again = db.transaction((tx) => tx.query('INSERT INTO unfinished VALUES (3) RETURNING n', []));
  expect((await again).rows).toEqual([{ n: 3 }]);
});

it('listen hears again after its connection was killed', async () => {
  const heard: string[] = [];
  const stop = await db.listen('hookline_test', (payload) => heard.push(payload));
  for (const round of ['one', 'two']) {
    expect(await kill("application_name = 'hookline listen'")).toBe(1);
    // A hint, never the truth: what is said meanwhile is lost.
    await waitUntil(
      async () => {
        await admin.query("SELECT pg_notify('hookline_test', $1)", [round]);
        return heard.includes(round);
      },
      { message: 'it hears again', intervalMs: 100 },
    );
  }
  await stop();
  await waitUntil(
    async () => {
      const { rowCount } = await admin.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hookline listen'",
        [],
      );
      return rowCount === 0;
    },
    { message: 'its connection is closed' },
  );
});

it('listen stops although its connection has gone silent', async () => {
  const proxy = await startTcpProxy(database.url, true);
  const own = openPostgres({ connectionString: proxy.through(database.url) });
  const stop = await own.listen('hookline_test', () => undefined);
  proxy.swallow();
  const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  const open = sockets();
  await stop();
  expect(proxy.open()).toBe(1);
  // Its own is not left to keep the process.
  await waitUntil(() => sockets() < open, { message: 'its socket is closed' });
  await proxy.close();
  await own.close();
});

it('listen fails where the connection is taken and nothing answers', async () => {
  const proxy = await startTcpProxy(database.url);
  const own = openPostgres({ connectionString: proxy.through(database.url) });
  proxy.swallow();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const failed = expect(own.listen('hookline_test', () => undefined)).rejects.toSatisfy(isAway);
  await vi.advanceTimersByTimeAsync(10_000);
  await failed;
  await proxy.close();
  await own.close();
});

it('makes no more connections than the pool takes, and leaves none when it is closed', async () => {
  const own = openPostgres({ connectionString: database.url, poolSize: 2 });
  const stop = await own.listen('hookline_test', () => undefined);
  let most = 0;
  const many = Promise.all(Array.from({ length: 10 }, () => own.query('SELECT pg_sleep(0.1) /* many */')));
  for (let ended = false; !ended; ) {
    ended = await Promise.race([many.then(() => true), sleep(5).then(() => false)]);
    const { rowCount } = await admin.query(
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%/* many */' AND state = 'active'",
      [],
    );
    most = Math.max(most, rowCount);
  }
  expect(most).toBe(2);
  await Promise.all([own.close(), own.close()]);
  await own.close();
  await stop();
  await expect(own.query('SELECT 1', [])).rejects.toThrow();
});

it('close waits for what is running', async () => {
  const own = openPostgres({ connectionString: database.url, poolSize: 1 });
  await own.query('CREATE TABLE finished (n int)');
  await admin.query('SELECT pg_advisory_lock(1)');
  const writing = own.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(1)');
    return tx.query('INSERT INTO finished VALUES (1)', []);
  });
  await waitUntil(() => running('SELECT pg_advisory_xact_lock(1)'), { message: 'the transaction runs' });
  const closed = own.close();
  await admin.query('SELECT pg_advisory_unlock(1)');
  await closed;
  expect((await writing).rowCount).toBe(1);
  expect((await admin.query('SELECT n FROM finished', [])).rows).toEqual([{ n: 1 }]);
});

it('tells an address where nothing answers as such, at the first query and not before', async () => {
  const nowhere = openPostgres({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
  await expect(nowhere.query('SELECT 1', [])).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(nowhere.transaction(async () => 1)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(nowhere.listen('x', () => undefined)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await nowhere.close();
});
