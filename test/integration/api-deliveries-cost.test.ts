import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { readAttempts, readDelivery } from '../../src/manage/deliveries/delivery.js';
import { type DeliveryFilter, listDeliveries } from '../../src/manage/deliveries/list.js';
import { buffersOf } from '../harness/buffers.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { putDeliveries } from './replay-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';
const [FEW, MANY] = [6_000, 24_000];
/** Of a user's deliveries one in 250 is of the webhook that is seldom called, and one in 100 has failed; none waits. */
const PUT = `INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, status, attempt_number, created_at)
  SELECT CASE WHEN n % 250 = 0 THEN $2::uuid ELSE $1::uuid END, CASE WHEN n % 300 = 0 THEN 'credit.added' ELSE 'video.generated' END,
         jsonb_build_object('n', n, 'padding', repeat('x', 300)), CASE WHEN n % 100 = 7 THEN 'failed' ELSE 'success' END, 1,
         '2026-03-01'::timestamptz + n * interval '1 second'
  FROM generate_series($3::int, $4::int) n`;

type Webhook = Awaited<ReturnType<typeof createWebhook>>;

describe('what a list of deliveries reads (postgres)', () => {
  let opened: TestDatabase;
  let busy: Webhook;
  let seldom: Webhook;
  let small: Webhook;
  let reads: Readonly<Record<string, () => Promise<number>>>;
  const few: Record<string, number> = {};
  beforeAll(async () => {
    opened = await openTestDatabase('postgres');
    // What the planner knows is of an empty table.
    await opened.db.query('ALTER TABLE webhook_deliveries SET (autovacuum_enabled = false)', []);
    await opened.db.query('ANALYZE webhook_deliveries', []);
    busy = await createWebhook(opened.db, URL);
    seldom = await createWebhook(opened.db, URL, {}, busy.userId);
    small = await createWebhook(opened.db, URL);
    const [one = ''] = await putDeliveries(opened.db, small, Array(30).fill('success'));
    reads = readsOf(one);
    await opened.db.query(PUT, [busy.id, seldom.id, 1, FEW]);
    for (const [name, read] of Object.entries(reads)) few[name] = await read();
    await opened.db.query(PUT, [busy.id, seldom.id, FEW + 1, MANY]);
  });
  afterAll(() => opened.drop());

  const cost = (userId: string | null, run: (tx: Queryable) => Promise<unknown>): Promise<number> =>
    buffersOf(opened.db, userId, run);
  const page = (userId: string | null, filter: DeliveryFilter) => () =>
    cost(userId, (tx) => listDeliveries(tx, filter, { limit: 20, after: null }));

  const readsOf = (one: string) => {
    const user = busy.userId;
    const until = '2026-03-01T01:00:00Z';
    return {
      'of a user': page(user, {}),
      'of a user, from the middle': page(user, { until }),
      'of a webhook': page(user, { webhookId: busy.id }),
      'of a webhook that is seldom called': page(user, { webhookId: seldom.id }),
      'of a webhook, from the middle': page(user, { webhookId: busy.id, until }),
      'of an event type that is seldom': page(user, { eventType: 'credit.added' }),
      'of an event type that never was': page(user, { eventType: 'no.such' }),
      'that wait, where none does': page(user, { status: 'pending' }),
      'that wait for a retry, where none does': page(user, { status: 'retrying' }),
      'that failed': page(user, { status: 'failed' }),
      'that failed, of a webhook where none has': page(user, { status: 'failed', webhookId: seldom.id }),
      'of a time in which none was made': page(user, { until: '2020-01-01T00:00:00Z' }),
      'of a small user beside': page(small.userId, {}),
      'of a small user beside, that failed': page(small.userId, { status: 'failed' }),
      'of a small user beside, of a type that never was': page(small.userId, { eventType: 'no.such' }),
      'of another’s webhook': page(small.userId, { webhookId: busy.id }),
      'of another’s webhook, that failed': page(small.userId, { webhookId: busy.id, status: 'failed' }),
      'for the service, of everybody': page(null, {}),
      'for the service, of everybody, that wait': page(null, { status: 'retrying' }),
      'for the service, of a small user': page(null, { userId: small.userId }),
      'for the service, of a webhook, that failed': page(null, { webhookId: seldom.id, status: 'failed' }),
      'one delivery': () => cost(small.userId, (tx) => readDelivery(tx, one)),
      'its attempts': () => cost(small.userId, (tx) => readAttempts(tx, one)),
    };
  };

  it.each(['as it was when the table was empty', 'of the table as it is'])(
    'is no more of a long history than of a short one, by what the planner knows %s',
    async (knowledge) => {
      if (knowledge.endsWith('as it is')) await opened.db.query('ANALYZE webhook_deliveries', []);
      const over: Record<string, string> = {};
      for (const [name, read] of Object.entries(reads)) {
        const many = await read();
        // A level more of an index, on a page that is all within one leaf, is not what this is about.
        if (many > Math.max((few[name] ?? 0) * 1.5, (few[name] ?? 0) + 3)) over[name] = `${few[name]} → ${many}`;
      }
      expect(over).toEqual({});
    },
  );
});
