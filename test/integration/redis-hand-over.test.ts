import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { loadSql } from '../../src/db/sql-file.js';
import { WebhookSecrets } from '../../src/deliver/claim/secrets.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { BullmqQueue } from '../../src/deliver/queue/bullmq/bullmq.js';
import { keyringOf } from '../../src/secrets/keyring.js';
import { reseal } from '../../src/secrets/reseal.js';
import { startQueues, type TestQueue } from '../conformance/queues.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { type RedisServer, startRedis, withRedis } from '../harness/services/redis.js';
import { waitUntil } from '../harness/wait-until.js';
import { triggerAll, users } from './redis-helpers.js';
import { newKey } from './secrets-helpers.js';

const READ = loadSql(import.meta.url, '../../src/deliver/claim/deliveries.sql');
const KEYRING = keyringOf(newKey('k1'));
const NOBODY = { webhooks: [], users: [] };
const WIDE = { deliveries: 500, perWebhook: 64, bytes: 1 << 30, excluded: NOBODY };

describe('deliveries handed over through Redis', () => {
  let database: TestDatabase;
  let redis: RedisServer;
  let queues: TestQueue[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.stop();
    await database.db.query('TRUNCATE webhooks, hookline.workers, hookline.secret_keys CASCADE');
    await withRedis(redis.address, (client) => client.flushall());
  });
  afterAll(async () => {
    await database.drop();
    await redis.remove();
  });

  async function pair(db = database.db): Promise<[TestQueue, TestQueue]> {
    queues = await startQueues(
      (db, workerId) =>
        new BullmqQueue({
          ...{ db, clock: new DatabaseClock(), log: silent, workerId, redisUrl: redis.address },
          secrets: new WebhookSecrets(KEYRING),
        }),
      db,
      2,
    );
    const [first, second] = queues;
    if (first === undefined || second === undefined) throw new Error('no queues');
    return [first, second];
  }

  const ready = async (): Promise<number> =>
    (
      await database.db.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM hookline.queue WHERE NOT is_waiting AND lease_id IS NULL',
      )
    ).rows[0]?.n ?? -1;

  /** Everything that stands in Redis, as text. */
  const dump = (): Promise<string> =>
    withRedis(redis.address, async (client) => {
      const keys = await client.keys('*');
      const hashes = await Promise.all(
        keys.map(async (key) => ((await client.type(key)) === 'hash' ? client.hgetall(key) : {})),
      );
      return JSON.stringify({ keys, hashes });
    });

  it('a claim of many leaves chunks for others: ids in one slot of a cluster, no payload, secrets opened by who takes them', async () => {
    await triggerAll(database.db, await users(database.db, 'https://a.example/'), 16);
    const [first, second] = await pair();
    await database.db.query("INSERT INTO hookline.secret_keys (id, proof) VALUES ('k1', 'none')");
    await reseal({ db: database.db, keyring: KEYRING, to: 'key', all: true, wait: true });
    // One whose secret was copied from another's does not open.
    const { rows } = await database.db.query<{ id: string }>(
      'UPDATE webhooks SET secret = (SELECT max(secret) FROM webhooks) WHERE id = (SELECT id FROM webhooks ORDER BY secret LIMIT 1) RETURNING id',
    );
    const mine = await first.claim({ ...WIDE, deliveries: 150 });
    const stored = await dump();
    expect(stored).toContain(':wait');
    expect(stored).not.toContain('hidden');
    const { keys } = JSON.parse(stored) as { keys: string[] };
    expect(keys.filter((key) => !key.startsWith('{hookline}:'))).toEqual([]);
    const theirs = await second.claim(WIDE);
    expect(mine.length).toBeGreaterThan(0);
    expect(theirs.length).toBeGreaterThan(0);
    const ids = [...mine, ...theirs].map(({ deliveryId }) => deliveryId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { secrets } of [...mine, ...theirs]) expect(secrets).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect([...mine, ...theirs].map(({ webhookId }) => webhookId)).not.toContain(rows[0]?.id);
  });

  it.each([
    ['few, kept by who leased them', 1, 3],
    ['many, taken over', 20, 16],
  ])('what is leased and cannot be read is ready again at once: %s', async (_, count, events) => {
    let isAway = true;
    const flaky: Database = {
      ...database.db,
      atOnce: (...statements) =>
        isAway && statements.some(([text]) => text === READ)
          ? Promise.reject(new Error('gone'))
          : database.db.atOnce(...statements),
    };
    await triggerAll(database.db, await users(database.db, 'https://a.example/', count), events);
    const [first, second] = await pair(flaky);
    await expect(first.claim({ ...WIDE, deliveries: 150 })).rejects.toThrow('gone');
    isAway = false;
    const claimed = new Set<string>();
    await waitUntil(
      async () => {
        for (const { deliveryId } of await second.claim(WIDE)) claimed.add(deliveryId);
        return claimed.size === count * events;
      },
      { message: () => `all to be claimed; ${claimed.size} are` },
    );
  });

  it('a job wakes a worker that waits', async () => {
    const ids = await users(database.db, 'https://a.example/', 40);
    const [first, second] = await pair();
    // So nobody is notified: what ends a wait before its second is over is the job.
    await database.db.query('UPDATE hookline.workers SET is_idle = false');
    let woken = 0;
    for (let round = 0; round < 5; round += 1) {
      expect(await second.claim(WIDE)).toEqual([]);
      // Made before the wait, and due in the midst of it at once.
      await triggerAll(database.db, ids, 3);
      await database.db.query("UPDATE hookline.queue SET is_waiting = true, due_at = now() + interval '1 hour'");
      const began = performance.now();
      const waited = second.wait().then(() => performance.now() - began);
      await sleep(100);
      await database.db.query('UPDATE hookline.queue SET is_waiting = false');
      const mine = await first.claim({ ...WIDE, deliveries: 120 });
      if ((await waited) < 950) woken += 1;
      const theirs = await second.claim({ ...WIDE, deliveries: 120 });
      expect(mine.length + theirs.length).toBe(120);
      expect(theirs.length).toBeGreaterThan(0);
      await database.db.query('DELETE FROM hookline.queue');
    }
    expect(woken).toBeGreaterThan(1);
  });

  it('ids that come twice, or after their lease was freed, take nothing', async () => {
    await triggerAll(database.db, await users(database.db, 'https://a.example/', 1), 3);
    const [{ workerId: first }, { workerId: second }] = await pair();
    const lease = await database.db.query<{ id: string; lease: string }>(
      `SELECT delivery_id AS id, lease_id AS lease FROM hookline.lease_due($1::uuid, 10, 10, 1000000, false, interval '30 s')`,
      [first],
    );
    const takeOver = async () =>
      (
        await database.db.query('SELECT * FROM hookline.take_over($1::uuid, $2::uuid[], $3::uuid[], 2, 1000000)', [
          second,
          lease.rows.map(({ id }) => id),
          lease.rows.map(({ lease }) => lease),
        ])
      ).rows.length;
    expect(lease.rows).toHaveLength(3);
    expect(await takeOver()).toBe(2);
    // The third was beyond the limit, and is ready for others.
    expect(await ready()).toBe(1);
    expect(await takeOver()).toBe(0);
    expect(await ready()).toBe(1);
  });

  it('what may not be called any more is not taken over', async () => {
    await triggerAll(database.db, await users(database.db, 'https://a.example/', 1), 3);
    const [{ workerId }] = await pair();
    const { rows } = await database.db.query<{ n: number }>(
      `WITH leased AS MATERIALIZED (SELECT * FROM hookline.lease_due($1::uuid, 10, 10, 1000000, false, interval '30 s')),
         stopped AS (UPDATE webhooks SET paused_until = now() + interval '1 minute' RETURNING id)
       SELECT (SELECT count(*) FROM leased)::int + 0 * (SELECT count(*) FROM stopped)::int AS n`,
      [workerId],
    );
    expect(rows[0]?.n).toBe(3);
    const taken = await database.db.query(
      `SELECT t.* FROM (SELECT array_agg(delivery_id) AS ids, array_agg(lease_id) AS leases FROM hookline.queue) q,
         hookline.take_over($1::uuid, q.ids, q.leases, 10, 1000000) t`,
      [workerId],
    );
    expect(taken.rows).toEqual([]);
    expect(await ready()).toBe(3);
  });

  it('what Redis loses is ready again within seconds, and what waits there is not touched meanwhile', async () => {
    await triggerAll(database.db, await users(database.db, 'https://a.example/'), 16);
    const [first] = await pair();
    const mine = await first.claim({ ...WIDE, deliveries: 150 });
    const before = await ready();
    expect(before).toBeLessThan(320 - mine.length);
    // Two sweeps, and more than the time after which a job is looked for.
    await sleep(8_000);
    expect(await ready()).toBe(before);
    await withRedis(redis.address, (client) => client.flushall());
    await waitUntil(async () => (await ready()) === 320 - mine.length, {
      message: 'all but what was claimed to be ready',
      timeoutMs: 10_000,
    });
  });
});
