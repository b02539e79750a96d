import type { Queryable } from '../../src/db/database.js';

/** What ended in one hour, as hookline.statistics_hourly holds it. */
export interface Entry {
  readonly webhookId: string;
  /** Hours before this one. */
  readonly ago: number;
  readonly eventType?: string;
  readonly successful: number;
  readonly failed: number;
  /** Responses in each bucket, from the first; the rest 0. */
  readonly latency?: readonly number[];
  readonly responseTimeMs?: number;
}

const PUT = `INSERT INTO hookline.statistics_hourly (webhook_id, hour, event_type, successful, failed, responses, response_time_ms, latency)
  SELECT r.webhook_id, date_trunc('hour', now(), 'UTC') - make_interval(hours => r.ago), r.event_type, r.successful, r.failed,
         (SELECT sum(n) FROM unnest(r.latency) n), r.response_time_ms, r.latency
    FROM json_to_recordset($1::text::json)
      AS r (webhook_id uuid, ago int, event_type text, successful bigint, failed bigint, response_time_ms bigint, latency bigint[])`;

/** Puts counts as batches of results would have. */
export async function putEntries(db: Queryable, entries: readonly Entry[]): Promise<void> {
  const rows = entries.map(({ webhookId, ago, eventType = 'video.generated', latency = [], ...entry }) => ({
    webhook_id: webhookId,
    ago,
    event_type: eventType,
    successful: entry.successful,
    failed: entry.failed,
    response_time_ms: entry.responseTimeMs ?? 0,
    latency: Array.from({ length: 12 }, (_, bucket) => latency[bucket] ?? 0),
  }));
  await db.query(PUT, [JSON.stringify(rows)]);
}

/** Every item of a list that is read page by page. */
export async function allPages<Item>(
  read: (query: string) => Promise<{ readonly data: readonly Item[]; readonly next_cursor: string | null }>,
  limit: number,
): Promise<Item[][]> {
  const pages: Item[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await read(`limit=${limit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    pages.push([...page.data]);
    cursor = page.next_cursor;
  }
  return pages;
}
