import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { MIGRATIONS, migrate } from '../../src/db/migrate.js';
import { removeExpired } from '../../src/maintain/retention.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { drop, partitionsOf } from './partitions-helpers.js';
import { countRows, putOld } from './retention-helpers.js';

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
  'a database with rows of earlier versions',
  (ctx) => {
    beforeAll(async () => {
      const db = ctx.db();
      await migrateBefore(db, '0033');
      await db.query(`INSERT INTO ai_content (title, event_state, payload, updated_at, idempotency_key, callback_state)
        VALUES ('a', 'triggered', '{"n": 1.50}', '2020-01-01', repeat('a', 64), 'done'),
          ('b', 'skipped', NULL, '2020-01-01', NULL, NULL), ('c', NULL, NULL, '2020-01-01', NULL, NULL)`);
      await migrateBefore(db, '0048');
      const webhook = await createWebhook(db, 'http://127.0.0.1:9/never-called');
      await putOld(db, webhook, 'success', '100 days', 3);
      await putOld(db, webhook, 'failed', '5 days', 2);
      await migrate(db);
    });

    it('0033: what was triggered is done, the webhook stays, updated_at too', async () => {
      const db = ctx.db();
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

    it('0048: attempts stay where they are and are seen, later ones go into their partitions, and both go with their deliveries', async () => {
      const db = ctx.db();
      const [before] = await partitionsOf(db, 'webhook_delivery_attempts');
      expect(before?.name).toBe('webhook_delivery_attempts_before');
      const seen = 'SELECT attempt_number, count(*)::int AS count FROM webhook_delivery_attempts GROUP BY 1 ORDER BY 1';
      expect((await db.query(seen)).rows).toEqual([1, 2].map((attempt_number) => ({ attempt_number, count: 5 })));

      await db.query("UPDATE webhook_deliveries SET attempt_number = 3 WHERE status = 'failed'");
      expect((await db.query(seen)).rows.at(-1)).toEqual({ attempt_number: 3, count: 2 });
      const { rows } = await db.query(
        `SELECT count(*)::int AS new FROM hookline.webhook_delivery_attempts a JOIN webhook_deliveries d ON d.id = a.delivery_id
         WHERE a.delivery_created_at = d.created_at AND a.tableoid <> 'hookline.webhook_delivery_attempts_before'::regclass`,
      );
      expect(rows).toEqual([{ new: 2 }]);

      expect(await removeExpired(db, 100)).toMatchObject({ successful: 3, failed: 0 });
      expect(await countRows(db)).toMatchObject({ failed: 2, attempts: 4 });
      expect(await drop(db)).toEqual([]);
      await db.query('DELETE FROM webhook_deliveries');
      expect(await countRows(db)).toMatchObject({ attempts: 0 });
      expect(await drop(db)).toEqual(['webhook_delivery_attempts_before']);
    });
  },
  { migrated: false },
);
