import { afterEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { makePartitions } from '../../src/maintain/partitions.js';
import { countExpired, removeExpired } from '../../src/maintain/retention.js';
import { captureLog } from '../harness/captured-log.js';
import { asUserId, describeOnEachDatabase, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { dateAttempts, drop, make, partitionsOf, putOldPartitions } from './partitions-helpers.js';
import { clear, countRows, putOld } from './retention-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';
const DAY_MS = 86_400_000;
const NONE = { successful: 0, failed: 0, events: 0, audit: 0 };

describeOnEachDatabase('partitions of attempts', (ctx) => {
  afterEach(() => clear(ctx.db()));

  it('are made two weeks ahead, one after the other, once', async () => {
    expect(await make(ctx.db())).toEqual([]);
    const byMigration = await partitionsOf(ctx.db(), 'webhook_delivery_attempts');
    expect(byMigration.length).toBeGreaterThanOrEqual(3);
    const late = byMigration.slice(1).map(({ name }) => name);
    for (const name of late) await ctx.db().query(`DROP TABLE hookline.${name}`);
    expect(await make(ctx.db())).toEqual(late);
    const partitions = await partitionsOf(ctx.db(), 'webhook_delivery_attempts');
    for (const [n, { starts }] of partitions.entries()) if (n > 0) expect(starts).toEqual(partitions[n - 1]?.ends);
    expect(partitions.at(-1)?.ends.getTime()).toBeGreaterThan(Date.now() + 14 * DAY_MS);
    expect(partitions.every(({ ends }) => ends.getUTCDay() === 1 && ends.getTime() % DAY_MS === 0)).toBe(true);
  });

  it('are told in the log as they are made, whatever becomes of the next', async () => {
    const late = (await partitionsOf(ctx.db(), 'webhook_delivery_attempts')).slice(1).map(({ name }) => name);
    for (const name of late) await ctx.db().query(`DROP TABLE hookline.${name}`);
    let begun = 0;
    const failing: Database = {
      ...ctx.db(),
      transaction(fn) {
        begun += 1;
        return begun === 1 ? ctx.db().transaction(fn) : Promise.reject(new Error('gone'));
      },
    };
    const { log, lines } = captureLog();
    await expect(makePartitions(failing, log, new AbortController().signal)).rejects.toThrow('gone');
    expect(lines('partitions.made')).toMatchObject([{ partition: late[0] }]);
    expect(await make(ctx.db())).toEqual(late.slice(1));
  });

  it('are of as many days as the settings say, from the last one on', async () => {
    const last = (await partitionsOf(ctx.db(), 'webhook_delivery_attempts')).at(-1)?.ends.getTime() ?? 0;
    await ctx.db().query('UPDATE hookline.settings SET partition_days = 15');
    expect(await make(ctx.db())).not.toEqual([]);
    const partitions = await partitionsOf(ctx.db(), 'webhook_delivery_attempts');
    expect(partitions.find(({ starts }) => starts.getTime() === last)?.ends.getTime()).toBe(last + 15 * DAY_MS);
  });

  it('that were not made in time lose nothing: the default partition takes it, and later ones begin behind it', async () => {
    const end = (await partitionsOf(ctx.db(), 'webhook_delivery_attempts')).at(-1)?.ends.getTime() ?? 0;
    const days = Math.ceil((end - Date.now()) / DAY_MS) + 1;
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, 'failed', `-${days} days`, 2);
    await dateAttempts(ctx.db());
    const inDefault = 'SELECT count(*)::int AS count FROM hookline.webhook_delivery_attempts_default';
    expect((await ctx.db().query(inDefault)).rows).toEqual([{ count: 2 }]);
    const { rows } = await asUserId(ctx.db(), webhook.userId, (tx) =>
      tx.query('SELECT count(*)::int AS seen FROM webhook_delivery_attempts WHERE NOT is_latest'),
    );
    expect(rows).toEqual([{ seen: 2 }]);
    await ctx.db().query('UPDATE hookline.settings SET partition_days = 31');
    expect(await make(ctx.db())).not.toEqual([]);
    const last = (await partitionsOf(ctx.db(), 'webhook_delivery_attempts')).at(-1);
    await ctx.db().query('UPDATE hookline.settings SET partition_days = 7');
    expect(last?.starts.getTime()).toBeGreaterThan(Date.now() + days * DAY_MS);
    expect((await ctx.db().query(inDefault)).rows).toEqual([{ count: 2 }]);
  });

  it('go on to be made when something claims to be of a far future, and none of what is long past', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, 'failed', '-30000 days');
    await putOld(ctx.db(), webhook, 'failed', '1 day');
    await dateAttempts(ctx.db());
    await ctx
      .db()
      .query(
        "UPDATE hookline.webhook_delivery_attempts SET delivery_created_at = 'infinity' WHERE delivery_created_at < now()",
      );
    for (const { name } of await partitionsOf(ctx.db(), 'webhook_delivery_attempts')) {
      await ctx.db().query(`DROP TABLE hookline.${name}`);
    }
    expect((await make(ctx.db())).length).toBeGreaterThanOrEqual(3);
    const partitions = await partitionsOf(ctx.db(), 'webhook_delivery_attempts');
    expect(partitions[0]?.starts.getTime()).toBeLessThanOrEqual(Date.now());
    expect(partitions[0]?.ends.getTime()).toBeGreaterThan(Date.now());
    expect(await make(ctx.db())).toEqual([]);
  });
});

