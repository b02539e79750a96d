import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { countExpired, removeExpired, startRetentionLoop } from '../../src/maintain/retention.js';
import { sqlError } from '../conformance/spec-helpers.js';
import { captureLog } from '../harness/captured-log.js';
import { asUserId, describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { clear, countRows, putOld, type Status } from './retention-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';
const NONE = { successful: 0, failed: 0, events: 0, audit: 0 };

describeOnEachDatabase('retention', (ctx) => {
  afterEach(() => clear(ctx.db()));

  it.each<[Status, string, Partial<typeof NONE>]>([
    ['success', '89 days 23 hours', {}],
    ['success', '90 days 1 hour', { successful: 1, events: 1 }],
    ['failed', '29 days 23 hours', {}],
    ['failed', '30 days 1 hour', { failed: 1 }],
    ['failed', '90 days 1 hour', { failed: 1, events: 1 }],
    ['pending', '400 days', { events: 1 }],
    ['retrying', '400 days', { events: 1 }],
  ])('of a delivery that is %s, %s old: %j', async (status, age, expected) => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, status, age);
    expect(await countExpired(ctx.db())).toEqual({ ...NONE, ...expected });
    expect(await removeExpired(ctx.db(), 10)).toEqual({ ...NONE, ...expected });
    expect(await countExpired(ctx.db())).toEqual(NONE);
    expect(await removeExpired(ctx.db(), 10)).toEqual(NONE);
  });

  it('takes attempts along with their delivery, and leaves counters and statistics', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, 'success', '100 days', 3);
    await putOld(ctx.db(), webhook, 'failed', '40 days', 2);
    await putOld(ctx.db(), webhook, 'success', '1 day');
    const told = async (): Promise<unknown> => {
      const { rows } = await ctx.db().query(
        `SELECT total_deliveries, successful_deliveries, failed_deliveries, updated_at,
                (SELECT sum(successful + failed)::int FROM hookline.statistics_daily) AS ended FROM webhooks`,
      );
      return rows;
    };
    const before = await told();
    expect(before).toMatchObject([{ total_deliveries: 6, ended: 6 }]);
    expect(await removeExpired(ctx.db(), 100)).toEqual({ successful: 3, failed: 2, events: 3, audit: 0 });
    expect(await countRows(ctx.db())).toEqual({ success: 1, failed: 0, unended: 0, attempts: 1, events: 3 });
    expect(await told()).toEqual(before);
  });

  it('goes by the ages of the settings', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await ctx.db().query("UPDATE hookline.settings SET successful_retention = '2 days', failed_retention = '10 days'");
    await putOld(ctx.db(), webhook, 'success', '3 days');
    await putOld(ctx.db(), webhook, 'failed', '3 days');
    expect(await removeExpired(ctx.db(), 10)).toEqual({ ...NONE, successful: 1 });
    expect(await countRows(ctx.db())).toMatchObject({ success: 0, failed: 1, events: 2 });
  });

  it('removes no more at a time than asked for', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, 'success', '100 days', 5);
    expect(await removeExpired(ctx.db(), 2)).toEqual({ ...NONE, successful: 2, events: 2 });
    expect(await countExpired(ctx.db())).toEqual({ ...NONE, successful: 3, events: 3 });
  });

  it('keeps to the limit with statistics that say the tables are empty', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, 'success', '100 days', 1_000);
    await putOld(ctx.db(), webhook, 'failed', '100 days', 1_000);
    await ctx.db().query('DELETE FROM webhook_deliveries; DELETE FROM hookline.events');
    await ctx.db().query('ANALYZE webhook_deliveries; ANALYZE hookline.events');
    await putOld(ctx.db(), webhook, 'success', '100 days', 1_000);
    await putOld(ctx.db(), webhook, 'failed', '100 days', 1_000);
    for (let batch = 0; batch < 10; batch++) {
      expect(await removeExpired(ctx.db(), 1)).toEqual({ successful: 1, failed: 1, events: 1, audit: 0 });
    }
  });

  it('is the service’s alone', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    for (const call of ['remove_expired(1)', 'count_expired()']) {
      const asked = asUserId(ctx.db(), webhook.userId, (tx) => tx.query(`SELECT hookline.${call}`));
      expect(await sqlError(asked)).toMatchObject({ code: '42501' });
    }
  });

  it('runs in a loop: all batches of a look, and again after the pause', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    // A batch is 500 of a kind.
    await putOld(ctx.db(), webhook, 'success', '100 days', 600);
    const { log, lines } = captureLog();
    const loop = startRetentionLoop({ db: ctx.db(), log, firstAfterMs: 10, intervalMs: 300 });
    await waitUntil(() => lines('retention.removed').length === 1, { message: 'the first look' });
    expect(lines('retention.removed')).toMatchObject([{ successful: 600, failed: 0, events: 600 }]);
    await putOld(ctx.db(), webhook, 'failed', '100 days', 3);
    await waitUntil(() => lines('retention.removed').length === 2, { message: 'the second look' });
    expect(lines('retention.removed')[1]).toMatchObject({ successful: 0, failed: 3, events: 3, audit: 0 });
    await loop.stop();
    await putOld(ctx.db(), webhook, 'failed', '100 days');
    await sleep(500);
    expect(await countRows(ctx.db())).toMatchObject({ failed: 1 });
  });

  it('is stopped between two batches', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putOld(ctx.db(), webhook, 'success', '100 days', 1_000);
    const { log, lines } = captureLog();
    let stopped: Promise<void> | undefined;
    // The next batch may come sooner than anybody who looks sees this one.
    const db: Database = {
      ...ctx.db(),
      transaction: (fn) =>
        ctx.db().transaction((tx) =>
          fn({
            async query(text, params) {
              const answer = await tx.query(text, params);
              if (text.includes('remove_expired')) stopped ??= loop.stop();
              return answer as never;
            },
          }),
        ),
    };
    const loop = startRetentionLoop({ db, log, firstAfterMs: 1 });
    await waitUntil(() => stopped !== undefined, { message: 'the first batch' });
    await stopped;
    const { success } = await countRows(ctx.db());
    expect(success).toBeGreaterThan(0);
    expect(lines('retention.removed')).toMatchObject([{ successful: 1_000 - (success ?? 0) }]);
  });
});
