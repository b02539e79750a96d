import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClaimBounds } from '../../src/deliver/claim/claim.js';
import type { Claimed } from '../../src/deliver/stages.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { QUEUES, startQueues, type TestQueue } from './queues.js';

const NOBODY = { webhooks: [], users: [] };
const WIDE: ClaimBounds = { deliveries: 1_000, perWebhook: 1_000, bytes: 1 << 30, excluded: NOBODY };

/** What a queue has to do for a worker, whatever it is made of. */
describe.each(Object.entries(QUEUES))('a queue on %s', (_, make) => {
  let database: TestDatabase;
  let queues: TestQueue[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const queue of queues.splice(0)) await queue.stop();
    await database.db.query('TRUNCATE webhooks, hookline.workers CASCADE');
  });
  afterAll(() => database.drop());

  const start = async (count = 1): Promise<TestQueue[]> => {
    queues = await startQueues(make, database.db, count);
    return queues;
  };

  async function one(): Promise<TestQueue> {
    const [queue] = await start();
    if (queue === undefined) throw new Error('no queue');
    return queue;
  }

  /** Webhooks of a user each, with so many deliveries each, from one transaction. */
  async function backlog(webhooks: number, deliveries: number): Promise<{ id: string; userId: string }[]> {
    const made: { id: string; userId: string }[] = [];
    for (let n = 0; n < webhooks; n += 1) made.push(await createWebhook(database.db, 'https://a.example/hook'));
    await trigger(
      made.map(({ userId }) => userId),
      deliveries,
    );
    return made;
  }

  async function trigger(users: readonly string[], events: number): Promise<void> {
    await database.db.query(
      `SELECT FROM generate_series(1, $2::int) n, unnest($1::uuid[]) u,
         LATERAL trigger_webhook_event('video.generated', jsonb_build_object('n', n), u) t`,
      [users, events],
    );
  }

  /**
   * Claims from all queues at once until `most` have come, or at least so many and then nothing for a second. Where these do not come, it gives up after some time that no
   * slow moment of the servers or of this process takes.
   */
  async function drain(from: readonly TestQueue[], most: number, bounds = WIDE, least = most): Promise<Claimed[]> {
    const claimed: Claimed[] = [];
    let movedAt = performance.now();
    const isOver = () =>
      claimed.length >= most || performance.now() - movedAt >= (claimed.length < least ? 10_000 : 1_000);
    const empty = async (queue: TestQueue) => {
      while (!isOver()) {
        const now = await queue.claim(bounds);
        claimed.push(...now);
        if (now.length > 0) movedAt = performance.now();
        await sleep(5);
      }
    };
    await Promise.all(from.map(empty));
    return claimed;
  }

  const held = async (): Promise<number> => {
    const { rows } = await database.db.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM hookline.queue WHERE lease_id IS NOT NULL',
    );
    return rows[0]?.n ?? -1;
  };

  it('gives all that is ready, each once, under a lease of the worker that outlasts the time-out', async () => {
    await backlog(5, 90);
    const queue = await one();
    const claimed = await drain([queue], 450);
    expect(new Set(claimed.map(({ deliveryId }) => deliveryId)).size).toBe(450);
    expect(claimed).toHaveLength(450);
    for (const { leaseUntil, timeoutMs, payload, secrets } of claimed.slice(0, 5)) {
      expect(leaseUntil - performance.now()).toBeGreaterThan(timeoutMs + 15_000);
      expect(JSON.parse(payload.text)).toHaveProperty('n');
      expect(secrets).toHaveLength(1);
    }
    const { rows } = await database.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM hookline.queue q JOIN unnest($1::uuid[], $2::uuid[]) c (delivery_id, lease_id)
         ON c.delivery_id = q.delivery_id AND c.lease_id = q.lease_id WHERE q.lease_worker = $3::uuid`,
      [claimed.map(({ deliveryId }) => deliveryId), claimed.map(({ leaseId }) => leaseId), queue.workerId],
    );
    expect(rows[0]?.n).toBe(450);
    expect(await queue.claim(WIDE)).toEqual([]);
  });

  it('keeps to its bounds', async () => {
    await backlog(4, 200);
    const queue = await one();
    for (let n = 0; n < 6; n += 1) {
      expect((await queue.claim({ ...WIDE, deliveries: 30 })).length).toBeLessThanOrEqual(30);
    }
    const small = await queue.claim({ ...WIDE, bytes: 1 });
    expect(small.length).toBeLessThanOrEqual(1);
    expect((await drain([queue], 620, WIDE, 619)).length).toBeGreaterThanOrEqual(619);
  });

  it('leaves some of each claim to other webhooks', async () => {
    const [busy] = await backlog(1, 500);
    const queue = await one();
    const claimed = await queue.claim({ ...WIDE, perWebhook: 20 });
    expect(claimed).toHaveLength(20);
    expect(new Set(claimed.map(({ webhookId }) => webhookId))).toEqual(new Set([busy?.id]));
  });

  it('passes over webhooks and users that the worker has enough of', async () => {
    const [first, second, third] = await backlog(3, 150);
    const queue = await one();
    const excluded = { webhooks: [first?.id ?? ''], users: [second?.userId ?? ''] };
    const claimed = await drain([queue], 151, { ...WIDE, excluded }, 150);
    expect(claimed).toHaveLength(150);
    expect(new Set(claimed.map(({ webhookId }) => webhookId))).toEqual(new Set([third?.id]));
    expect(await drain([queue], 300)).toHaveLength(300);
  });

  it('never gives a delivery to two workers, and keeps to the caps over all of them', async () => {
    await backlog(40, 15);
    const several = await start(3);
    const claimed = await drain(several, 600);
    expect(claimed).toHaveLength(600);
    expect(new Set(claimed.map(({ deliveryId }) => deliveryId)).size).toBe(600);
    await backlog(1, 200);
    expect((await drain(several, 200, WIDE, 0)).length).toBeLessThanOrEqual(16);
  });

  it('wakes when something is triggered, and gives it', async () => {
    const [webhook] = await backlog(1, 0);
    const queue = await one();
    expect(await queue.claim(WIDE)).toEqual([]);
    for (let n = 0; n < 5; n += 1) {
      // Without being told it would be a second, or two, and these do not pass.
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const waiting = queue.wait();
      await sleep(30);
      await trigger([webhook?.userId ?? ''], 1);
      await waiting;
      vi.useRealTimers();
      expect(await queue.claim(WIDE)).toHaveLength(1);
      expect(await queue.claim(WIDE)).toEqual([]);
    }
  });

  it('gives a delivery again when its lease is freed, also of a worker that stopped without a word', async () => {
    await backlog(2, 100);
    const [dead, living] = await start(2);
    if (dead === undefined || living === undefined) throw new Error('no queues');
    const first = await dead.claim(WIDE);
    expect(first.length).toBeGreaterThan(0);
    await database.db.query("UPDATE hookline.workers SET heartbeat_at = now() - interval '16 s' WHERE id = $1::uuid", [
      dead.workerId,
    ]);
    await database.db.query('SELECT hookline.free_dead_leases()');
    const again = await drain([living], 200);
    expect(again).toHaveLength(200);
    expect(again.map(({ deliveryId }) => deliveryId)).toEqual(
      expect.arrayContaining(first.map(({ deliveryId }) => deliveryId)),
    );
  });

  it('ends a wait and a pause at once when it is stopped, and holds nothing', async () => {
    await backlog(5, 100);
    const [queue, other] = await start(2);
    if (queue === undefined || other === undefined) throw new Error('no queues');
    const claimed = [
      ...(await queue.claim({ ...WIDE, deliveries: 10 })),
      ...(await other.claim({ ...WIDE, deliveries: 10 })),
    ];
    const waiting = Promise.all([other.wait(), queue.pause(60_000)]);
    const began = performance.now();
    await Promise.all([queue.stop(), other.stop()]);
    await waiting;
    expect(performance.now() - began).toBeLessThan(5_000);
    await waitUntil(async () => (await held()) <= claimed.length, { message: 'nothing but what was claimed is held' });
    expect(await held()).toBe(claimed.length);
    queues = [];
  });
});
