import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach } from 'vitest';
import type { Database, Queryable } from '../../src/db/database.js';
import { createUser, type DatabaseContext } from '../harness/databases.js';
import { makeHook, one, rows } from './spec-helpers.js';

/** A delivery that is leased: what its row holds, and which attempt is under way. */
export interface Leased {
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly lease_id: string | null;
  readonly attempt_number: number;
}

/** What came of an attempt, as hookline.record_results takes it. */
export interface Result extends Leased {
  readonly attempted_at?: string;
  readonly request_url?: string | null;
  readonly request_headers?: object;
  readonly request_signature?: string | null;
  readonly response_status?: number | null;
  readonly response_headers?: object | null;
  readonly response_body?: string | null;
  readonly response_time_ms?: number | null;
  readonly error_code?: string | null;
  readonly error_message?: string | null;
  readonly retry_after_seconds?: number | null;
}

export interface Told {
  readonly delivery_id: string;
  readonly lease_id: string | null;
  readonly is_recorded: boolean | null;
  readonly status: string | null;
  readonly next_retry_at: string | null;
  readonly is_stopped: boolean;
}

export const AT = '2026-11-20T10:20:30.456+00:00';

const RECORD = `SELECT o.* FROM (
  SELECT array_agg(delivery_id ORDER BY n) AS a1, array_agg(webhook_id ORDER BY n) AS a2, array_agg(lease_id ORDER BY n) AS a3,
    array_agg(attempt_number ORDER BY n) AS a4, array_agg(attempted_at ORDER BY n) AS a5, array_agg(request_url ORDER BY n) AS a6,
    array_agg(request_headers::text ORDER BY n) AS a7, array_agg(request_signature ORDER BY n) AS a8, array_agg(response_status ORDER BY n) AS a9,
    array_agg(response_headers::text ORDER BY n) AS a10, array_agg(response_body ORDER BY n) AS a11, array_agg(response_time_ms ORDER BY n) AS a12,
    array_agg(error_code ORDER BY n) AS a13, array_agg(error_message ORDER BY n) AS a14, array_agg(retry_after_seconds ORDER BY n) AS a15
  FROM ROWS FROM (json_to_recordset($1::json) AS (delivery_id uuid, webhook_id uuid, lease_id uuid, attempt_number integer, attempted_at timestamptz,
    request_url text, request_headers json, request_signature text, response_status integer, response_headers json, response_body text,
    response_time_ms integer, error_code text, error_message text, retry_after_seconds numeric)) WITH ORDINALITY
    r (delivery_id, webhook_id, lease_id, attempt_number, attempted_at, request_url, request_headers, request_signature, response_status,
       response_headers, response_body, response_time_ms, error_code, error_message, retry_after_seconds, n)
) a, hookline.record_results(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, $2::boolean) o`;

/** hookline.record_results: what it tells of the results, which leaves out plain successes. */
export function recordResults(db: Queryable, results: readonly Result[], wait = false): Promise<Told[]> {
  const all = results.map((result) => ({
    attempted_at: AT,
    response_time_ms: 7,
    request_headers: { a: 'b' },
    ...result,
  }));
  return rows<Told>(db, RECORD, [JSON.stringify(all), wait]);
}

export interface Before {
  readonly attempts?: number;
  readonly maxAttempts?: number;
}

/** Writes deliveries of a webhook, the attempts of each begun so far, and leases them all to nobody in particular. */
export async function leased(db: Queryable, webhook: string, before: readonly Before[]): Promise<Leased[]> {
  const all = before.map(({ attempts = 0, maxAttempts = 4 }) => ({ id: randomUUID(), attempts, maxAttempts }));
  await db.query(
    `INSERT INTO public.webhook_deliveries (id, webhook_id, event_type, request_url, request_payload, status, attempt_number, max_attempts, next_retry_at,
       attempted_at, request_headers, request_signature, response_status, response_headers, response_body, response_time_ms, error_code, error_message)
     SELECT r.id, $2::uuid, 'video.generated', 'https://before.example/', '{"key": "k"}', CASE WHEN r.attempts = 0 THEN 'pending' ELSE 'retrying' END,
       r.attempts, r."maxAttempts", CASE WHEN r.attempts > 0 THEN now() END, CASE WHEN r.attempts > 0 THEN '2026-11-20 10:00Z'::timestamptz END,
       '{"before": 1}', 'sha256=before', 503, '{"was": 1}', 'was', 99, 'http_server_error', 'It was so.'
     FROM json_to_recordset($1::json) r (id uuid, attempts integer, "maxAttempts" integer)`,
    [JSON.stringify(all), webhook],
  );
  const leases = await rows<Leased>(
    db,
    `UPDATE hookline.queue q SET lease_id = gen_random_uuid(), lease_ends_at = now() + interval '1 minute', is_waiting = false FROM public.webhook_deliveries d
     WHERE q.delivery_id = ANY ($1::uuid[]) AND d.id = q.delivery_id
     RETURNING q.delivery_id, q.webhook_id, q.lease_id, d.attempt_number + 1 AS attempt_number`,
    [all.map(({ id }) => id)],
  );
  return all.map(({ id }) => leases.find((row) => row.delivery_id === id)).filter((row) => row !== undefined);
}

/** What names the result of a delivery's attempt. */
export function pick(leased: Leased | undefined) {
  return { delivery_id: leased?.delivery_id, lease_id: leased?.lease_id };
}

type Row = Readonly<Record<string, unknown>>;

/** A webhook for each test, whose first retry is after 100 s, and which no number of failures stops; and what stands in the database of it. */
export function useHook(ctx: DatabaseContext) {
  let [user, hook] = ['', ''];
  const db = (): Database => ctx.db();
  beforeAll(async () => {
    user = await createUser(db());
    await db().query("UPDATE hookline.settings SET breaker_failures = 1000000, failing_limit = '100 years'");
  });
  beforeEach(async () => {
    hook = (await makeHook(db(), user)).id;
    await db().query('UPDATE public.webhooks SET retry_delay_seconds = 100 WHERE id = $1::uuid', [hook]);
  });
  return {
    db,
    user: () => user,
    hook: () => hook,
    webhook: () => one(db(), 'SELECT * FROM public.webhooks WHERE id = $1::uuid', [hook]),
    read: (id: string) => one(db(), 'SELECT * FROM public.webhook_deliveries WHERE id = $1::uuid', [id]),
    /** The rows of a table that are the webhook's, by delivery. */
    async inAll(table: string, column = 'delivery_id'): Promise<(id: string) => Row[]> {
      const all = await rows<Row>(db(), `SELECT * FROM ${table} WHERE webhook_id = $1::uuid ORDER BY 1, 2`, [hook]);
      return (id) => all.filter((row) => row[column] === id);
    },
  };
}
