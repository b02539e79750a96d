import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import type { Page } from '../../src/manage/page.js';
import { readQueue } from '../../src/manage/queue/queue.js';
import { listAllReplays, listOwnReplays } from '../../src/manage/replays/replays.js';
import { overallStatistics } from '../../src/manage/statistics/overall.js';
import { listUsers } from '../../src/manage/users/users.js';
import { type Condition, listWebhooks } from '../../src/manage/webhooks/webhooks.js';
import { buffersOf } from '../harness/buffers.js';
import { createUser, openTestDatabase, type TestDatabase } from '../harness/databases.js';

/** Users, of whom each has webhooks that are as old as each other's; a webhook in twenty is in each condition. */
const PUT = [
  "INSERT INTO auth.users (id, created_at) SELECT gen_random_uuid(), '2025-01-01'::timestamptz + n * interval '1 s' FROM generate_series($1::int, $2::int) n",
  `INSERT INTO webhooks (user_id, name, url, created_at, is_verified, is_active, disabled_reason, failing_since, breaker_since, paused_until)
   SELECT u.id, 'w', 'https://example.com/', u.created_at + n * interval '1 ms', n <> 1, n <> 2, CASE n WHEN 2 THEN 'gone' END,
          CASE n WHEN 3 THEN now() END, CASE n WHEN 4 THEN now() END, CASE n WHEN 5 THEN now() + interval '1 hour' END
     FROM (SELECT * FROM auth.users WHERE created_at < '2026-01-01' ORDER BY created_at DESC LIMIT $2::int - $1::int + 1) u CROSS JOIN generate_series(1, 20) n`,
];
const FILL = [
  `INSERT INTO hookline.statistics_hourly (webhook_id, hour, event_type, successful, failed, responses, response_time_ms, latency)
   SELECT w.id, date_trunc('hour', now(), 'UTC') - make_interval(hours => h), 'video.generated', 1, 1, 1, 1, '{1,0,0,0,0,0,0,0,0,0,0,0}'
     FROM generate_series(3, 0, -1) h CROSS JOIN webhooks w ON CONFLICT DO NOTHING`,
  `INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting)
   SELECT gen_random_uuid(), w.id, w.user_id, n > 2, 2, now(), n > 2 FROM generate_series(1, 3) n CROSS JOIN webhooks w`,
  `INSERT INTO hookline.replays (webhook_id, user_id, state, status_filter, since, until, rate_per_second, cursor_at, created_at)
   SELECT w.id, w.user_id, 'completed', 'all', now(), now(), 1, now(), w.created_at FROM webhooks w`,
];
const TABLES = ['auth.users', 'webhooks', 'hookline.statistics_hourly', 'hookline.queue', 'hookline.replays'];
const [FEW, MANY] = [60, 1_000];

describe('what figures read (postgres)', () => {
  let opened: TestDatabase;
  let small: string;
  let reads: Readonly<Record<string, () => Promise<number>>>;
  const few: Record<string, number> = {};
  beforeAll(async () => {
    opened = await openTestDatabase('postgres');
    for (const table of TABLES) await opened.db.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`, []);
    small = await createUser(opened.db);
    const sql =
      "INSERT INTO webhooks (user_id, name, url) SELECT $1::uuid, 'w', 'https://example.com/' FROM generate_series(1, 3)";
    await opened.db.query(sql, [small]);
    await put(1, FEW);
    reads = readsOf();
    for (const [name, read] of Object.entries(reads)) few[name] = await read();
    // The small user's stay what they are.
    await opened.db.query('DELETE FROM hookline.queue', []);
    await opened.db.query('DELETE FROM hookline.replays', []);
    await put(FEW + 1, MANY);
  });
  afterAll(() => opened.drop());

  const put = async (from: number, to: number) => {
    await opened.db.transaction(async (tx) => {
      // Without triggers: the audit log's take 0.4 ms of each row of webhooks and of replays.
      await tx.query('SET LOCAL session_replication_role = replica', []);
      for (const sql of PUT) await tx.query(sql, [from, to]);
      for (const sql of FILL) await tx.query(sql, []);
    });
    for (const table of TABLES) await opened.db.query(`VACUUM ANALYZE ${table}`, []);
  };

  const cost =
    (run: (tx: Queryable) => Promise<unknown>, userId: string | null = null) =>
    (): Promise<number> =>
      buffersOf(opened.db, userId, run);

  const readsOf = () => {
    const page = { limit: 20, after: null };
    const condition = (one: Condition) => cost((tx): Promise<Page> => listWebhooks(tx, { condition: one }, page));
    return {
      'a user’s statistics': cost((tx) => overallStatistics(tx, 840, null), small),
      'a user’s queue': cost((tx) => readQueue(tx, null), small),
      'a user’s replays': cost((tx) => listOwnReplays(tx, null, page), small),
      'a user’s replays of a state': cost((tx) => listOwnReplays(tx, 'completed', page), small),
      'a user’s statistics, for the service': cost((tx) => overallStatistics(tx, 840, small)),
      'a user’s queue, for the service': cost((tx) => readQueue(tx, small)),
      'a page of replays': cost((tx) => listAllReplays(tx, null, null, page)),
      'a page of replays of a state': cost((tx) => listAllReplays(tx, null, 'completed', page)),
      'a page of replays of a state that none is in': cost((tx) => listAllReplays(tx, null, 'expired', page)),
      'a page of users': cost((tx) => listUsers(tx, null, page)),
      'a page of webhooks whose breaker is open': condition('breaker_open'),
      'a page of webhooks that the system disabled': condition('disabled'),
      'a page of unverified webhooks': condition('unverified'),
      'a page of failing webhooks': condition('failing'),
    };
  };

  it('is no more among many users than among few', async () => {
    const over: Record<string, string> = {};
    for (const [name, read] of Object.entries(reads)) {
      const many = await read();
      // A level more of each index that is gone down.
      if (many > Math.max((few[name] ?? 0) * 1.5, (few[name] ?? 0) + 12)) over[name] = `${few[name]} → ${many}`;
    }
    expect(over).toEqual({});
  });
});
