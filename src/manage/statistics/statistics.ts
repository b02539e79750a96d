import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';

const OF_DAYS = 'SELECT to_json(s)::text AS json FROM public.get_webhook_statistics($1::text::uuid, $2::integer) s';
const OF_HOURS = `SELECT coalesce(json_agg(s ORDER BY s.hour), '[]')::text AS json FROM (
  SELECT to_char(h.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS hour, h.successful_deliveries, h.failed_deliveries, h.avg_response_time_ms,
         h.p50_response_time_ms, h.p90_response_time_ms, h.p95_response_time_ms, h.p99_response_time_ms
    FROM public.get_webhook_hourly_statistics($1::text::uuid, $2::integer) h) s`;

/** What ended in the last `days` UTC days, 1 to 3660, today included: the object of `get_webhook_statistics`. Throws `webhook_not_found` and `invalid_parameter`. */
export const statisticsOfDays = (tx: Queryable, webhookId: string, days: number) =>
  jsonOf(tx, OF_DAYS, webhookId, days);

/** An array with what ended in each of the last `hours` hours, 1 to 840, this one included; hours without an end are absent. Throws `webhook_not_found` and `invalid_parameter`. */
export const statisticsOfHours = (tx: Queryable, webhookId: string, hours: number) =>
  jsonOf(tx, OF_HOURS, webhookId, hours);

async function jsonOf(tx: Queryable, sql: string, webhookId: string, span: number): Promise<string> {
  const { rows } = await tx.query<{ json: string }>(sql, [webhookId, span]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('webhook_not_found');
  return row.json;
}
