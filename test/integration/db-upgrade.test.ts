import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { MIGRATIONS, migrate } from '../../src/db/migrate.js';
import { describeOnEachDatabase } from '../harness/databases.js';

/** Brings a database to where it was before the migration of this number. */
async function migrateBefore(db: Database, number: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-upgrade-'));
  try {
    for (const name of await readdir(MIGRATIONS)) {
      if (name < number) await cp(new URL(name, MIGRATIONS), join(folder, name));
    }
    await migrate(db, { folder: pathToFileURL(`${folder}/`) });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describeOnEachDatabase(
  'a database with rows of an earlier version',
  (ctx) => {
    it('0033: what was triggered is done, the webhook stays, updated_at too', async () => {
      const db = ctx.db();
      await migrateBefore(db, '0033');
      await db.query(`INSERT INTO ai_content (title, event_state, payload, updated_at, idempotency_key, callback_state)
        VALUES ('a', 'triggered', '{"n": 1.50}', '2020-01-01', repeat('a', 64), 'done'),
          ('b', 'skipped', NULL, '2020-01-01', NULL, NULL), ('c', NULL, NULL, '2020-01-01', NULL, NULL)`);
      await migrate(db);
      const { rows } = await db.query(`SELECT title, event_state, event_attempts, payload::text AS payload,
        updated_at = '2020-01-01' AS untouched FROM ai_content ORDER BY title`);
      expect(rows).toEqual([
        { title: 'a', event_state: 'done', event_attempts: 0, payload: '{"n": 1.50}', untouched: true },
        { title: 'b', event_state: 'skipped', event_attempts: 0, payload: null, untouched: true },
        { title: 'c', event_state: null, event_attempts: 0, payload: null, untouched: true },
      ]);
      // A server of the version before still calls it so.
      const sql =
        "SELECT event_state FROM hookline.emit_stored_event((SELECT id FROM ai_content WHERE title = 'c'), '{}')";
      expect((await db.query(sql)).rows).toEqual([{ event_state: 'skipped' }]);
    });
  },
  { migrated: false },
);
