import { migrateMysql } from '../../../db/mysql/migrate.js';
import { HooklineError } from '../../../errors.js';
import { openMysqlSession } from '../../mysql-session.js';
import type { SqlSession } from '../../sql-session.js';
import { parseTable } from '../../table/parse-table.js';
import { readSchema } from '../../table/read-schema.js';
import type { Schema, Table } from '../../table/schema.js';
import { quoted } from '../../table/sql-pieces.js';
import type { Names } from './names.js';
import { isTableUnknown, toProviderError } from './server-errors.js';

type Values = readonly (string | number | null)[];

/** What every command of the provider is given. */
export interface Settings {
  readonly names: Names;
  readonly actor: string;
  readonly revertWindowMs: number;
  /** How long a deployment waits for tables that transactions hold. */
  readonly tableWaitMs: number;
  /** Instead of the database's clock. */
  readonly now: (() => Date) | undefined;
}

/** One command's connection. Its locks end with it, and a statement that it has begun holds them until the server is done with it. */
export interface Work extends Settings {
  /** Gives up after a minute without an answer. */
  rows<Row>(sql: string, values?: Values): Promise<Row[]>;
  run(sql: string, values?: Values): Promise<number>;
  /** All of it or nothing. */
  transaction(work: () => Promise<void>): Promise<void>;
  /** Runs a statement in a database, however long it takes. Throws what the driver throws. */
  ddl(database: string, statement: string): Promise<void>;
  schemaIn(database: string): Promise<Schema>;
  tableIn(database: string, table: string): Promise<Table | undefined>;
  /** The time by the database's clock. */
  time(): Promise<Date>;
  /** A table of the state database, quoted. */
  readonly state: Readonly<Record<'branches' | 'requests' | 'operations' | 'reviews', string>>;
}

const ANSWER_TIMEOUT_MS = 60_000;
/**
 * Quoting in SHOW CREATE TABLE has to be what is read here, whatever the server's mode. Nothing waits longer for a table than half a minute. Foreign keys are
 * checked: with the checks off a deployment would take rows that break them. MariaDB's limit for statements is meant for queries, and ends an ADD INDEX too.
 */
const SESSION = `SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION', sql_quote_show_create = 1,
  lock_wait_timeout = 30, innodb_lock_wait_timeout = 30, foreign_key_checks = 1 /*M! , max_statement_time = 0 */`;

const STATE_MIGRATIONS = new URL('../../../../migrations/mysql-branches/', import.meta.url);

/** Runs `fn` with a connection and the state database, and ends it. Throws what `fn` throws, as `toProviderError` tells it. */
export async function withWork<T>(settings: Settings, fn: (work: Work) => Promise<T>): Promise<T> {
  const session = await openMysqlSession(settings.names.urlOf(settings.names.production));
  try {
    const work = toWork(settings, session);
    await work.run(SESSION);
    await makeState(work);
    return await fn(work);
  } catch (error) {
    throw toProviderError(error);
  } finally {
    await session.close();
  }
}

function toWork(settings: Settings, session: SqlSession): Work {
  const bounded: SqlSession = {
    rows: (sql, values) => answered(session.rows(sql, values)),
    run: (sql, values) => answered(session.run(sql, values)),
    close: () => session.close(),
  };
  const use = (database: string): Promise<number> => bounded.run(`USE ${quoted(database)}`);
  const state = quoted(settings.names.state);
  return {
    ...settings,
    rows: bounded.rows,
    run: bounded.run,
    state: {
      branches: `${state}.branches`,
      requests: `${state}.deploy_requests`,
      operations: `${state}.operations`,
      reviews: `${state}.reviews`,
    },
    async transaction(work) {
      await bounded.run('START TRANSACTION');
      try {
        await work();
        await bounded.run('COMMIT');
      } catch (error) {
        // A connection that is lost has nothing to roll back; the first error is the one to tell.
        await bounded.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    async ddl(database, statement) {
      await use(database);
      await session.run(statement);
    },
    async schemaIn(database) {
      await use(database);
      return readSchema(bounded);
    },
    async tableIn(database, table) {
      try {
        const [row] = await bounded.rows<Record<string, string>>(
          `SHOW CREATE TABLE ${quoted(database)}.${quoted(table)}`,
        );
        const statement = row?.['Create Table'];
        return statement === undefined ? undefined : parseTable(statement);
      } catch (error) {
        if (isTableUnknown(error)) return undefined;
        throw error;
      }
    },
    async time() {
      if (settings.now !== undefined) return settings.now();
      const [row] = await bounded.rows<{ ms: number | string }>(
        'SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED) AS ms',
      );
      return new Date(Number(row?.ms));
    },
  };
}

async function makeState(work: Work): Promise<void> {
  await work.run(`CREATE DATABASE IF NOT EXISTS ${quoted(work.names.state)} CHARACTER SET utf8mb4`);
  await migrateMysql({ url: work.names.urlOf(work.names.state) }, { folder: STATE_MIGRATIONS });
}

async function answered<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = `The database has not answered for ${ANSWER_TIMEOUT_MS / 1000} s.`;
      reject(new HooklineError('database_unavailable', message, { hint: 'Run the command again when it does.' }));
    }, ANSWER_TIMEOUT_MS);
  });
  try {
    return await Promise.race([asked, tooLong]);
  } finally {
    clearTimeout(timer);
    // What loses the race may still fail, when the connection is ended under it.
    asked.catch(() => undefined);
  }
}
