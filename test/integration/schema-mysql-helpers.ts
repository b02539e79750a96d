import mysql, { type Pool } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Provider, Waiting } from '../../src/schema/provider.js';
import { createMysqlProvider, type MysqlProviderOptions } from '../../src/schema/providers/mysql/provider.js';
import type { Schema } from '../../src/schema/table/schema.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { rows } from './mysql-helpers.js';

export const WAITING: Waiting = { timeoutMs: 60_000 };

/** A production database with branches, and what a test asks of them. */
export interface SchemaContext {
  readonly url: string;
  readonly pool: Pool;
  readonly database: string;
  readonly provider: Provider;
  /** Another provider of the same database. */
  other(options: Partial<MysqlProviderOptions>): Provider;
  /** Runs SQL on production, behind the provider's back. */
  production(...statements: readonly string[]): Promise<void>;
  /** Runs a file on a branch. */
  apply(branch: string, sql: string): Promise<void>;
  /** A branch of production with a file applied. */
  branch(name: string, sql: string): Promise<void>;
  /** The number of a new deploy request into production. */
  request(branch: string, options?: { readonly notes?: string; readonly autoDeleteBranch?: boolean }): Promise<number>;
  /** The databases of this one that end so. */
  databases(like?: string): Promise<string[]>;
}

/** A fresh production database for a suite; before each test production has the tables of `tables` alone, and there is no branch. */
export function useSchemaDatabase(): () => SchemaContext {
  let context: SchemaContext | undefined;
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await newMariadbDatabase({ migrated: false });
    context = contextOf(database);
  });
  afterAll(async () => {
    await dropDerived(database);
    await database.drop();
  });
  return () => {
    if (context === undefined) throw new Error('The database is made before the first test.');
    return context;
  };
}

/** The same, with two tables in it before each test and nothing else: `a` with a row, and `b`. */
export function useTwoTables(): () => SchemaContext {
  const ctx = useSchemaDatabase();
  beforeEach(async () => {
    await clean(ctx());
    await ctx().production(
      'CREATE TABLE a (id INT PRIMARY KEY, name VARCHAR(100), old INT)',
      'CREATE TABLE b (id INT PRIMARY KEY, note TEXT)',
      "INSERT INTO a VALUES (1, 'x', 7)",
    );
  });
  return ctx;
}

export function contextOf({ url, pool }: MariadbDatabase): SchemaContext {
  const database = new URL(url).pathname.slice(1);
  const provider = createMysqlProvider({ url, actor: 'ada@test' });
  const apply = (branch: string, sql: string): Promise<void> =>
    provider.apply(branch, splitStatements(sql), () => undefined);
  return {
    url,
    pool,
    database,
    provider,
    other: (options) => createMysqlProvider({ url, actor: 'ada@test', ...options }),
    async production(...statements) {
      for (const statement of statements) await pool.query(statement);
    },
    apply,
    async branch(name, sql) {
      await provider.createBranch({ name, from: 'main' }, WAITING);
      if (sql !== '') await apply(name, sql);
    },
    async request(branch, { notes = '', autoDeleteBranch = false } = {}) {
      const asked = { branch, intoBranch: 'main', notes, autoDeleteBranch };
      return (await provider.deployRequests.create(asked, WAITING)).number;
    },
    databases: (like = '') => databasesOf(pool, `${database}__${like}`),
  };
}

/** Takes production back to no table, and drops what derives from it. */
export async function clean({ pool, database }: SchemaContext): Promise<void> {
  const tables = await rows<{ name: string }>(
    pool,
    'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
    [database],
  );
  const connection = await pool.getConnection();
  try {
    await connection.query('SET SESSION foreign_key_checks = 0');
    for (const { name } of tables) await connection.query('DROP TABLE ??', [name]);
    await connection.query('SET SESSION foreign_key_checks = 1');
    for (const name of await databasesOf(pool, `${database}__`)) await connection.query('DROP DATABASE ??', [name]);
  } finally {
    connection.release();
  }
}

/** Drops the branches and the state beside a database. */
export async function dropDerived({ url, pool }: MariadbDatabase): Promise<void> {
  for (const name of await databasesOf(pool, `${new URL(url).pathname.slice(1)}__`)) {
    await pool.query('DROP DATABASE ??', [name]);
  }
}

async function databasesOf(pool: Pool, prefix: string): Promise<string[]> {
  const found = await rows<{ Database: string }>(pool, 'SHOW DATABASES');
  return found.map((row) => row.Database).filter((name) => name.startsWith(prefix));
}

/** A connection with an open transaction that has read the table, so that DDL on it has to wait. */
export async function holdTable(url: string, table: string): Promise<{ release(): Promise<void> }> {
  const connection = await mysql.createConnection({ uri: url });
  await connection.query('START TRANSACTION');
  await connection.query('SELECT COUNT(*) FROM ??', [table]);
  return {
    async release() {
      await connection.query('ROLLBACK');
      await connection.end();
    },
  };
}

/** A schema as `table: column column …`, which is quick to compare. */
export function columnsOf(schema: Schema): Record<string, string[]> {
  return Object.fromEntries([...schema].map(([name, { columns }]) => [name, columns.map((column) => column.name)]));
}
