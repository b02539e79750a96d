import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Queryable } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { claim } from '../../src/deliver/claim/claim.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { prepare } from '../../src/deliver/prepare/prepare.js';
import { record } from '../../src/deliver/record/record.js';
import type { Outcome } from '../../src/deliver/stages.js';
import { asUserId, newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { checkInvariants } from './invariants.js';

const FOR_MS = 12_000;
const WEBHOOKS = 16;
/** What was done no more often tells nothing. */
const TELLING = 10;

describe('everything at once on the same webhooks', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url, poolSize: 24 });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it('keeps queue, counters, roll-up and history in step with the deliveries, without a deadlock or any other error', async () => {
    const webhooks: { id: string; userId: string }[] = [];
    const register = async () => webhooks.push(await createWebhook(db, 'http://example.com/hook', { max_retries: 2 }));
    for (let n = 0; n < WEBHOOKS; n += 1) await register();
    const any = () =>
      webhooks[Math.floor(Math.random() * webhooks.length)] ?? { id: randomUUID(), userId: randomUUID() };
    const service = (text: string, params: readonly (string | number | boolean)[] = []) =>
      asService(db, (tx) => tx.query<Record<string, string>>(text, params));
    const own = (fn: (tx: Queryable, id: string) => Promise<unknown>) => {
      const { id, userId } = any();
      return asUserId(db, userId, (tx) => fn(tx, id));
    };

    const until = performance.now() + FOR_MS;
    const done = new Map<string, number>();
    async function repeat(name: string, pauseMs: number, action: () => Promise<unknown>): Promise<void> {
      // On a busy machine for longer: what was hardly tried tells nothing.
      while (performance.now() < until || (done.get(name) ?? 0) <= TELLING) {
        await action().catch((error) => {
          throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        });
        done.set(name, (done.get(name) ?? 0) + 1);
        await sleep(pauseMs);
      }
    }
    async function work(): Promise<void> {
      const bounds = { deliveries: 100, perWebhook: 20, bytes: 1e6, excluded: { webhooks: [], users: [] } };
      const claimed = await claim(db, new DatabaseClock(), randomUUID(), bounds);
      if (claimed.length === 0) return;
      const batch = claimed.map((delivery) => ({ prepared: prepare(delivery, Date.now()), outcome: anyOutcome() }));
      let left = batch;
      while (left.length > 0) {
        const recorded = await record(db, left);
        left = left.filter((_, nth) => recorded[nth]?.isRecorded === null);
      }
    }

    await Promise.all([
      ...[1, 2, 3].map(() =>
        repeat('trigger', 2, () =>
          service("SELECT trigger_webhook_event('video.generated', '{}', $1::uuid)", [any().userId]),
        ),
      ),
      repeat('broadcast', 20, () => service("SELECT trigger_webhook_event('video.generated', '{}')")),
      repeat('keyed', 10, () =>
        service("SELECT * FROM hookline.trigger_event('video.generated', '{}', NULL, $1)", [
          String(Math.floor(Math.random() * 40)),
        ]),
      ),
      ...[1, 2, 3].map(() => repeat('work', 2, work)),
      repeat('outside worker', 20, async () => {
        const { rows } = await service('SELECT delivery_id FROM get_pending_webhook_retries(10)');
        for (const row of rows) {
          const status = Math.random() < 0.5 ? 200 : 500;
          await service('SELECT * FROM complete_webhook_delivery($1::uuid, $2::int)', [
            row['delivery_id'] ?? '',
            status,
          ]);
        }
      }),
      repeat('retry', 10, async () => {
        const { rows } = await service(
          "SELECT id FROM webhook_deliveries WHERE status = 'failed' ORDER BY random() LIMIT 3",
        );
        for (const row of rows) await service('SELECT * FROM retry_failed_delivery($1::uuid)', [row['id'] ?? '']);
      }),
      repeat('pause', 15, () =>
        own((tx, id) => tx.query('UPDATE webhooks SET is_active = NOT is_active WHERE id = $1::uuid', [id])),
      ),
      repeat('resume', 10, () =>
        own((tx, id) => tx.query('UPDATE webhooks SET is_active = true WHERE id = $1::uuid', [id])),
      ),
      repeat('edit', 15, () =>
        own((tx, id) => tx.query("UPDATE webhooks SET url = url || '/' WHERE id = $1::uuid", [id])),
      ),
      repeat('delete', 150, async () => {
        const [gone] = webhooks.splice(0, 1);
        await register();
        if (gone === undefined) return;
        await asUserId(db, gone.userId, (tx) => tx.query('DELETE FROM webhooks WHERE id = $1::uuid', [gone.id]));
      }),
      repeat('expire', 50, () => service('SELECT hookline.fail_waiting(50)')),
    ]);

    expect(Math.min(...done.values()), JSON.stringify([...done])).toBeGreaterThan(TELLING);
    await checkInvariants(db);
  }, 120_000);
});

function anyOutcome(): Outcome {
  const dice = Math.random();
  if (dice < 0.05) return { kind: 'unanswered', code: 'timeout', message: 'test', timeMs: 9 };
  const status = dice < 0.6 ? 200 : dice < 0.95 ? 500 : dice < 0.99 ? 429 : 410;
  const retryAfter = status === 429 ? { retryAfterSeconds: 0.2 } : {};
  return { kind: 'responded', status, headers: {}, body: 'x', timeMs: 7, ...retryAfter };
}
