import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { lookAtDeliveries, partitionDeliveries, type Step } from '../../src/db/partition/deliveries.js';
import { openPostgres } from '../../src/db/pg.js';
import { loadSql } from '../../src/db/sql-file.js';
import { asUserId, describeOnEachDatabase, newPostgresDatabase, openTestDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { make } from './partitions-helpers.js';
import { countRows, putOld } from './retention-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';
const BOUND = loadSql(import.meta.url, '../../src/db/partition/bound.sql');

describeOnEachDatabase('hookline partition deliveries', (ctx) => {
  it('leaves rows where they are, and everything that is said of the table', async () => {
    const db = ctx.db();
    const webhook = await createWebhook(db, URL);
    await putOld(db, webhook, 'success', '10 days', 50);
    await putOld(db, webhook, 'pending', '1 minute', 5);
    const said = async (): Promise<unknown> => {
      const { rows } = await db.query(
        `SELECT 'trigger' AS kind, t.tgname::text AS name FROM pg_trigger t WHERE t.tgrelid = 'webhook_deliveries'::regclass AND NOT t.tgisinternal
         UNION ALL SELECT 'index', i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = 'webhook_deliveries'::regclass
         UNION ALL SELECT 'constraint', k.conname || ' ' || k.contype::text FROM pg_constraint k WHERE k.conrelid = 'webhook_deliveries'::regclass AND k.contype <> 'n'
         UNION ALL SELECT 'policy', p.policyname || ' ' || p.roles::text || coalesce(p.qual, '') FROM pg_policies p WHERE p.tablename = 'webhook_deliveries' AND p.schemaname = 'public'
         UNION ALL SELECT 'right', a.grantee::regrole::text || ' ' || a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
           WHERE c.oid = 'webhook_deliveries'::regclass AND a.privilege_type <> 'MAINTAIN'
         ORDER BY 1, 2`,
      );
      return rows;
    };
    const [before, rows] = [await said(), await countRows(db)];
    const steps: Step[] = [];
    expect(await partitionDeliveries(db, (step) => steps.push(step))).toBe(true);
    expect(steps).toEqual(['key', 'bound', 'check', 'swap', 'partitions']);
    expect(await said()).toEqual(before);
    expect(await countRows(db)).toEqual(rows);
    expect(await partitionDeliveries(db)).toBe(false);
    const seen = await asUserId(db, webhook.userId, (tx) => tx.query('SELECT FROM webhook_deliveries'));
    expect(seen.rowCount).toBe(55);
    await expect(
      asUserId(db, webhook.userId, (tx) => tx.query('SELECT FROM hookline.webhook_deliveries_before')),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('hookline partition deliveries on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url });
  });
  afterEach(() => db.query('DROP VIEW IF EXISTS theirs'));
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it('refuses what would be left behind, by name', async () => {
    await db.query('CREATE VIEW theirs AS SELECT id FROM webhook_deliveries');
    await expect(partitionDeliveries(db)).rejects.toMatchObject({
      code: 'cannot_partition',
      message: expect.stringContaining('rule _RETURN on view theirs'),
    });
  });

  it('that fails on its way takes back what would refuse deliveries one day, and goes on the next time', async () => {
    const webhook = await createWebhook(db, URL);
    await putOld(db, webhook, 'success', '-40 days');
    await expect(partitionDeliveries(db)).rejects.toMatchObject({ code: '23514' });
    expect(await lookAtDeliveries(db)).toMatchObject({ isPartitioned: false, boundIsFar: null, keyIsValid: true });
    await db.query('DELETE FROM webhook_deliveries');
  });

  it('that was killed on its way can be run again; workers take away a bound that comes near', async () => {
    await db.query(BOUND);
    await make(db);
    expect(await lookAtDeliveries(db)).toMatchObject({ boundIsFar: true });
    await db.query(
      "ALTER TABLE webhook_deliveries DROP CONSTRAINT before_partitions, ADD CONSTRAINT before_partitions CHECK (created_at < '2020-01-01') NOT VALID",
    );
    await make(db);
    expect(await lookAtDeliveries(db)).toMatchObject({ boundIsFar: null });
    await db.query(BOUND);
    await db.query(
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'webhook_deliveries_id_created_at'::regclass",
    );
    expect(await partitionDeliveries(db)).toBe(true);
    expect(await lookAtDeliveries(db)).toMatchObject({ isPartitioned: true });
  });

  it('beside two workers and an application that triggers loses nothing and sends nothing twice', async () => {
    const own = await openTestDatabase('postgres');
    const receiver = await startReceiver();
    const webhook = await createWebhook(own.db, receiver.url);
    await putOld(own.db, webhook, 'success', '5 days', 2_000);
    const workers = [await startTestWorker(own.db), await startTestWorker(own.db)];
    const ids: string[] = [];
    let isDone = false;
    const triggering = (async () => {
      while (!isDone || ids.length < 50) ids.push(...(await trigger(own.db, webhook.userId)));
    })();
    await waitUntil(() => ids.length > 10, { message: 'events to come' });
    expect(await partitionDeliveries(own.db)).toBe(true);
    const after = ids.length;
    await waitUntil(() => ids.length > after + 10, { message: 'more events to come' });
    isDone = true;
    await triggering;
    for (const id of ids) await deliveryWith(own.db, id, 'success');
    expect(receiver.requests).toHaveLength(ids.length);
    for (const worker of workers) await worker.stop(2_000);
    await receiver.close();
    const { rows } = await own.db.query(
      'SELECT successful_deliveries AS counted, (SELECT count(*)::int FROM hookline.queue) AS queued FROM webhooks',
    );
    expect(rows).toEqual([{ counted: ids.length + 2_000, queued: 0 }]);
    await own.drop();
  }, 90_000);
});