describeOnPostgres('retention of attempts in partitions', (ctx) => {
  afterEach(() => clear(ctx.db()));

  it('removes old successes, and leaves their attempts, unseen, to the drop of their partition', async () => {
    await putOldPartitions(ctx.db());
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, 'success', '97 days', 3);
    await putOld(ctx.db(), webhook, 'failed', '40 days', 2);
    await putOld(ctx.db(), webhook, 'success', '1 day');
    await dateAttempts(ctx.db());
    expect(await drop(ctx.db())).toHaveLength(1);
    expect(await removeExpired(ctx.db(), 100)).toEqual({ ...NONE, successful: 3, failed: 2, events: 3 });
    expect(await countRows(ctx.db())).toMatchObject({ success: 1, failed: 0, attempts: 4 });
    const seen = await ctx.db().query('SELECT count(*)::int AS seen FROM webhook_delivery_attempts');
    expect(seen.rows).toEqual([{ seen: 2 }]);
    expect(await drop(ctx.db())).toHaveLength(1);
    expect(await countRows(ctx.db())).toMatchObject({ success: 1, attempts: 1 });
  });

  it('has an erased user’s attempts go at once, those too that wait for the drop', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, 'success', '91 days', 2);
    await dateAttempts(ctx.db());
    expect(await removeExpired(ctx.db(), 100)).toEqual({ ...NONE, successful: 2, events: 2 });
    await ctx.db().query('DELETE FROM webhooks');
    expect(await countRows(ctx.db())).toMatchObject({ attempts: 2 });
    await ctx.db().query('SELECT hookline.erase_user($1::uuid)', [webhook.userId]);
    expect(await countRows(ctx.db())).toMatchObject({ attempts: 0 });
  });
});

