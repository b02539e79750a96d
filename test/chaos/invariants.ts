import { expect } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import type { ReceivedRequest } from '../harness/receiver-server.js';

/** What went on while a database was under attack. */
export interface Told {
  /** Deliveries whose trigger was told to be committed. */
  readonly triggered: readonly string[];
  /** Everything that all receivers got. */
  readonly requests: readonly ReceivedRequest[];
  /** How often a delivery was held by a worker when that was killed; nothing when none was. */
  readonly heldAtKills?: ReadonlyMap<string, number>;
}

/**
 * Holds the database against what has to be true at any time: queue, counters, roll-up and history agree with the deliveries. With `told`, also
 * against what has to be true in the end: every delivery has ended and none is missing, the history holds no answer that no receiver gave, and
 * a receiver was called without a record of it no more often than a worker was killed that held the delivery.
 */
export async function checkInvariants(db: Queryable, told?: Told): Promise<void> {
  for (const [what, query] of Object.entries(ALWAYS)) expect((await db.query(query)).rows, what).toEqual([]);
  if (told === undefined) return;

  const { rows } = await db.query<Recorded>(RECORDED);
  const deliveries = new Map(rows.map((row) => [row.id, row]));
  expect(
    rows.filter(({ status }) => status !== 'success' && status !== 'failed'),
    'every delivery has ended',
  ).toEqual([]);
  expect(
    told.triggered.filter((id) => !deliveries.has(id)),
    'no delivery is lost',
  ).toEqual([]);
  expect(
    rows.filter((row) => row.status === 'failed' && row.attempts < row.most && row.error !== 'http_gone'),
    'no delivery fails before its last attempt',
  ).toEqual([]);

  const calls = new Map<string, number>();
  for (const { headers } of told.requests) {
    const id = String(headers['x-webhook-delivery']);
    calls.set(id, (calls.get(id) ?? 0) + 1);
  }
  expect(
    rows
      .filter((row) => row.answers > (calls.get(row.id) ?? 0))
      .map((row) => ({ ...row, calls: calls.get(row.id) ?? 0 })),
    'the history holds no answer that no receiver gave',
  ).toEqual([]);
  const unrecorded = [...calls].map(([id, count]) => {
    const row = deliveries.get(id);
    return { id, unrecorded: count - (row?.attempts ?? 0) - (row?.late ?? 0), kills: told.heldAtKills?.get(id) ?? 0 };
  });
  expect(
    unrecorded.filter((call) => call.unrecorded > call.kills),
    'no more calls without a record than deliveries held at a kill',
  ).toEqual([]);
}

interface Recorded {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly attempts: number;
  readonly most: number;
  readonly late: number;
  /** Attempts with a status from the endpoint. */
  readonly answers: number;
}

const RECORDED = `
  SELECT d.id, d.status, d.error_code AS error, d.attempt_number AS attempts, d.max_attempts AS most,
         coalesce(a.late, 0)::int AS late, ((d.response_status IS NOT NULL)::int + coalesce(a.answers, 0))::int AS answers
  FROM webhook_deliveries d
  LEFT JOIN (
    SELECT delivery_id, count(*) FILTER (WHERE is_late) AS late, count(response_status) AS answers
    FROM hookline.webhook_delivery_attempts GROUP BY delivery_id
  ) a ON a.delivery_id = d.id`;

/** Each gives the rows that break it. */
const ALWAYS = {
  'a queue row for each unfinished delivery, and no other': `
    SELECT d.id, q.delivery_id FROM (SELECT * FROM webhook_deliveries WHERE status IN ('pending', 'retrying')) d
    FULL JOIN hookline.queue q ON q.delivery_id = d.id
    WHERE d.id IS NULL OR q.delivery_id IS NULL OR q.is_retry <> (d.status = 'retrying') OR q.webhook_id <> d.webhook_id`,
  'counters equal to a scan': `
    SELECT w.id FROM webhooks w WHERE (w.total_deliveries, w.successful_deliveries, w.failed_deliveries) <> (
      SELECT count(*) FILTER (WHERE d.status IN ('success', 'failed'))::int, count(*) FILTER (WHERE d.status = 'success')::int,
             count(*) FILTER (WHERE d.status = 'failed')::int
      FROM webhook_deliveries d WHERE d.webhook_id = w.id)`,
  'the roll-up equal to a scan': `
    WITH scan AS (
      SELECT webhook_id, (coalesce(delivered_at, failed_at) AT TIME ZONE 'UTC')::date AS day, event_type,
             count(*) FILTER (WHERE status = 'success') AS successful, count(*) FILTER (WHERE status = 'failed') AS failed,
             count(*) FILTER (WHERE response_status IS NOT NULL AND response_time_ms IS NOT NULL) AS responses,
             coalesce(sum(response_time_ms) FILTER (WHERE response_status IS NOT NULL), 0) AS ms
      FROM webhook_deliveries WHERE status IN ('success', 'failed') GROUP BY 1, 2, 3
    ), rolled AS (
      SELECT webhook_id, day, event_type, successful, failed, responses, response_time_ms AS ms FROM hookline.statistics_daily
      WHERE (successful, failed) <> (0, 0)
    )
    (TABLE scan EXCEPT TABLE rolled) UNION ALL (TABLE rolled EXCEPT TABLE scan)`,
  'no more attempts than allowed': 'SELECT id FROM webhook_deliveries WHERE attempt_number > max_attempts',
  'every attempt before the latest in the history': `
    SELECT d.id FROM webhook_deliveries d WHERE greatest(d.attempt_number - 1, 0) <> (
      SELECT count(*) FROM hookline.webhook_delivery_attempts a WHERE a.delivery_id = d.id AND NOT a.is_late)`,
};
