import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { alone } from '../../src/maintain/alone.js';
import { removeExpired, startRetentionLoop } from '../../src/maintain/retention.js';
import { describeOnPostgres, newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, silent, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { clear, countRows, putOld } from './retention-helpers.js';

/** However long the transaction waits for the test; a service's own is ended after 5 s. */
const STAYS_OPEN = 'SET LOCAL idle_in_transaction_session_timeout = 0';

describeOnPostgres('retention beside deliveries', (ctx) => {
  it('removes while a worker delivers, and what is under way is delivered and kept', async () => {
    const receiver = await startReceiver();
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await putOld(ctx.db(), webhook, 'success', '100 days', 1_500);
    await putOld(ctx.db(), webhook, 'pending', '100 days', 20);
    const worker = await startTestWorker(ctx.db());
    const loop = startRetentionLoop({ db: ctx.db(), log: silent, firstAfterMs: 1, intervalMs: 200 });
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) ids.push(...(await trigger(ctx.db(), webhook.userId)));
    for (const id of ids) await deliveryWith(ctx.db(), id, 'success');
    const areGone = async () => {
      const { success, unended } = await countRows(ctx.db());
      return success === ids.length && unended === 0;
    };
    await waitUntil(areGone, { message: 'the old to go' });
    expect(ids).toHaveLength(40);
    // The old ones that waited were sent too; made so long ago, they are past their age as soon as they succeed.
    expect(receiver.requests).toHaveLength(ids.length + 20);
    await loop.stop();
    await worker.stop(2_000);
    await receiver.close();
    await clear(ctx.db());
  });
});

/** PostgreSQL alone: the embedded database has one connection, and nobody to wait for. */
describe('retention and locks of others', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  let receiver: ReceiverServer;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url });
    receiver = await startReceiver();
  });
  afterEach(() => clear(db));
  afterAll(async () => {
    await receiver.close();
    await db.close();
    await database.drop();
  });

  it('passes over rows that somebody holds, waits for nobody, and takes them the next time', async () => {
    const webhook = await createWebhook(db, receiver.url);
    await putOld(db, webhook, 'success', '100 days', 10);
    await db.transaction(async (tx) => {
      await tx.query('SELECT FROM webhook_deliveries ORDER BY id LIMIT 3 FOR UPDATE');
      await tx.query('SELECT FROM hookline.events ORDER BY id LIMIT 4 FOR UPDATE');
      expect(await removeExpired(db, 100)).toEqual({ successful: 7, failed: 0, events: 6, audit: 0 });
      expect(await removeExpired(db, 100)).toEqual({ successful: 0, failed: 0, events: 0, audit: 0 });
    });
    expect(await removeExpired(db, 100)).toEqual({ successful: 3, failed: 0, events: 4, audit: 0 });
  });

  it('waits for nobody who holds webhooks', async () => {
    const webhook = await createWebhook(db, receiver.url);
    await putOld(db, webhook, 'failed', '100 days', 10);
    await db.transaction(async (tx) => {
      await tx.query('SELECT FROM webhooks FOR UPDATE');
      expect(await removeExpired(db, 100)).toEqual({ successful: 0, failed: 10, events: 10, audit: 0 });
    });
  });

  it('that is under way holds up no delivery, trigger or manual retry of the same webhook', async () => {
    const webhook = await createWebhook(db, receiver.url);
    await putOld(db, webhook, 'success', '100 days', 50);
    await putOld(db, webhook, 'failed', '1 day');
    const worker = await startTestWorker(db);
    await asService(db, async (tx) => {
      await tx.query(STAYS_OPEN);
      await tx.query('SELECT hookline.remove_expired(100)');
      const [id = ''] = await trigger(db, webhook.userId);
      await deliveryWith(db, id, 'success');
      const { rows } = await asService(db, (other) =>
        other.query("SELECT success FROM webhook_deliveries d, retry_failed_delivery(d.id) WHERE d.status = 'failed'"),
      );
      expect(rows).toEqual([{ success: true }]);
      await waitUntil(async () => (await countRows(db))['failed'] === 0, { message: 'the retry to be sent' });
    });
    await worker.stop(2_000);
  });

  it('by several at once removes each row once', async () => {
    const webhook = await createWebhook(db, receiver.url);
    await putOld(db, webhook, 'success', '100 days', 400);
    const batches = await Promise.all(Array.from({ length: 8 }, () => removeExpired(db, 60)));
    const left = (await countRows(db))['success'] ?? 0;
    expect(batches.reduce((sum, { successful }) => sum + successful, left)).toBe(400);
    expect(left).toBeLessThanOrEqual(340);
  });

  it('is left to another process while that one removes, in the loop', async () => {
    const webhook = await createWebhook(db, receiver.url);
    await putOld(db, webhook, 'success', '100 days', 10);
    const looks: boolean[] = [];
    const metrics = { began: () => undefined, looked: (_loop: string, ok: boolean) => void looks.push(ok) };
    const left = async () => (await countRows(db))['success'];
    const loop = await alone(db, 'retention', async (tx) => {
      await tx.query(STAYS_OPEN);
      const started = startRetentionLoop({ db, log: silent, metrics, firstAfterMs: 1, intervalMs: 20 });
      await waitUntil(() => looks.length >= 2, { message: 'two looks' });
      expect(looks.every(Boolean)).toBe(true);
      expect(await left()).toBe(10);
      return started;
    });
    await waitUntil(async () => (await left()) === 0, { message: 'the loop to remove them' });
    await loop?.stop();
  });
});
