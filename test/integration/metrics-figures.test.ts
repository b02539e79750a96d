import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { claim } from '../../src/deliver/claim/claim.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import type { RunningHookline } from '../../src/main.js';
import { readFigures } from '../../src/observe/metrics/figures.js';
import { createMetrics, type Metrics } from '../../src/observe/metrics/metrics.js';
import { unfinishedOf } from '../../src/receive/unfinished.js';
import { describeOnEachDatabase, newPostgresDatabase } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks } from './backlogs.js';
import { parse, scrape, startWatched } from './metrics-helpers.js';

const ALWAYS = { freshMs: 0 };

function metricsOf(db: Database): Metrics {
  const about = { version: '0.0.0', database: db.kind, api: false, worker: false } as const;
  return createMetrics({ ...about, db, log: silent, unfinished: unfinishedOf(db, undefined), times: ALWAYS });
}

describeOnEachDatabase('figures of the whole installation', (ctx) => {
  let metrics: Metrics;
  beforeAll(() => {
    metrics = metricsOf(ctx.db());
  });
  afterEach(() => ctx.db().query('TRUNCATE webhooks, ai_content, hookline.queue, hookline.workers CASCADE'));
  const seen = async () => parse((await metrics.scrape()).text);
  const sql = (text: string, ...params: string[]) => ctx.db().query(text, params);

  it('are all there, and 0, when there is nothing', async () => {
    const { value, values } = await seen();
    expect(value('hookline_database_up')).toBe(1);
    expect(value('hookline_receiver_store_up')).toBe(1);
    for (const state of ['ready', 'held', 'scheduled', 'in_flight']) {
      expect([state, value(`hookline_queue_deliveries{state="${state}"}`)]).toEqual([state, 0]);
    }
    for (const name of ['queue_oldest_seconds', 'queue_late_deliveries', 'queue_is_capped']) {
      expect([name, value(`hookline_${name}`)]).toEqual([name, 0]);
    }
    const inTrouble = [...values].filter(([series]) => series.startsWith('hookline_webhooks{'));
    expect(inTrouble.map(([, n]) => n)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(value('hookline_database_size_bytes')).toBeGreaterThan(1e6);
  });

  it('tell what is ready, held, scheduled and in flight, and how long what is ready has waited', async () => {
    const url = 'https://a.example/hook';
    const { ids } = await addWebhooks(ctx.db(), Array(5).fill(url));
    const [ready = '', paused = '', broken = '', inactive = '', scheduled = ''] = ids;
    await addBacklog(ctx.db(), ids, 3);
    const [old] = (
      await ctx
        .db()
        .query<{ id: string }>('SELECT delivery_id AS id FROM hookline.queue WHERE webhook_id = $1::uuid', [ready])
    ).rows;
    await sql(
      "UPDATE hookline.queue SET due_at = now() - interval '90 seconds' WHERE delivery_id = $1::uuid",
      old?.id ?? '',
    );
    await sql(
      "UPDATE hookline.queue SET due_at = now() - interval '9 hours' WHERE webhook_id = ANY ($1::uuid[])",
      `{${paused},${broken},${inactive}}`,
    );
    await sql("UPDATE webhooks SET paused_until = now() + interval '1 hour' WHERE id = $1::uuid", paused);
    await sql(
      "UPDATE webhooks SET breaker_since = now(), breaker_until = now() + interval '1 hour', failing_since = now() WHERE id = $1::uuid",
      broken,
    );
    await sql("UPDATE webhooks SET is_active = false, disabled_reason = 'failing' WHERE id = $1::uuid", inactive);
    await sql(
      "UPDATE hookline.queue SET due_at = now() + interval '1 hour', is_waiting = true, is_retry = true WHERE webhook_id = $1::uuid",
      scheduled,
    );
    const worker = randomUUID();
    await sql("INSERT INTO hookline.workers (id, name) VALUES ($1::uuid, 'w')", worker);
    await sql("INSERT INTO hookline.workers (id, name, is_idle) VALUES ($1::uuid, 'idle', true)", randomUUID());
    await sql(
      "INSERT INTO hookline.workers (id, name, heartbeat_at) VALUES ($1::uuid, 'dead', now() - interval '1 minute')",
      randomUUID(),
    );
    const bounds = { deliveries: 1, perWebhook: 1, bytes: 1e6, excluded: { webhooks: [], users: [] } };
    expect(await claim(ctx.db(), new DatabaseClock(), worker, bounds)).toHaveLength(1);

    const { value } = await seen();
    const queue = ['ready', 'held', 'scheduled', 'in_flight'].map((state) =>
      value(`hookline_queue_deliveries{state="${state}"}`),
    );
    expect(queue).toEqual([2, 9, 3, 1]);
    // The claim took the first in order, which is the old one or not.
    const isOldLeft = value('hookline_queue_late_deliveries');
    expect([0, 1]).toContain(isOldLeft);
    const oldest = value('hookline_queue_oldest_seconds') ?? -1;
    expect(oldest >= 90).toBe(isOldLeft === 1);
    expect(oldest).toBeLessThan(3_600);
    const conditions = ['breaker_open', 'breaker_probing', 'paused', 'disabled', 'unverified', 'failing'];
    expect(conditions.map((condition) => value(`hookline_webhooks{condition="${condition}"}`))).toEqual([
      1, 0, 1, 1, 5, 1,
    ]);
    expect([value('hookline_workers{state="busy"}'), value('hookline_workers{state="idle"}')]).toEqual([1, 1]);

    await sql(
      "UPDATE webhooks SET breaker_until = now() - interval '1 second', paused_until = now() WHERE paused_until IS NOT NULL OR breaker_since IS NOT NULL",
    );
    const later = await seen();
    expect(later.value('hookline_webhooks{condition="breaker_probing"}')).toBe(1);
    expect(later.value('hookline_queue_deliveries{state="held"}')).toBe(3);
    expect(later.value('hookline_queue_late_deliveries')).toBeGreaterThanOrEqual(3);
    // What waits for its turn as its webhook wants it is ready, and late nowhere.
    await sql(
      'UPDATE webhooks SET is_ordered = id = $1::uuid, rate_limit_per_second = CASE WHEN id = $1::uuid THEN NULL ELSE 5 END',
      ready,
    );
    const steady = await seen();
    expect(steady.value('hookline_queue_deliveries{state="ready"}')).toBe(8);
    expect(steady.value('hookline_queue_late_deliveries')).toBe(0);
    expect(steady.value('hookline_queue_oldest_seconds')).toBe(0);
    // What is unverified is held only where the settings ask for it.
    await sql("UPDATE hookline.settings SET verification = 'required'");
    expect((await seen()).value('hookline_queue_deliveries{state="ready"}')).toBe(0);
    await sql('UPDATE hookline.settings SET verification = DEFAULT');
  });

  it('tell which callbacks and events of AI webhooks are left', async () => {
    const pending = `INSERT INTO ai_content (title, callback_state, callback_next_at, event_state, event_next_at) VALUES
      ('a', 'pending', now() - interval '10 minutes', 'done', NULL), ('b', 'pending', now() + interval '1 minute', 'pending', now() + interval '1 minute'),
      ('c', 'done', now() - interval '1 day', NULL, NULL)`;
    await sql(pending);
    const { value } = await seen();
    expect(value('hookline_receiver_pending{kind="callback"}')).toBe(2);
    expect(value('hookline_receiver_pending{kind="event"}')).toBe(1);
    expect(value('hookline_receiver_overdue_seconds{kind="callback"}')).toBeGreaterThanOrEqual(600);
    expect(value('hookline_receiver_overdue_seconds{kind="callback"}')).toBeLessThan(900);
    expect(value('hookline_receiver_overdue_seconds{kind="event"}')).toBe(0);
  });
});

describe('figures of a full queue', () => {
  it('are read from a bounded part of it', async () => {
    const own = await newPostgresDatabase();
    const db = openPostgres({ connectionString: own.url });
    const { ids } = await addWebhooks(db, ['https://a.example/hook']);
    await db.query(
      `INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at)
       SELECT gen_random_uuid(), w.id, w.user_id, false, 2, now() - interval '1 minute' FROM webhooks w, generate_series(1, 100001) WHERE w.id = $1::uuid`,
      [ids[0] ?? ''],
    );
    expect(await readFigures(db)).toMatchObject({ ready: 100_000, isCapped: true });
    await db.close();
    await own.drop();
  });
});

describe('metrics while the database is in trouble', { timeout: 90_000 }, () => {
  let own: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let proxy: TcpProxy;
  let hookline: RunningHookline;
  beforeEach(async () => {
    own = await newPostgresDatabase();
    proxy = await startTcpProxy(own.url);
    hookline = await startWatched(proxy.through(own.url), { api: false, worker: true });
  });
  afterEach(async () => {
    await proxy.pass();
    proxy.cut();
    await hookline.stop();
    await proxy.close();
    await own.drop();
  });

  const fromNowOn = (isUp: number) =>
    waitUntil(async () => (await scrape(hookline)).value('hookline_database_up') === isUp, {
      message: `hookline_database_up to be ${isUp}`,
      timeoutMs: 25_000,
    });

  it.each([
    ['gone', () => proxy.refuse()],
    ['silent', async () => proxy.swallow()],
  ])('come in time when it is %s, and tell no old figures', async (_how, takeAway) => {
    await fromNowOn(1);
    await takeAway();
    await fromNowOn(0);
    const began = performance.now();
    const many = await Promise.all(Array.from({ length: 20 }, () => scrape(hookline)));
    // Two seconds, and not twenty times that, nor the fifteen after which a statement is given up.
    expect(performance.now() - began).toBeLessThan(8_000);
    for (const { value, values } of many) {
      expect(value('hookline_database_up')).toBe(0);
      expect(
        [...values.keys()].filter((name) => /^hookline_(queue|workers|webhooks|receiver_pending)/.test(name)),
      ).toEqual([]);
      expect(value('process_resident_memory_bytes')).toBeGreaterThan(0);
      expect(value('hookline_pool_max_connections')).toBe(10);
    }
    await proxy.pass();
    proxy.cut();
    await fromNowOn(1);
    await expect.poll(async () => (await scrape(hookline)).value('hookline_queue_is_capped')).toBe(0);
  });

  it('say that it answers, when it does so with an error', async () => {
    const db = openPostgres({ connectionString: own.url });
    await db.query('ALTER TABLE hookline.endpoints RENAME TO elsewhere');
    await waitUntil(async () => (await scrape(hookline)).value('hookline_queue_is_capped') === undefined, {
      message: 'the figures to be missing',
      timeoutMs: 15_000,
    });
    expect((await scrape(hookline)).value('hookline_database_up')).toBe(1);
    await db.query('ALTER TABLE hookline.elsewhere RENAME TO endpoints');
    await db.close();
  });

  it('count the leases that a dead worker left', async () => {
    const db = openPostgres({ connectionString: own.url });
    const { ids } = await addWebhooks(db, ['http://127.0.0.1:9/hook']);
    const [worker, lease] = [randomUUID(), randomUUID()];
    // In one transaction: the living worker never sees them free.
    await db.transaction(async (tx) => {
      const within: Database = { ...db, query: tx.query };
      await addBacklog(within, ids, 3);
      await tx.query(
        "INSERT INTO hookline.workers (id, name, heartbeat_at) VALUES ($1::uuid, 'dead', now() - interval '1 minute')",
        [worker],
      );
      await tx.query(
        "UPDATE hookline.queue SET lease_id = $1::uuid, lease_worker = $2::uuid, lease_ends_at = now() + interval '1 hour'",
        [lease, worker],
      );
      await tx.query(
        `INSERT INTO hookline.leases (lease_id, worker, ends_at, is_counted, deliveries)
         SELECT $1::uuid, $2::uuid, now() + interval '1 hour', false, array_agg(q.delivery_id) FROM hookline.queue q`,
        [lease, worker],
      );
    });
    await db.close();
    await waitUntil(async () => ((await scrape(hookline)).value('hookline_leases_lost_total') ?? 0) > 0, {
      message: 'the leases to be found',
      timeoutMs: 15_000,
    });
    expect((await scrape(hookline)).value('hookline_leases_lost_total')).toBe(3);
  });
});