describeOnPostgres(
  'retention of deliveries in partitions',
  (ctx) => {
    it('drops what is past the longer age, leaves counters and statistics, and takes rows where a delivery has not ended', async () => {
      const db = ctx.db();
      await putOldPartitions(db);
      const webhook = await createWebhook(db, URL);
      await putOld(db, webhook, 'success', '150 days', 4);
      await putOld(db, webhook, 'success', '97 days', 5);
      await putOld(db, webhook, 'retrying', '97 days');
      await putOld(db, webhook, 'failed', '40 days', 2);
      await putOld(db, webhook, 'success', '85 days', 3);
      await dateAttempts(db);
      const told = async (): Promise<unknown> =>
        (
          await db.query(
            `SELECT total_deliveries, successful_deliveries, (SELECT sum(successful + failed)::int FROM hookline.statistics_daily) AS ended,
                    (SELECT count(*)::int FROM hookline.queue) AS queued FROM webhooks`,
          )
        ).rows;
      const before = await told();
      expect(before).toEqual([{ total_deliveries: 14, successful_deliveries: 12, ended: 14, queued: 1 }]);
      expect(await countExpired(db)).toMatchObject({ successful: 9, failed: 2 });

      expect(await drop(db)).toEqual([
        'webhook_deliveries_before_earliest',
        expect.stringMatching(/attempts_\d+_earliest$/),
      ]);
      expect(await removeExpired(db, 3)).toMatchObject({ successful: 3, failed: 2 });
      expect(await removeExpired(db, 3)).toMatchObject({ successful: 2, failed: 0 });
      expect(await countRows(db)).toMatchObject({ success: 3, failed: 0, unended: 1 });
      expect(await told()).toEqual(before);
      expect(await drop(db)).toEqual([]);

      await db.query("UPDATE webhook_deliveries SET status = 'success' WHERE status = 'retrying'");
      expect(await drop(db)).toEqual(['webhook_deliveries_before_old', expect.stringMatching(/attempts_\d+_old$/)]);
      expect(await countRows(db)).toMatchObject({ success: 3, unended: 0, attempts: 3 });
      await clear(db);
    });

    it('drops attempts from before 0050 once no delivery of their time is left, and an erased user’s go before that', async () => {
      const db = ctx.db();
      await putOldPartitions(db);
      await db.query(
        `CREATE TABLE hookline.webhook_delivery_attempts_before PARTITION OF hookline.webhook_delivery_attempts FOR VALUES FROM (MINVALUE) TO ('1970-01-01')`,
      );
      const [webhook, erased] = [await createWebhook(db, URL), await createWebhook(db, URL)];
      await putOld(db, webhook, 'success', '150 days', 2);
      await putOld(db, erased, 'success', '150 days', 3);
      await putOld(db, webhook, 'retrying', '97 days');
      await db.query(
        `UPDATE hookline.webhook_delivery_attempts a SET delivery_created_at = '-infinity', recorded_at = d.created_at FROM webhook_deliveries d WHERE d.id = a.delivery_id`,
      );
      expect(await drop(db)).toEqual(['webhook_deliveries_before_earliest', expect.stringMatching(/_earliest$/)]);
      expect(await countRows(db)).toMatchObject({ success: 0, unended: 1, attempts: 6 });
      await db.query('DELETE FROM webhooks WHERE id = $1::uuid', [erased.id]);
      await db.query('SELECT hookline.erase_user($1::uuid)', [erased.userId]);
      expect(await countRows(db)).toMatchObject({ unended: 1, attempts: 3 });
      await db.query("UPDATE webhook_deliveries SET created_at = now() - interval '10 days'");
      expect(await drop(db)).toContain('webhook_delivery_attempts_before');
      expect(await countRows(db)).toMatchObject({ unended: 1, attempts: 0 });
      await clear(db);
    });

    it('is truncated with or without its attempts', async () => {
      const db = ctx.db();
      const webhook = await createWebhook(db, URL);
      for (const statement of [
        'TRUNCATE webhook_deliveries, hookline.webhook_delivery_attempts',
        'TRUNCATE webhook_deliveries',
      ]) {
        await putOld(db, webhook, 'success', '1 day', 2);
        await db.query(statement);
        expect(await countRows(db)).toMatchObject({ success: 0, attempts: 0 });
      }
      await clear(db);
    });

    it('gives way to a transaction that has the table, and holds up nobody behind it', async () => {
      const db = ctx.db();
      await putOldPartitions(db);
      const dropOne = () => db.query('SELECT partition FROM hookline.drop_partition()', []);
      const webhook = await createWebhook(db, URL);
      await db.transaction(async (tx) => {
        await tx.query('SELECT FROM webhook_deliveries LIMIT 1');
        const [dropped] = await Promise.allSettled([dropOne(), putOld(db, webhook, 'success', '1 day')]);
        expect(dropped).toMatchObject({ status: 'rejected', reason: { code: '55P03' } });
      });
      expect((await dropOne()).rows).toHaveLength(1);
      await clear(db);
    });

    it('keeps deliveries for which no partition was made, and removes them row by row', async () => {
      const db = ctx.db();
      const webhook = await createWebhook(db, URL);
      await putOld(db, webhook, 'success', '-80 days', 2);
      await db.query('UPDATE hookline.settings SET partition_days = 31');
      const inDefault = 'SELECT count(*)::int AS count FROM hookline.webhook_deliveries_default';
      expect((await db.query(inDefault)).rows).toEqual([{ count: 2 }]);
      expect(await make(db)).not.toEqual([]);
      expect(await countRows(db)).toMatchObject({ success: 2 });
      await db.query("UPDATE hookline.settings SET successful_retention = '1 day', failed_retention = '1 day'");
      await db.query('ALTER TABLE webhook_deliveries DETACH PARTITION hookline.webhook_deliveries_before');
      await putOld(db, webhook, 'success', '3 days', 2);
      await db.query('UPDATE hookline.events SET created_at = now()');
      expect(await removeExpired(db, 10)).toEqual({ ...NONE, successful: 2 });
      await clear(db);
    });
  },
  { partitioned: true },
);
