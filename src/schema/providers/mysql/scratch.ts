import type { Schema } from '../../table/schema.js';
import { quoted } from '../../table/sql-pieces.js';
import { underLock } from './locks.js';
import { lockName } from './names.js';
import type { Work } from './work.js';

/**
 * Runs `fn` with a database of its own that has the tables of a schema, empty, and drops it. A lock says that it is in use: what a process that was killed leaves
 * behind is dropped by a later command.
 */
export async function withScratch<T>(work: Work, schema: Schema, fn: (database: string) => Promise<T>): Promise<T> {
  const database = work.names.newScratch();
  const held = await underLock(work, lockName('scratch', database), 0, async () => {
    await work.run(`CREATE DATABASE ${quoted(database)}`);
    try {
      await makeTables(work, database, schema);
      return await fn(database);
    } finally {
      // What could not be dropped, with the connection gone, is a leftover.
      await work.run(`DROP DATABASE IF EXISTS ${quoted(database)}`).catch(() => undefined);
    }
  });
  // Of 2^24 names another process has taken this one now.
  return held === undefined ? withScratch(work, schema, fn) : held.result;
}

/** Drops the scratch databases that no living connection uses. */
export async function dropLeftovers(work: Work): Promise<void> {
  const { scratchPrefix } = work.names;
  const found = await work.rows<{ name: string }>(
    'SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE LEFT(SCHEMA_NAME, ?) = ?',
    [scratchPrefix.length, scratchPrefix],
  );
  for (const { name } of found) {
    if (!name.startsWith(scratchPrefix) || !/^[0-9a-f]{6}$/.test(name.slice(scratchPrefix.length))) continue;
    await underLock(work, lockName('scratch', name), 0, () => work.run(`DROP DATABASE IF EXISTS ${quoted(name)}`));
  }
}

/** Makes the tables of a schema in a database, in whatever order their foreign keys want. */
export async function makeTables(work: Work, database: string, schema: Schema): Promise<void> {
  await withoutForeignKeyChecks(work, async () => {
    for (const table of schema.values()) await work.ddl(database, table.createStatement);
  });
}

/** Lets tables be made before, and dropped after, those that they refer to. */
async function withoutForeignKeyChecks<T>(work: Work, fn: () => Promise<T>): Promise<T> {
  await work.run('SET SESSION foreign_key_checks = 0');
  try {
    return await fn();
  } finally {
    await work.run('SET SESSION foreign_key_checks = 1').catch(() => undefined);
  }
}
