import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { type Page, type PageRequest, pageOfWalk, type WalkedRow } from '../page.js';

const PAGE = loadSql(import.meta.url, './page.sql');
const EVENT_TIME = loadSql(import.meta.url, './event-time.sql');
const BY_INDEX = loadSql(import.meta.url, './by-index.sql');

export const DELIVERY_STATUSES = ['pending', 'success', 'retrying', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Which deliveries are wanted; what is absent does not matter. */
export interface DeliveryFilter {
  /** A user's UUID, for the service; users see their own anyway. */
  readonly userId?: string | undefined;
  readonly webhookId?: string | undefined;
  readonly eventType?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
  /** The status of the latest answer: `404`, a class as `4xx`, or `none` where there is none. */
  readonly responseStatus?: string | undefined;
  /** Those that this event made, without their replays. */
  readonly eventId?: string | undefined;
  /** Made from then until then, both included; ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** So many deliveries a page walks over at most. */
const MOST_WALKED = 5_000;
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The deliveries that the transaction's caller may see, newest first, as JSON without payload and bodies. What it reads is bounded: where few match, a page
 * has fewer than `limit`, or none, while there are more. `next` is null at the end alone.
 */
export async function listDeliveries(
  tx: Queryable,
  filter: DeliveryFilter,
  { limit, after }: PageRequest,
): Promise<Page> {
  const times = await timesOf(tx, filter);
  if (times === undefined) return { items: [], next: null };
  const { webhookId = null, eventType = null, status = null, eventId = null } = filter;
  const { rows: whose } = await tx.query<{ user_id: string | null }>(BY_INDEX, [filter.userId ?? null, webhookId]);
  const userId = whose[0]?.user_id ?? null;
  const walk = walkOf(status, userId, webhookId);
  const { at, id } = after ?? { at: times.until, id: LAST_ID };
  const params = [walk, userId, webhookId, eventType, status, eventId, times.since, times.until, at, id];
  const answered = statusRange(filter.responseStatus);
  const { rows } = await tx.query<WalkedRow>(PAGE, [...params, limit + 1, MOST_WALKED, ...answered]);
  return pageOfWalk(rows, limit);
}

/** The narrowest of the indexes in which all that is wanted stands, as page.sql names it. */
function walkOf(status: DeliveryStatus | null, userId: string | null, webhookId: string | null): string {
  const isTroubled = status === 'failed' || status === 'retrying';
  if (webhookId !== null) return isTroubled ? 'webhook_troubled' : 'history';
  return isTroubled && userId !== null ? 'troubled' : 'of_user';
}

/** The lowest and the highest that is wanted; no answer counts as 0. */
function statusRange(wanted: string | undefined): [number, number] | [null, null] {
  if (wanted === undefined) return [null, null];
  if (wanted === 'none') return [0, 0];
  return [Number(wanted.replace('xx', '00')), Number(wanted.replace('xx', '99'))];
}

async function timesOf(tx: Queryable, filter: DeliveryFilter): Promise<{ since: string; until: string } | undefined> {
  const { eventId, since = '-infinity', until = 'infinity' } = filter;
  if (eventId === undefined) return { since, until };
  const { rows } = await tx.query<{ at: string }>(EVENT_TIME, [eventId, since, until]);
  return rows[0] && { since: rows[0].at, until: rows[0].at };
}
