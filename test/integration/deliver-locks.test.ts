import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Queryable } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { claim } from '../../src/deliver/claim/claim.js';
import { giveBack } from '../../src/deliver/claim/give-back.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';

/** PostgreSQL alone: the embedded database has one connection, and nobody to wait for. */
describe('transactions of others, open meanwhile', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  let receiver: ReceiverServer;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url, poolSize: 20 });
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await db.query('DELETE FROM webhooks');
  });
  afterAll(async () => {
    await receiver.close();
    await db.close();
    await database.drop();
  });

  /** Runs `work` while a transaction has done `open` and not yet committed. */
  async function during(open: (tx: Queryable) => Promise<unknown>, work: () => Promise<void>): Promise<void> {
    let commit = (): void => undefined;
    let begun = (): void => undefined;
    const isOpen = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const held = db.transaction(async (tx) => {
      await open(tx);
      begun();
      await new Promise<void>((resolve) => {
        commit = resolve;
      });
    });
    await Promise.race([isOpen, held]);
    try {
      await work();
    } finally {
      commit();
      await held;
    }
  }

  it('a worker that comes back is waited for by no other that would remove it', async () => {
    const id = randomUUID();
    await db.query(
      "INSERT INTO hookline.workers (id, name, heartbeat_at) VALUES ($1::uuid, 'test', now() - interval '1 minute')",
      [id],
    );
    await during(
      (tx) => tx.query('UPDATE hookline.workers SET heartbeat_at = now() WHERE id = $1::uuid', [id]),
      () =>
        asService(db, async (tx) => {
          await tx.query("SET LOCAL lock_timeout = '1s'");
          await tx.query('SELECT hookline.free_dead_leases()');
        }),
    );
    const { rowCount } = await db.query('DELETE FROM hookline.workers WHERE id = $1::uuid', [id]);
    expect(rowCount).toBe(1);
  });

  // Claims that begin to count the leases of all (hookline.count_leases) change the rows that a worker gives back at that very moment, its share being gone.
  it('leases that are being counted are given back all the same', async () => {
    const webhook = await createWebhook(db, receiver.url);
    await trigger(db, webhook.userId);
    await trigger(db, webhook.userId);
    const claimed = await claim(db, new DatabaseClock(), randomUUID(), {
      deliveries: 10,
      perWebhook: 10,
      bytes: 1e9,
      excluded: { webhooks: [], users: [] },
    });
    expect(claimed).toHaveLength(2);
    let given: Promise<void> = Promise.resolve();
    await during(
      (tx) => tx.query('SELECT hookline.count_leases()'),
      async () => {
        given = giveBack(db, claimed);
        const waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        await waitUntil(async () => (await db.query(waiting)).rows.length > 0, { message: 'giving back waits' });
      },
    );
    await given;
    const { rows } = await db.query('SELECT lease_id, is_counted FROM hookline.queue');
    expect(rows).toEqual(Array(2).fill({ lease_id: null, is_counted: false }));
  });

  it('a claim among many users holds a bounded number of locks in shared memory, and is full all the same', async () => {
    await db.query(`WITH owner AS (INSERT INTO auth.users SELECT FROM generate_series(1, 1500) RETURNING id)
      INSERT INTO webhooks (user_id, name, url) SELECT id, 'test', 'https://a.example' FROM owner`);
    await db.query(`INSERT INTO webhook_deliveries (webhook_id, user_id, event_type, request_url, request_payload)
      SELECT id, user_id, 'video.generated', url, '{}' FROM webhooks`);
    // Two that have not shared the caps out.
    const { rows: workers } = await db.query<{ id: string }>(
      "INSERT INTO hookline.workers (id, name) SELECT gen_random_uuid(), 'test' FROM generate_series(1, 2) RETURNING id",
    );
    await asService(db, async (tx) => {
      const leased = await tx.query(
        "SELECT FROM hookline.lease_due($1::uuid, 500, 64, 1000000000, false, '1 minute')",
        [workers[0]?.id ?? ''],
      );
      expect(leased.rowCount).toBe(500);
      const { rows } = await tx.query<{ held: number }>(
        "SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
      );
      // PostgreSQL has room for 6,400 by default, of all sessions together.
      expect(rows[0]?.held).toBeLessThanOrEqual(1_100);
    });
    await db.query('DELETE FROM hookline.workers');
    await db.query('DELETE FROM hookline.leases');
    await db.query('TRUNCATE webhooks CASCADE');
  }, 90_000);

  it('that hold one webhook do not keep results of others from being recorded, and its own come in afterwards', async () => {
    const [held, free] = [await createWebhook(db, receiver.url), await createWebhook(db, receiver.url)];
    const worker = await startTestWorker(db);
    let waiting = '';
    await during(
      (tx) => tx.query("UPDATE webhooks SET description = 'open' WHERE id = $1::uuid", [held.id]),
      async () => {
        [waiting = ''] = await trigger(db, held.userId);
        const [id = ''] = await trigger(db, free.userId);
        await deliveryWith(db, id, 'success');
      },
    );
    await deliveryWith(db, waiting, 'success');
    await worker.stop(2_000);
  });

  it("that delete a webhook do not hold up those that trigger, nor deadlock with them: its user's deletion waits instead", async () => {
    const [first, second] = [await createWebhook(db, receiver.url), await createWebhook(db, receiver.url)];
    const other = await createWebhook(db, receiver.url);
    await during(
      (tx) => tx.query('DELETE FROM webhooks WHERE id = $1::uuid', [first.id]),
      async () => expect((await broadcast(db)).sort()).toEqual([second.id, other.id].sort()),
    );

    // The application has triggered for the first; a user deletes the second and waits for the first; then the application triggers again.
    let deletion: Promise<unknown> = Promise.resolve();
    const again = await db.transaction(async (tx) => {
      await tx.query("SELECT trigger_webhook_event('video.generated', '{}', $1::uuid)", [second.userId]);
      deletion = db.transaction(async (user) => {
        await user.query('DELETE FROM webhooks WHERE id = $1::uuid', [other.id]);
        await user.query('DELETE FROM webhooks WHERE id = $1::uuid', [second.id]);
      });
      await waitUntil(async () => ((await waiting(db)) > 0 ? true : undefined), {
        message: () => 'the deletion to wait',
      });
      return broadcast(tx);
    });
    expect(again).toEqual([second.id]);
    await deletion;
    expect((await db.query('SELECT FROM webhooks')).rowCount).toBe(0);
    expect((await db.query('SELECT FROM hookline.queue')).rowCount).toBe(0);
  });

  it('that triggered an event hold up nothing', async () => {
    const webhook = await createWebhook(db, receiver.url);
    const worker = await startTestWorker(db);
    await during(
      (tx) => tx.query("SELECT trigger_webhook_event('video.generated', '{}', $1::uuid)", [webhook.userId]),
      async () => {
        const [id = ''] = await trigger(db, webhook.userId);
        await deliveryWith(db, id, 'success');
      },
    );
    await worker.stop(2_000);
  });

  it('that delete a webhook do not fail an event for it and others', async () => {
    const deleted = await createWebhook(db, receiver.url);
    const kept = await createWebhook(db, receiver.url, {}, deleted.userId);
    let triggering: Promise<string[]> = Promise.resolve([]);
    await during(
      (tx) => tx.query('DELETE FROM webhooks WHERE id = $1::uuid', [deleted.id]),
      async () => {
        triggering = trigger(db, deleted.userId);
        await sleep(300);
      },
    );
    const ids = await triggering;
    const { rows } = await db.query('SELECT webhook_id FROM webhook_deliveries WHERE id = ANY ($1::uuid[])', [ids]);
    expect(rows).toEqual([{ webhook_id: kept.id }]);
  });

  it('that commit while a claim runs lose no delivery to it: what is leased is handed out', async () => {
    const webhook = await createWebhook(db, receiver.url);
    const began = performance.now();
    let handedOut = 0;
    // Long enough for the race, and on a slow machine until enough was claimed to tell.
    const goesOn = (): boolean => {
      const ms = performance.now() - began;
      return ms < 3_000 || (handedOut <= 500 && ms < 25_000);
    };
    const claiming = Array.from({ length: 2 }, async () => {
      while (goesOn()) {
        const bounds = { deliveries: 500, perWebhook: 500, bytes: 1e9, excluded: { webhooks: [], users: [] } };
        const claimed = await claim(db, new DatabaseClock(), randomUUID(), bounds);
        handedOut += claimed.length;
      }
    });
    const triggering = Array.from({ length: 6 }, async () => {
      while (goesOn()) await trigger(db, webhook.userId);
    });
    await Promise.all([...claiming, ...triggering]);
    const { rows } = await db.query<{ leased: number }>('SELECT count(lease_id)::int AS leased FROM hookline.queue');
    expect(handedOut).toBeGreaterThan(500);
    expect(handedOut).toBe(rows[0]?.leased);
  }, 60_000);

  it('never deadlock with a retry or an expiry of the same webhook', async () => {
    const webhook = await createWebhook(db, receiver.url);
    const [failed = ''] = await trigger(db, webhook.userId);
    await trigger(db, webhook.userId);
    await db.query("UPDATE webhook_deliveries SET status = 'failed' WHERE id = $1::uuid", [failed]);
    await db.query(
      `WITH w AS (UPDATE webhooks SET is_active = false, inactive_since = now() - interval '2 days' WHERE id = $1::uuid RETURNING id)
       UPDATE webhook_deliveries d SET created_at = now() - interval '2 days' FROM w WHERE d.webhook_id = w.id`,
      [webhook.id],
    );
    let others: Promise<unknown>[] = [];
    await during(
      async (tx) => {
        await tx.query('SELECT FROM webhooks WHERE id = $1::uuid FOR UPDATE', [webhook.id]);
      },
      async () => {
        others = [
          asService(db, (tx) => tx.query('SELECT * FROM retry_failed_delivery($1::uuid)', [failed])),
          asService(db, (tx) => tx.query('SELECT hookline.fail_waiting(10)')),
          db.query('UPDATE webhook_deliveries SET metadata = metadata WHERE webhook_id = $1::uuid', [webhook.id]),
        ];
        await sleep(300);
      },
    );
    await expect(Promise.all(others)).resolves.toHaveLength(3);
  });
});

async function broadcast(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    "SELECT webhook_id AS id FROM trigger_webhook_event('video.generated', '{}')",
  );
  return rows.map(({ id }) => id);
}

/** Connections to this database that wait for a lock. */
async function waiting(db: Database): Promise<number> {
  const { rowCount } = await db.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rowCount;
}
