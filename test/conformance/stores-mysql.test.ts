import { type LeasedWork, mysqlStore, type Store, WINDOW_MS } from '@hookline/receiver';
import mysql, { type Pool, type PoolOptions } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeStore, MINUTE, newContent, newLease } from '../../packages/receiver/test/store-conformance.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { mysqlTable } from './stores-mysql-table.js';

/** The server's time zone is no one's default, and these pools leave it so. */
const POOLS: Record<string, PoolOptions> = {
  'a pool of its defaults': {},
  'a pool that gives everything in its own way': {
    rowsAsArray: true,
    nestTables: '_',
    namedPlaceholders: true,
    typeCast: false,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    timezone: '+09:00',
    flags: ['-FOUND_ROWS'],
    connectionLimit: 3,
  },
};

describe.each(Object.entries(POOLS))('mysqlStore over %s', (_, options) => {
  let database: MariadbDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await newMariadbDatabase();
    pool = mysql.createPool({ uri: database.url, ...options });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  describeStore({
    ...mysqlTable(() => database.pool),
    store: () => mysqlStore(pool),
    forgetful: () => mysqlStore(pool, { keepPayload: false }),
  });
});

describe('mysqlStore', () => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await newMariadbDatabase();
  });
  afterAll(() => database.drop());

  /** The store, with something else happening before its first statement like this. */
  const interrupted = (statement: RegExp, happens: () => Promise<unknown>): Store => {
    let left = 1;
    return mysqlStore({
      async execute(options, params) {
        if (statement.test(options.sql) && left-- > 0) await happens();
        return database.pool.execute(options, params);
      },
    });
  };

  it('works over a single connection', async () => {
    const connection = await mysql.createConnection(database.url);
    try {
      const content = newContent();
      const [first, second] = await Promise.all([1, 2].map(() => mysqlStore(connection).insert(content)));
      expect(second).toEqual({ ...first, created: false });
    } finally {
      await connection.end();
    }
  });

  describe('between its look-up and its update', () => {
    const table = mysqlTable(() => database.pool);
    const dueRow = async (ageMs: number): Promise<LeasedWork> => {
      const { id } = await mysqlStore(database.pool).insert(newContent());
      await table.age(id, ageMs);
      const [work] = await mysqlStore(database.pool).claim('callback', { lease: newLease(), limit: 1, id });
      if (work === undefined) throw new Error('nothing was claimed');
      await table.age(id, 2 * MINUTE);
      return work;
    };
    beforeEach(() => table.clear());

    it('a claim leaves to others what they have done or leased meanwhile, and looks again', async () => {
      const [done, leased, free] = [await dueRow(2 * MINUTE), await dueRow(2 * MINUTE), await dueRow(MINUTE)];
      const other = mysqlStore(database.pool);
      const store = interrupted(/^UPDATE ai_content SET callback_lease/, async () => {
        await other.finish('callback', done, { state: 'done' });
        await other.claim('callback', { lease: newLease(), limit: 1, id: leased.id });
      });
      const claimed = await store.claim('callback', { lease: newLease(), limit: 2 });
      expect(claimed.map(({ id }) => id)).toEqual([free.id]);
      expect(await table.row(done.id)).toMatchObject({ callback_state: 'done', callback_attempts: '2' });
    });

    it('nothing is given up that was done or leased meanwhile', async () => {
      const [done, leased, late] = [await dueRow(MINUTE), await dueRow(MINUTE), await dueRow(MINUTE)];
      for (const { id } of [done, leased, late]) await table.age(id, WINDOW_MS.callback);
      const store = interrupted(/^UPDATE ai_content SET callback_state = 'expired'/, async () => {
        await mysqlStore(database.pool).finish('callback', done, { state: 'done' });
        await database.pool.query(
          `UPDATE ai_content SET callback_lease = 'x',
          callback_lease_until = UTC_TIMESTAMP(3) + INTERVAL 1 MINUTE WHERE id = ?`,
          [leased.id],
        );
      });
      expect(await store.expire('callback')).toBe(1);
      const states = await Promise.all(
        [done, leased, late].map(async ({ id }) => (await table.row(id))['callback_state']),
      );
      expect(states).toEqual(['done', 'pending', 'expired']);
    });
  });

  it('stores a webhook anew whose first row went away before it was found', async () => {
    const content = newContent();
    const { id } = await mysqlStore(database.pool).insert(content);
    const again = interrupted(/^SELECT .* WHERE idempotency_key = \?$/, () => mysqlTable(() => database.pool).clear());
    const stored = await again.insert(content);
    expect(stored).toMatchObject({ created: true });
    expect(stored.id).not.toBe(id);
  });

  it('gives up any number of late rows', async () => {
    const table = mysqlTable(() => database.pool);
    await table.clear();
    const store = mysqlStore(database.pool);
    const { id } = await store.insert(newContent());
    await table.age(id, WINDOW_MS.callback + MINUTE);
    await database.pool.query(`INSERT INTO ai_content (title, idempotency_key, callback_state, callback_next_at, callback_expires_at)
      SELECT 'T', SHA2(seq, 256), 'pending', callback_next_at, callback_expires_at FROM ai_content, seq_1_to_1200`);
    expect(await store.expire('callback')).toBe(1_201);
    const [left] = await database.pool.query(`SELECT 1 FROM ai_content WHERE callback_state = 'pending'`);
    expect(left).toEqual([]);
  });

  it('tells a row that stands in the way by another unique column from a repeat', async () => {
    await database.pool.query('ALTER TABLE ai_content ADD COLUMN embedding_id VARCHAR(100) UNIQUE');
    const store = mysqlStore(database.pool);
    const first = await store.insert(newContent({ columns: { embedding_id: 'e-1' } }));
    await expect(store.insert(newContent({ columns: { embedding_id: 'e-1' } }))).rejects.toMatchObject({
      name: 'UnstorableError',
    });
    const [rows] = await database.pool.query('SELECT id FROM ai_content WHERE embedding_id IS NOT NULL');
    expect(rows).toEqual([{ id: Number(first.id) }]);
  });

  it('fails within its time limit while the table is locked, and stores once it is free', async () => {
    const locker = await mysql.createConnection(database.url);
    const content = newContent();
    try {
      await locker.query('LOCK TABLES ai_content WRITE');
      await expect(mysqlStore(database.pool, { timeoutMs: 200 }).insert(content)).rejects.toMatchObject({
        name: 'TimeoutError',
      });
    } finally {
      await locker.end();
    }
    await mysqlStore(database.pool).insert(content);
    const [rows] = await database.pool.query('SELECT 1 FROM ai_content WHERE idempotency_key = ?', [
      content.idempotencyKey,
    ]);
    expect(rows).toHaveLength(1);
  });
});
