import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';

const PAGE = loadSql(import.meta.url, './page.sql');
const ONE = loadSql(import.meta.url, './one.sql');
const BY_INDEX = loadSql(import.meta.url, './by-index.sql');

export const CALLBACK_STATES = ['pending', 'done', 'failed', 'expired', 'refused'] as const;
export const EVENT_STATES = ['pending', 'done', 'failed', 'expired', 'skipped'] as const;

/** Which received webhooks are wanted; what is absent does not matter. */
export interface ContentFilter {
  /** UUID of a row of auth.users, for the service; users see their own anyway. */
  readonly userId?: string | undefined;
  /** What webhooks may call a user (`customer_data.user_id`), where the table knows none. */
  readonly userNames?: readonly string[] | undefined;
  readonly eventName?: string | undefined;
  readonly callbackState?: (typeof CALLBACK_STATES)[number] | undefined;
  readonly eventState?: (typeof EVENT_STATES)[number] | undefined;
}

/** A part of the list: `after` is the id of the row that it goes on after, null at its beginning. */
export interface ContentPageRequest {
  readonly limit: number;
  readonly after: string | null;
}

/** Received webhooks as JSON, and the id after which the list goes on; null at its end. */
export interface ContentPage {
  readonly items: readonly string[];
  readonly next: string | null;
}

/** A row that a list walked over; its JSON is null when it does not match. */
interface WalkedRow {
  readonly id: string;
  readonly json: string | null;
  /** The walk ended here, before the end of the list. */
  readonly is_cut: boolean;
}

/** So many rows a page walks over at most. */
export const MOST_WALKED = 5_000;
/** The largest id: BIGINT's. */
const LAST_ID = 9_223_372_036_854_775_807n;

/**
 * The received webhooks that the transaction's caller may see, the latest first, without body, metadata and payload. What it reads is bounded: where few match,
 * a page has fewer than `limit`, or none, while there are more. `next` is null at the end alone. `isElsewhere`: in a database whose users are not ours.
 */
export async function listContent(
  tx: Queryable,
  filter: ContentFilter,
  { limit, after }: ContentPageRequest,
  isElsewhere = false,
): Promise<ContentPage> {
  const { eventName = null, callbackState = null, eventState = null, userNames = null } = filter;
  const { rows: whose } = await tx.query<{ user_id: string | null }>(BY_INDEX, [filter.userId ?? null]);
  const place = [whose[0]?.user_id ?? null, after ?? String(LAST_ID)];
  const wanted = [eventName, callbackState, eventState, userNames, isElsewhere];
  const { rows } = await tx.query<WalkedRow>(PAGE, [...place, ...wanted, limit + 1, MOST_WALKED]);
  return pageOfWalked(rows, limit);
}

/** All there is of a received webhook, as JSON. Throws `content_not_found` for what the caller may not see. */
export async function readContent(tx: Queryable, id: string, isElsewhere = false): Promise<string> {
  const { rows } = isContentId(id) ? await tx.query<{ json: string }>(ONE, [id, isElsewhere]) : { rows: [] };
  const [row] = rows;
  if (row === undefined) throw new HooklineError('content_not_found');
  return row.json;
}

/** Whether a row may have this id, which is digits. */
export function isContentId(id: string): boolean {
  return BigInt(id) <= LAST_ID;
}

function pageOfWalked(rows: readonly WalkedRow[], limit: number): ContentPage {
  const matching = rows.filter(({ json }) => json !== null);
  const shown = matching.slice(0, limit);
  const last = rows.at(-1);
  const items = shown.flatMap(({ json }) => json ?? []);
  if (matching.length > limit) return { items, next: shown.at(-1)?.id ?? null };
  return { items, next: last?.is_cut ? last.id : null };
}
