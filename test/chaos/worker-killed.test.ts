import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';

const WEBHOOKS = 8;
const EVENTS = 150;
const DELIVERIES = WEBHOOKS * EVENTS;
const KILLS = 3;

describe('a worker killed with SIGKILL while it sends', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  let receiver: ReceiverServer;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url });
    receiver = await startReceiver((_, index) => ({ delayMs: 40, status: index % 10 === 0 ? 500 : 200 }));
  });
  afterAll(async () => {
    await receiver.close();
    await db.close();
    await database.drop();
  });

  it('loses no delivery: after a restart every one ends, and repeats are no more than what was unrecorded at a kill', async () => {
    const webhooks = [];
    for (let n = 0; n < WEBHOOKS; n += 1) webhooks.push(await createWebhook(db, receiver.url, { max_retries: 10 }));
    await asService(db, (tx) =>
      tx.query(
        "SELECT trigger_webhook_event('video.generated', jsonb_build_object('n', n)) FROM generate_series(1, $1::int) n",
        [EVENTS],
      ),
    );
    const start = (): HooklineProcess =>
      startHooklineProcess(['worker'], {
        DATABASE_URL: database.url,
        HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
        LOG_LEVEL: 'warn',
      });
    const unended = async (): Promise<number> => {
      const { rows } = await db.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM webhook_deliveries WHERE status IN ('pending', 'retrying')",
      );
      return rows[0]?.n ?? -1;
    };

    let unrecorded = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const worker = start();
      const before = receiver.requests.length;
      await receiver.waitFor(before + 100, 40_000);
      expect(await worker.end('SIGKILL')).toBe('SIGKILL');
      const { rows } = await db.query<{ n: number }>('SELECT count(lease_id)::int AS n FROM hookline.queue');
      unrecorded += rows[0]?.n ?? 0;
      expect(await unended()).toBeGreaterThan(0);
    }

    const worker = start();
    await waitUntil(async () => (await unended()) === 0, {
      message: 'all deliveries to end',
      timeoutMs: 60_000,
      intervalMs: 250,
    });
    expect(await worker.end('SIGTERM'), worker.output()).toBe(0);

    const { rows: ended } = await db.query<{ status: string; n: number }>(
      'SELECT status, count(*)::int AS n FROM webhook_deliveries GROUP BY status',
    );
    expect(ended).toEqual([{ status: 'success', n: DELIVERIES }]);
    const seen = new Map<string, number>();
    for (const { headers } of receiver.requests) {
      const id = String(headers['x-webhook-delivery']);
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
    expect(seen.size).toBe(DELIVERIES);
    const { rows: recorded } = await db.query<{ n: number }>(
      'SELECT sum(attempt_number)::int AS n FROM webhook_deliveries',
    );
    expect(receiver.requests.length - (recorded[0]?.n ?? 0)).toBeLessThanOrEqual(unrecorded);

    const { rows: counters } = await db.query<{ total: number; ok: number }>(
      'SELECT sum(total_deliveries)::int AS total, sum(successful_deliveries)::int AS ok FROM webhooks',
    );
    expect(counters).toEqual([{ total: DELIVERIES, ok: DELIVERIES }]);
  }, 180_000);
});
