import type { Database } from '../../src/db/database.js';

/** How an old delivery stands: the four statuses of the specification. */
export type Status = 'pending' | 'success' | 'retrying' | 'failed';

/** Puts `count` deliveries of a webhook that were made `age` ago, each with its event, and one earlier attempt where it was sent. */
export async function putOld(
  db: Database,
  webhook: { readonly id: string },
  status: Status,
  age: string,
  count = 1,
): Promise<void> {
  await db.query(
    `WITH made AS (
       INSERT INTO hookline.events (event_type, payload, created_at)
       SELECT 'video.generated', '{}', now() - $3::interval FROM generate_series(1, $4::int) RETURNING id
     ), deliveries AS (
       INSERT INTO webhook_deliveries (webhook_id, event_type, request_payload, event_id, status, attempt_number, created_at)
       SELECT $1::uuid, 'video.generated', '{}', made.id, $2::text, CASE $2::text WHEN 'pending' THEN 0 ELSE 2 END, now() - $3::interval
       FROM made RETURNING id
     ) SELECT FROM deliveries`,
    [webhook.id, status, age, count],
  );
  await db.query(
    `INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number)
     SELECT d.id, d.webhook_id, d.user_id, 1 FROM webhook_deliveries d
     WHERE d.attempt_number = 2 AND NOT EXISTS (SELECT FROM hookline.webhook_delivery_attempts a WHERE a.delivery_id = d.id)`,
  );
}

/** How many rows there are of each kind that retention is about. */
export async function countRows(db: Database): Promise<Readonly<Record<string, number>>> {
  const { rows } = await db.query<Record<string, number>>(
    `SELECT count(*) FILTER (WHERE status = 'success')::int AS success, count(*) FILTER (WHERE status = 'failed')::int AS failed,
            count(*) FILTER (WHERE status IN ('pending', 'retrying'))::int AS unended,
            (SELECT count(*)::int FROM hookline.webhook_delivery_attempts) AS attempts,
            (SELECT count(*)::int FROM hookline.events) AS events
     FROM webhook_deliveries`,
  );
  return rows[0] ?? {};
}

/** Removes everything that a test may have left. */
export async function clear(db: Database): Promise<void> {
  await db.query(
    "DELETE FROM webhooks; DELETE FROM hookline.events; DELETE FROM hookline.audit_log; UPDATE hookline.settings SET successful_retention = '90 days', failed_retention = '30 days'",
  );
}
