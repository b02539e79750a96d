import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Pool, RowDataPacket } from 'mysql2/promise';
import { inject } from 'vitest';
import { MYSQL_MIGRATIONS } from '../../src/db/mysql/migrate.js';
import { HooklineError } from '../../src/errors.js';

/** As the specification prints it. */
export const SPECIFIED = `CREATE TABLE ai_content (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  title VARCHAR(500) NOT NULL,
  body TEXT,
  category VARCHAR(100) DEFAULT 'general',
  metadata JSON,
  channel_id VARCHAR(36),
  event_name VARCHAR(100),
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  INDEX idx_channel (channel_id),
  INDEX idx_event (event_name)
)`;

export const MIGRATIONS = ['0001_ai_content.sql', '0002_ai_content_once_and_followed_up.sql'] as const;

export async function rows<Row = Record<string, unknown>>(
  pool: Pool,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const [found] = await pool.query<RowDataPacket[]>(sql, [...values]);
  return found as Row[];
}

/** The definition of a table as the server tells it; undefined when it is not there. */
export async function definition(pool: Pool, table = 'ai_content'): Promise<string | undefined> {
  const [found] = await rows<{ 'Create Table': string }>(pool, 'SHOW CREATE TABLE ??', [table]).catch(() => []);
  return found?.['Create Table'].replace(/ AUTO_INCREMENT=\d+/, '');
}

export async function ledger(pool: Pool): Promise<string[]> {
  const there = await definition(pool, 'hookline_migrations');
  if (there === undefined) return [];
  return (await rows<{ name: string }>(pool, 'SELECT name FROM hookline_migrations ORDER BY name')).map(
    (row) => row.name,
  );
}

/** A copy of the migrations, as `change` makes it of each. */
export async function migrationsIn(change: (text: string) => string = (text) => text): Promise<URL> {
  const folder = await mkdtemp(join(inject('runFolder'), 'mysql-migrations-'));
  for (const name of MIGRATIONS) {
    await writeFile(join(folder, name), change(await readFile(new URL(name, MYSQL_MIGRATIONS), 'utf8')));
  }
  return pathToFileURL(`${folder}/`);
}

/** The error of the catalogue that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<HooklineError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HooklineError)) throw new Error(`no error of the catalogue: ${error}`, { cause: error });
  return error;
}
