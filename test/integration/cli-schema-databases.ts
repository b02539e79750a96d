import type { MariadbDatabase } from '../harness/mariadb-databases.js';
import { rows } from './mysql-helpers.js';

/** Drops a database with its branches, and what is kept of them. */
export async function dropDatabasesOf(database: MariadbDatabase): Promise<void> {
  const name = new URL(database.url).pathname.slice(1);
  const found = await rows<{ name: string }>(
    database.pool,
    'SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE LEFT(SCHEMA_NAME, ?) = ?',
    [name.length + 2, `${name}__`],
  );
  for (const each of found) await database.pool.query('DROP DATABASE ??', [each.name]);
  await database.drop();
}
