import { mysqlStore } from '@hookline/receiver';
import { createPool } from 'mysql2/promise';
import { connectionOptions } from '../../../db/mysql/connection.js';
import { openMysqlSession } from '../../mysql-session.js';
import type { BranchConnection } from '../../provider.js';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const UTC = "SET SESSION time_zone = '+00:00'";
/** Keeps a reader from writing by mistake; it is the same login. */
const READ_ONLY = 'SET SESSION TRANSACTION READ ONLY';

/** A session on a database and the receiver's store on it, both in UTC. Throws `database_refused`, `database_unavailable`. */
export async function connectTo(url: string, role: 'reader' | 'readwriter'): Promise<BranchConnection> {
  const settings = role === 'reader' ? [UTC, READ_ONLY] : [UTC];
  const sql = await openMysqlSession(url);
  try {
    for (const setting of settings) await sql.run(setting);
  } catch (error) {
    await sql.close();
    throw error;
  }
  const pool = createPool({
    ...connectionOptions({ url }),
    charset: 'utf8mb4',
    timezone: 'Z',
    connectionLimit: POOL_SIZE,
    connectTimeout: CONNECT_TIMEOUT_MS,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  pool.pool.on('connection', (connection) => {
    // Sent before whatever the connection is for. One that breaks under it tells that to the statement which it was made for.
    for (const setting of settings) connection.query(setting, () => undefined);
  });
  return {
    sql,
    store: mysqlStore(pool),
    async close() {
      await sql.close();
      await pool.end();
    },
  };
}
