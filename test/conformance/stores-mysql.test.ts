import { mysqlStore } from '@hookline/receiver';
import mysql, { type Pool, type PoolOptions } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStore, newContent } from '../../packages/receiver/test/store-conformance.js';
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
