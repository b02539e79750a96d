import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from '../../src/db/database.js';
import { migrate } from '../../src/db/migrate.js';
import { openPostgres } from '../../src/db/pg.js';
import { serveNew } from '../../test/harness/services/postgres.js';
import { postgresServer } from '../../test/harness/services/postgres-programs.js';
import { findOrInstall } from '../../test/harness/services/provision.js';
import { parentOf } from './cpu.js';

/** PostgreSQL's own defaults, fsync and autovacuum on, and the counter of statements, which counts nothing until a connection asks for it. */
const SETTINGS = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'none' };

export interface Postgres {
  /** The server's process; undefined where there is no /proc. */
  readonly pid: number | undefined;
  /** The path of another program that came with the server. */
  program(name: string): string;
  /** Of its first database, in which nothing is measured. */
  readonly admin: Database;
  /** A new, empty database; gives its URL. */
  create(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  stop(): Promise<void>;
}

export interface Migrated {
  readonly url: string;
  readonly db: Database;
  close(): Promise<void>;
}

/** A server of the run's own. */
export async function startBenchPostgres(): Promise<Postgres> {
  const { bin } = await findOrInstall(postgresServer);
  const { kept, address } = await serveNew(bin, SETTINGS);
  const admin = openPostgres({ connectionString: address, poolSize: 1 });
  const { rows } = await admin.query<{ pid: number }>('SELECT pg_backend_pid() AS pid', []);
  return {
    pid: parentOf(rows[0]?.pid ?? 0),
    // What stands on PATH may be a link to a folder that holds them all.
    program: (name) => join(dirname(realpathSync(join(bin, 'postgres'))), name),
    admin,
    async create(name) {
      await admin.query(`CREATE DATABASE ${name}`, []);
      const url = new URL(address);
      url.pathname = `/${name}`;
      return url.href;
    },
    async drop(name) {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`, []);
    },
    async stop() {
      await admin.close();
      await kept.stop();
    },
  };
}

/** A new database with our schema, dropped when it is closed. */
export async function createMigrated(server: Postgres, name: string): Promise<Migrated> {
  const url = await server.create(name);
  const db = openPostgres({ connectionString: url });
  await migrate(db);
  return {
    url,
    db,
    async close() {
      await db.close();
      await server.drop(name);
    },
  };
}
