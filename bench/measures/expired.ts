import type { Database } from '../../src/db/database.js';

/** Has the partitions of what is past its age be partitions of their own, where the first ones reach back to the beginning. */
const SPLIT = `DO $$
DECLARE
  first record;
  bound timestamptz := now() - interval '90 days 1 hour';
BEGIN
  FOR first IN SELECT DISTINCT ON (p.parent) p.parent, p.ends, p.partition::text AS name FROM hookline.partitions() p WHERE NOT p.is_default ORDER BY p.parent, p.ends LOOP
    EXECUTE format('DROP TABLE %s', first.name);
    EXECUTE format('CREATE TABLE %s_old PARTITION OF %s FOR VALUES FROM (''1970-01-01'') TO (%L)', first.name, first.parent, bound);
    EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', first.name, first.parent, bound, first.ends);
  END LOOP;
END $$`;

// Without triggers, which would count them. $1 int  how many
const DELIVERIES = `INSERT INTO webhook_deliveries (webhook_id, user_id, event_type, request_url, request_payload, request_headers, request_signature,
  response_status, response_headers, response_body, response_time_ms, status, attempt_number, created_at, delivered_at, attempted_at)
SELECT w.id, w.user_id, 'video.generated', w.url, jsonb_build_object('video_id', g::text, 'text', repeat(md5(g::text), 12)), '{"content-type": "application/json"}', md5(g::text),
  200, '{"content-type": "text/plain"}', 'ok', 20, 'success', 2, a.at, a.at, a.at
FROM webhooks w, generate_series(1, $1::int) g, LATERAL (SELECT now() - interval '91 days' - interval '7 days' * (g::float8 / $1::int) AS at) a`;
const ATTEMPTS = `INSERT INTO hookline.webhook_delivery_attempts (delivery_id, delivery_created_at, webhook_id, user_id, attempt_number, attempted_at, request_url, request_headers,
  response_status, response_headers, response_body, response_time_ms, error_code, error_message)
SELECT d.id, d.created_at, d.webhook_id, d.user_id, 1, d.created_at, d.request_url, d.request_headers, 500, d.response_headers, repeat('error ', 20), 12,
  'http_server_error', 'The endpoint answered 500.' FROM webhook_deliveries d`;

/** Puts `count` deliveries of the one webhook that succeeded 91 to 98 days ago, with an earlier attempt each. */
export async function putExpired(db: Database, count: number): Promise<void> {
  await db.query(SPLIT);
  await db.transaction(async (tx) => {
    await tx.query("SELECT set_config('session_replication_role', 'replica', true)", []);
    await tx.query(DELIVERIES.replaceAll('$1', String(count)));
    await tx.query(ATTEMPTS);
  });
}
