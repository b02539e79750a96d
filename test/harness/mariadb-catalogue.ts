import { randomBytes } from 'node:crypto';
import type { RowDataPacket } from 'mysql2/promise';
import { withMariadb } from './services/mariadb.js';

const PREFIX = 'hookline_test_';
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/** Makes an empty database that is named for the run; gives its URL. `server` is an administrator's URL. */
export async function createMariadbDatabase(server: string, runId: string): Promise<string> {
  const name = `${PREFIX}${runId}_${randomBytes(4).toString('hex')}`;
  await withMariadb(server, (connection) => connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Drops the database that a URL names, also while others are connected to it. */
export async function dropMariadbDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await withMariadb(url, (connection) => connection.query('DROP DATABASE IF EXISTS ??', [name]));
}

/** Drops what the run made, for a server that outlives it. */
export async function dropMariadbDatabasesOf(server: string, runId: string): Promise<void> {
  await dropWhere(server, (name) => name.startsWith(`${PREFIX}${runId}_`));
}

/** Drops what runs left behind that were killed more than a day ago; a run's name begins with its time. */
export async function dropForgottenMariadbDatabases(server: string): Promise<void> {
  const before = Date.now() - FORGOTTEN_AFTER_MS;
  await dropWhere(server, (name) => Number.parseInt(name.slice(PREFIX.length, PREFIX.length + 8), 36) < before);
}

async function dropWhere(server: string, doomed: (name: string) => boolean): Promise<void> {
  await withMariadb(server, async (connection) => {
    const [rows] = await connection.query<RowDataPacket[]>('SHOW DATABASES');
    for (const { Database: name } of rows) {
      if (String(name).startsWith(PREFIX) && doomed(name)) await connection.query('DROP DATABASE IF EXISTS ??', [name]);
    }
  });
}
