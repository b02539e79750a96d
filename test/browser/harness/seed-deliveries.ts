import type { Database } from '../../../src/db/database.js';
import type { Webhooks } from './seed-webhooks.js';

/** Deliveries that tests open, by their ids; their attempts are in the history. */
export interface Deliveries {
  /** To the failing webhook: four attempts, all answered with 500. */
  readonly failed: string;
  /** To the failing webhook: two attempts, the next is in 40 minutes. */
  readonly retrying: string;
  /** To the good webhook, at the first try. */
  readonly successful: string;
  readonly strangers: string;
}

/**
 * Writes what two days would have left: 240 events, one each twelve minutes, of four types; nearly all delivered to the good webhook, 80 failed at the failing one, three
 * of which are still retried there; 24 of the stranger's. Counters and statistics follow by the triggers.
 */
export async function seedDeliveries(db: Database, { good, failing, strangers }: Webhooks): Promise<Deliveries> {
  await db.query(EVENTS, [good]);
  await db.query(EVENTS, [strangers]);
  await db.query(ANSWERED, [good, 1, 1]);
  await db.query(ANSWERED, [strangers, 10, 1]);
  await db.query(UNANSWERED, [failing, good]);
  await db.query(ATTEMPTS, [failing]);
  return {
    failed: await idOf(db, failing, "status = 'failed'"),
    retrying: await idOf(db, failing, "status = 'retrying'"),
    successful: await idOf(db, good, "status = 'success'"),
    strangers: await idOf(db, strangers, "status = 'success'"),
  };
}

/** The latest delivery of a webhook with a condition. */
async function idOf(db: Database, webhookId: string, condition: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id::text FROM webhook_deliveries WHERE webhook_id = $1::uuid AND ${condition} ORDER BY created_at DESC LIMIT 1`,
    [webhookId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no delivery has ${condition}`);
  return row.id;
}

// $1 a webhook of the user whose events they are. The number of an event stands in its idempotency key.
const EVENTS = `
  INSERT INTO hookline.events (id, event_type, payload, user_id, idempotency_key, matched, created_at)
  SELECT gen_random_uuid(), t.type, t.payload, w.user_id, w.id || ':' || n, 2, now() - make_interval(mins => n * 12)
  FROM generate_series(1, 240) n CROSS JOIN webhooks w CROSS JOIN LATERAL (
    SELECT CASE n % 4 WHEN 0 THEN 'video.failed' WHEN 1 THEN 'credit.consumed' WHEN 2 THEN 'image.generated' ELSE 'video.generated' END,
           CASE n % 4 WHEN 1 THEN jsonb_build_object('user_id', w.user_id, 'amount', n, 'balance', 1000 - n, 'reason', 'video')
           WHEN 2 THEN jsonb_build_object('image_id', 'img_' || n, 'url', 'https://cdn.example.com/' || n || '.png', 'width', 1024, 'height', 768)
           ELSE jsonb_build_object('video_id', 'vid_' || n, 'status', 'completed', 'url', 'https://cdn.example.com/' || n || '.mp4',
                                   'title', 'A walk along the river', 'duration_seconds', 4.5) END) t (type, payload)
  WHERE w.id = $1::uuid`;

const REQUEST = `jsonb_build_object('content-type', 'application/json', 'user-agent', 'Hookline', 'X-Webhook-Event', e.event_type, 'X-Webhook-ID', w.id,
  'X-Webhook-Signature', 'sha256=' || repeat('0a', 32), 'webhook-timestamp', extract(epoch FROM e.created_at)::bigint::text)`;

