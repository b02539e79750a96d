import mysql, { type Pool } from 'mysql2/promise';
import { inject } from 'vitest';
import { migrateMysql } from '../../src/db/mysql/migrate.js';
import { createMariadbDatabase, dropMariadbDatabase } from './mariadb-catalogue.js';

export interface MariadbDatabase {
  /** An administrator's URL of the database. */
  readonly url: string;
  /** Connections in UTC, made when needed; ended by `drop`. */
  readonly pool: Pool;
  /** Ends the pool and drops the database, also while others are connected to it. */
  drop(): Promise<void>;
}

/** A fresh database on the MariaDB of this run: empty, or with the migrations. The caller drops it. */
export async function newMariadbDatabase({
  migrated = true,
}: {
  readonly migrated?: boolean;
} = {}): Promise<MariadbDatabase> {
  const url = await createMariadbDatabase(inject('mariadbUrl'), inject('runId'));
  if (migrated) await migrateMysql({ url });
  const pool = mysql.createPool({ uri: url, timezone: 'Z' });
  // Sent before whatever the connection is for.
  pool.pool.on('connection', (connection) => connection.query("SET time_zone = '+00:00'"));
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await dropMariadbDatabase(url);
    },
  };
}
