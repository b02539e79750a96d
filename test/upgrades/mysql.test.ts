import { cp, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { MYSQL_MIGRATIONS, migrateMysql } from '../../src/db/mysql/migrate.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { definition, rows } from '../integration/mysql-helpers.js';

const names = (await readdir(MYSQL_MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort();
/** The INSERT of a receiver of any release, in the specified columns. */
const INSERT =
  "INSERT INTO ai_content (title, body, metadata, channel_id, event_name) VALUES (?, 'Größe 🎈', '{\"n\": 1.10}', 'c1', 'x')";

describe('the table of a MySQL store, with rows', () => {
  it.each(names)('from %s: keeps what it has while webhooks are stored, and becomes as a fresh one', async (last) => {
    const folder = await mkdtemp(join(inject('runFolder'), 'mysql-release-'));
    for (const name of names.filter((name) => name <= last))
      await cp(new URL(name, MYSQL_MIGRATIONS), join(folder, name));
    const [database, fresh] = await Promise.all([newMariadbDatabase({ migrated: false }), newMariadbDatabase()]);
    try {
      const { pool } = database;
      await migrateMysql(database, { folder: pathToFileURL(`${folder}/`) });
      for (let n = 1; n <= 50; n += 1) await pool.query(INSERT, [`before ${n}`]);
      const select = 'SELECT * FROM ai_content WHERE title LIKE ? ORDER BY id';
      const before = await rows(pool, select, ['before%']);

      let isOver = false;
      const migrating = migrateMysql(database).finally(() => {
        isOver = true;
      });
      let stored = 0;
      do {
        await pool.query(INSERT, [`beside ${stored}`]);
        stored += 1;
      } while (!isOver);
      await migrating;

      expect(await rows(pool, select, ['before%'])).toMatchObject(before);
      expect(await rows(pool, select, ['beside%'])).toHaveLength(stored);
      expect(await definition(pool)).toBe(await definition(fresh.pool));
    } finally {
      await Promise.all([database.drop(), fresh.drop()]);
    }
  });
});