// $1 webhook, to which every $2nd of its user's events went, the first of them being $3. One of forty failed.
const ANSWERED = `
  INSERT INTO webhook_deliveries (webhook_id, user_id, event_id, event_type, request_url, request_headers, request_payload, request_signature,
    status, attempt_number, max_attempts, response_status, response_headers, response_body, response_time_ms, error_code, error_message,
    created_at, attempted_at, delivered_at, failed_at)
  SELECT w.id, w.user_id, e.id, e.event_type, w.url, ${REQUEST}, e.payload, 'sha256=' || repeat('0a', 32), CASE WHEN ok THEN 'success' ELSE 'failed' END, 1, 4,
    CASE WHEN ok THEN 200 ELSE 404 END, '{"content-type": "application/json", "server": "nginx"}', CASE WHEN ok THEN '{"received":true}' ELSE 'no such route' END,
    20 + (n * 37) % 400, CASE WHEN NOT ok THEN 'http_client_error' END, CASE WHEN NOT ok THEN 'The endpoint answered 404.' END,
    e.created_at, e.created_at + interval '1 second', CASE WHEN ok THEN e.created_at + interval '2 seconds' END,
    CASE WHEN NOT ok THEN e.created_at + interval '2 seconds' END
  FROM webhooks w JOIN hookline.events e ON e.user_id = w.user_id CROSS JOIN LATERAL (SELECT split_part(e.idempotency_key, ':', 2)::int) k (n)
  CROSS JOIN LATERAL (SELECT n % 40 <> 0) o (ok)
  WHERE w.id = $1::uuid AND n % $2::int = $3::int % $2::int ORDER BY n DESC`;

// $1 webhook, to which every third of the events failed that carry $2 in their key. The latest three are retried.
const UNANSWERED = `
  INSERT INTO webhook_deliveries (webhook_id, user_id, event_id, event_type, request_url, request_headers, request_payload, request_signature,
    status, attempt_number, max_attempts, response_status, response_headers, response_body, response_time_ms, error_code, error_message,
    created_at, attempted_at, next_retry_at, failed_at)
  SELECT w.id, w.user_id, e.id, e.event_type, w.url, ${REQUEST}, e.payload, 'sha256=' || repeat('0a', 32),
    CASE WHEN n > 9 THEN 'failed' ELSE 'retrying' END, CASE WHEN n > 9 THEN 4 ELSE 2 END, 4,
    500, '{"content-type": "text/plain", "server": "envoy"}', 'upstream connect error: database is away', 900 + n, 'http_server_error',
    'The endpoint answered 500.', e.created_at, e.created_at + interval '3 minutes',
    CASE WHEN n <= 9 THEN now() + make_interval(mins => 37 + n) END, CASE WHEN n > 9 THEN e.created_at + interval '3 minutes' END
  FROM webhooks w JOIN hookline.events e ON e.user_id = w.user_id CROSS JOIN LATERAL (SELECT split_part(e.idempotency_key, ':', 2)::int) k (n)
  WHERE w.id = $1::uuid AND e.idempotency_key LIKE $2 || ':%' AND n % 3 = 0 ORDER BY n DESC`;

// $1 webhook. The latest attempt stands on the delivery itself.
const ATTEMPTS = `
  INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url, request_headers,
    request_signature, response_status, response_headers, response_body, response_time_ms, error_code, error_message, recorded_at)
  SELECT d.id, d.webhook_id, d.user_id, a, d.created_at + make_interval(secs => a * 30), d.request_url, d.request_headers, d.request_signature,
    CASE WHEN a > 1 THEN 500 END, CASE WHEN a > 1 THEN d.response_headers END, CASE WHEN a > 1 THEN d.response_body END,
    CASE WHEN a > 1 THEN 800 ELSE 30000 END, CASE WHEN a > 1 THEN 'http_server_error' ELSE 'timeout' END,
    CASE WHEN a > 1 THEN 'The endpoint answered 500.' ELSE 'No whole answer came within 30 s.' END, d.created_at + make_interval(secs => a * 30)
  FROM webhook_deliveries d CROSS JOIN LATERAL generate_series(1, d.attempt_number - 1) a WHERE d.webhook_id = $1::uuid`;
