import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { connectMysql } from '../db/mysql/connection.js';
import type { SqlSession } from './sql-session.js';

/**
 * A session over MySQL's own protocol, on one connection. Statements may take as long as they take; what the driver throws comes as it is, with its
 * `errno` and the server's words, for the caller to tell.
 * @param url mysql://user:password@host:port/database
 * Throws `invalid_config`, `database_refused`, `database_unavailable`.
 */
export async function openMysqlSession(url: string): Promise<SqlSession> {
  const connection = await connectMysql({ url });
  return {
    async rows<Row>(sql: string, values: readonly (string | number | null)[] = []): Promise<Row[]> {
      const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
      return rows as Row[];
    },
    async run(sql, values = []) {
      const [result] = await connection.query<ResultSetHeader>(sql, [...values]);
      return result.affectedRows;
    },
    async close() {
      connection.destroy();
    },
  };
}
