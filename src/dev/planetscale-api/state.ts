import mysql, { type Pool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { connectionOptions } from '../../db/mysql/connection.js';
import type { Databases } from './databases.js';
import { stateDatabase } from './names.js';
import { STATE_TABLES, type Tables } from './state-tables.js';

const MOST_CONNECTIONS = 4;

type Where<Name extends keyof Tables> = Partial<Tables[Name]>;

/** What the control plane knows, as rows of its own database, so that it outlives the process. */
export interface State {
  /** Gives what AUTO_INCREMENT gave. Throws the driver's error for a key that is taken. */
  insert<Name extends keyof Tables>(table: Name, row: Partial<Tables[Name]>): Promise<number>;
  /** The rows that have all these values, in the order in which they were made. */
  find<Name extends keyof Tables>(table: Name, where?: Where<Name>): Promise<Tables[Name][]>;
  one<Name extends keyof Tables>(table: Name, where: Where<Name>): Promise<Tables[Name] | undefined>;
  /** Whether there was such a row. */
  update<Name extends keyof Tables>(table: Name, where: Where<Name>, changes: Where<Name>): Promise<boolean>;
  remove<Name extends keyof Tables>(table: Name, where: Where<Name>): Promise<void>;
  end(): Promise<void>;
}

/** Opens the database of the state, and makes it when it is not there. */
export async function openState(databases: Databases): Promise<State> {
  const database = stateDatabase(databases.production);
  await databases.pool.query('CREATE DATABASE IF NOT EXISTS ?? CHARACTER SET utf8mb4', [database]);
  const pool: Pool = mysql.createPool({
    ...connectionOptions({ url: databases.urlOf(database) }),
    connectionLimit: MOST_CONNECTIONS,
    charset: 'utf8mb4',
  });
  for (const table of STATE_TABLES) await pool.query(table);

  async function find<Name extends keyof Tables>(table: Name, where: Where<Name> = {}): Promise<Tables[Name][]> {
    const { sql, values } = conditionOf(where);
    const [rows] = await pool.query<RowDataPacket[]>(`SELECT * FROM ?? WHERE ${sql} ORDER BY 1`, [table, ...values]);
    return rows as unknown as Tables[Name][];
  }

  return {
    async insert(table, row) {
      const [result] = await pool.query<ResultSetHeader>('INSERT INTO ?? SET ?', [table, row]);
      return result.insertId;
    },
    find,
    async one(table, where) {
      const [row] = await find(table, where);
      return row;
    },
    async update(table, where, changes) {
      const { sql, values } = conditionOf(where);
      const [result] = await pool.query<ResultSetHeader>(`UPDATE ?? SET ? WHERE ${sql}`, [table, changes, ...values]);
      return result.affectedRows > 0;
    },
    async remove(table, where) {
      const { sql, values } = conditionOf(where);
      await pool.query(`DELETE FROM ?? WHERE ${sql}`, [table, ...values]);
    },
    end: () => pool.end(),
  };
}

function conditionOf(where: object): { sql: string; values: unknown[] } {
  const given = Object.entries(where).filter(([, value]) => value !== undefined);
  return {
    sql: given.map(() => '?? <=> ?').join(' AND ') || 'TRUE',
    values: given.flat(),
  };
}
