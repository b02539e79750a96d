import type { Database } from '../src/db/database.js';
import { asService, asUser } from '../src/db/roles.js';

export const EVENT_TYPES = [
  'video.generated',
  'video.failed',
  'credit.added',
  'credit.consumed',
  'subscription.created',
  'subscription.renewed',
  'subscription.cancelled',
  'webhook.disabled',
];
const DAYS = 30;

// As a busy webhook has them: each delivery is pending first, one in ten is retried, one in twenty fails; results come in the order of time.

// $1 uuid   the webhook
// $2 int    the number of the first of them
// $3 int    how many
// $4 text[] the event types, in turn
const INSERT = `INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload)
SELECT $1::uuid, ($4::text[])[1 + n % ${EVENT_TYPES.length}], jsonb_build_object('video_id', 'video-' || n, 'status', 'completed', 'n', n)
FROM generate_series($2::int, $2::int + $3::int - 1) n RETURNING id`;
// $1 uuid[] deliveries
const RETRY = `UPDATE webhook_deliveries SET status = 'retrying', attempt_number = 1, response_status = 503, response_time_ms = 30
WHERE id = ANY ($1::uuid[])`;
// $1 uuid[] deliveries, in the order of their end
// $2 int    the number of the first of them
// $3 int    how many end in all, spread evenly over the days
const END = `UPDATE webhook_deliveries d SET status = CASE WHEN e.n % 20 = 0 THEN 'failed' ELSE 'success' END,
  attempt_number = d.attempt_number + 1, response_status = CASE WHEN e.n % 20 = 0 THEN 500 ELSE 200 END,
  response_time_ms = 20 + e.n % 400, next_retry_at = NULL,
  delivered_at = CASE WHEN e.n % 20 <> 0 THEN e.at END, failed_at = CASE WHEN e.n % 20 = 0 THEN e.at END
FROM (SELECT u.id, $2::int + u.nth::int AS n,
        f.first + (now() - f.first) * (($2::int + u.nth) / $3::float8) AS at
      FROM unnest($1::uuid[]) WITH ORDINALITY u (id, nth),
        (SELECT (date_trunc('day', now() AT TIME ZONE 'UTC') - interval '${DAYS - 1} days') AT TIME ZONE 'UTC' AS first) f) e
WHERE d.id = e.id`;

export interface Batches {
  /** Deliveries in all, evenly over the last 30 UTC days, today included. */
  readonly deliveries: number;
  /** Results that are recorded at once. */
  readonly batch?: number;
}

/** A webhook of a new user that subscribes to the eight preset event types. */
export async function newWebhook(db: Database): Promise<{ id: string; user: string }> {
  const { rows } = await db.query<{ id: string }>('INSERT INTO auth.users DEFAULT VALUES RETURNING id', []);
  const user = rows[0]?.id ?? '';
  const made = await asUser(db, { sub: user, role: 'authenticated' }, (tx) =>
    tx.query<{ id: string }>(
      "SELECT webhook_id AS id FROM create_webhook('bench', 'https://receiver.example.com', p_event_types := $1::text[])",
      [EVENT_TYPES],
    ),
  );
  return { id: made.rows[0]?.id ?? '', user };
}

/** Other webhooks with a roll-up as large, so that the one which is measured is not alone in the table. Written straight into it. */
export async function addNeighbours(db: Database, count: number): Promise<void> {
  await db.query(
    `WITH owner AS (INSERT INTO auth.users DEFAULT VALUES RETURNING id), made AS (
       INSERT INTO webhooks (user_id, name, url) SELECT o.id, 'neighbour', 'https://receiver.example.com'
       FROM owner o, generate_series(1, $1::int) RETURNING id
     )
     INSERT INTO hookline.statistics_daily (webhook_id, day, event_type, successful, failed, responses, response_time_ms)
     SELECT m.id, (now() AT TIME ZONE 'UTC')::date - n, t, 100, 5, 100, 20000
     FROM made m, generate_series(0, ${DAYS - 1}) n, unnest($2::text[]) t`,
    [count, EVENT_TYPES],
  );
}

/** Gives a webhook so many deliveries that end, through the same triggers as everything, batch after batch. */
export async function addHistory(db: Database, webhook: string, { deliveries, batch = 500 }: Batches): Promise<void> {
  for (let from = 0; from < deliveries; from += batch) {
    const count = Math.min(batch, deliveries - from);
    const ids = await addPending(db, webhook, count, from);
    await asService(db, async (tx) => {
      await tx.query(RETRY, [ids.filter((_, n) => n % 10 === 0)]);
      await tx.query(END, [ids, from, deliveries]);
    });
  }
}

/** Adds deliveries that wait, due now, and gives their ids. */
export async function addPending(db: Database, webhook: string, count: number, from = 0): Promise<string[]> {
  const made = await asService(db, (tx) => tx.query<{ id: string }>(INSERT, [webhook, from, count, EVENT_TYPES]));
  return made.rows.map((row) => row.id);
}
