import mysql, { type Pool, type RowDataPacket } from 'mysql2/promise';
import { connectionOptions } from '../../db/mysql/connection.js';
import { openMysqlSession } from '../../schema/mysql-session.js';
import { errnoOf } from '../../schema/providers/mysql/server-errors.js';
import type { SqlSession } from '../../schema/sql-session.js';
import { schemaOf } from '../../schema/table/read-schema.js';
import type { Schema } from '../../schema/table/schema.js';
import { newId, scratchPrefix } from './names.js';

const MOST_CONNECTIONS = 8;
const SCRATCH_ID_LENGTH = 8;
const NO_SUCH_TABLE = 1146;

/** The SHOW CREATE TABLE of each table, in the order of names. */
export type CreateStatements = readonly string[];

/** The databases on the server behind the stand-in. */
export interface Databases {
  /** Connections of the administrator, in no database. */
  readonly pool: Pool;
  /** The name of the production database. */
  readonly production: string;
  urlOf(database: string): string;
  /** A connection of its own in a database; the caller closes it. */
  openSession(database: string): Promise<SqlSession>;
  createStatements(database: string): Promise<CreateStatements>;
  schemaOf(database: string): Promise<Schema>;
  /** Makes a database, with the character set of production, and tables in it. One that is there already is made anew. */
  create(database: string, statements: CreateStatements): Promise<void>;
  drop(database: string): Promise<void>;
  /** Gives `fn` a session in a new database with these tables, and drops the database again. */
  withScratch<T>(statements: CreateStatements, fn: (session: SqlSession, database: string) => Promise<T>): Promise<T>;
  /** Drops the scratch databases that a killed process left. */
  dropScratch(): Promise<void>;
  end(): Promise<void>;
}

/** Opens no connection yet. Throws `invalid_config` when the URL is none of a MySQL database. */
export function createDatabases(url: string): Databases {
  const { database: production = '', ...server } = connectionOptions({ url });
  const pool = mysql.createPool({ ...server, connectionLimit: MOST_CONNECTIONS, charset: 'utf8mb4' });

  const urlOf = (database: string): string => {
    const its = new URL(url);
    its.pathname = `/${encodeURIComponent(database)}`;
    return its.href;
  };
  const openSession = (database: string): Promise<SqlSession> => openMysqlSession(urlOf(database));

  async function namesOfTables(database: string): Promise<string[]> {
    const [rows] = await pool.query<RowDataPacket[]>("SHOW FULL TABLES FROM ?? WHERE Table_type = 'BASE TABLE'", [
      database,
    ]);
    return rows.map((row) => String(Object.values(row)[0])).sort();
  }

  async function createStatements(database: string): Promise<CreateStatements> {
    const statements: string[] = [];
    for (const table of await namesOfTables(database)) {
      try {
        const [[row]] = await pool.query<RowDataPacket[]>('SHOW CREATE TABLE ??.??', [database, table]);
        statements.push(withoutNextId(String(row?.['Create Table'])));
      } catch (error) {
        // Dropped since it was listed.
        if (errnoOf(error) !== NO_SUCH_TABLE) throw error;
      }
    }
    return statements;
  }

  async function fill(session: SqlSession, statements: CreateStatements): Promise<void> {
    // Tables may refer to one another in any order.
    await session.run('SET foreign_key_checks = 0');
    for (const statement of statements) await session.run(statement);
    await session.run('SET foreign_key_checks = 1');
  }

  async function drop(database: string): Promise<void> {
    await pool.query('DROP DATABASE IF EXISTS ??', [database]);
  }

  async function createEmpty(database: string): Promise<void> {
    const [[row]] = await pool.query<RowDataPacket[]>(
      'SELECT default_character_set_name AS charset, default_collation_name AS collation FROM information_schema.SCHEMATA WHERE schema_name = ?',
      [production],
    );
    await drop(database);
    await pool.query('CREATE DATABASE ?? CHARACTER SET ?? COLLATE ??', [
      database,
      row?.['charset'] ?? 'utf8mb4',
      row?.['collation'] ?? 'utf8mb4_general_ci',
    ]);
  }

  return {
    pool,
    production,
    urlOf,
    openSession,
    createStatements,
    schemaOf: async (database) => schemaOf(await createStatements(database)),
    async create(database, statements) {
      await createEmpty(database);
      const session = await openSession(database);
      try {
        await fill(session, statements);
      } finally {
        await session.close();
      }
    },
    drop,
    async withScratch(statements, fn) {
      const database = `${scratchPrefix(production)}${newId(SCRATCH_ID_LENGTH)}`.slice(-64);
      await createEmpty(database);
      try {
        const session = await openSession(database);
        try {
          await fill(session, statements);
          return await fn(session, database);
        } finally {
          await session.close();
        }
      } finally {
        await drop(database);
      }
    },
    async dropScratch() {
      const [rows] = await pool.query<RowDataPacket[]>('SHOW DATABASES');
      for (const { Database: name } of rows) {
        if (String(name).startsWith(scratchPrefix(production))) await drop(String(name));
      }
    },
    end: () => pool.end(),
  };
}

/** A line break inside a comment is printed as \n: the last line that begins with a parenthesis is the table's own. */
function withoutNextId(statement: string): string {
  return statement.replace(/(\n\)[^\n]*?) AUTO_INCREMENT=\d+/, '$1');
}
