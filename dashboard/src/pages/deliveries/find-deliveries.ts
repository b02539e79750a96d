import { api, ok } from '../../api/client.js';
import { PAGE_SIZE } from '../../ui/pager.js';
import type { DeliverySummary } from './delivery-types.js';
import { type Filters, queryOf } from './filters.js';

/** What the API looks through for one answer that it does not fill (src/manage/deliveries/list.ts). */
const LOOKED_THROUGH_PER_ANSWER = 5_000;
/** So many answers in a row are asked for to fill a page; then a person says whether to go on. */
const MOST_ANSWERS = 4;

/** A page of the list. */
export interface Found {
  readonly rows: readonly DeliverySummary[];
  /** Where the list goes on; null: this is its end. */
  readonly next: string | null;
  /** How many were looked through, where the page has room left. */
  readonly lookedThrough: number;
}

/** A page that has room left while the list goes on: few match, and it was not looked to the end. */
export function isCut({ rows, next }: Found): boolean {
  return next !== null && rows.length < PAGE_SIZE;
}

/** Looks for deliveries from a cursor on until the page is full, the list ends, or it was looked long enough. Throws HooklineApiError. */
export async function findDeliveries(filters: Filters, cursor: string | null, signal?: AbortSignal): Promise<Found> {
  return lookFurther(filters, { rows: [], next: cursor, lookedThrough: 0 }, signal);
}

/** Goes on where a page was cut. Throws HooklineApiError. */
export async function lookFurther(filters: Filters, before: Found, signal?: AbortSignal): Promise<Found> {
  const query = queryOf(filters, Date.now());
  let found = before;
  for (let answers = 0; answers < MOST_ANSWERS; answers++) {
    const limit = PAGE_SIZE - found.rows.length;
    const page = ok(
      await api.GET('/v1/deliveries', {
        params: { query: { ...query, limit, ...(found.next !== null && { cursor: found.next }) } },
        ...(signal && { signal }),
      }),
    );
    const rows = [...found.rows, ...page.data];
    found = { rows, next: page.next_cursor, lookedThrough: found.lookedThrough };
    if (!isCut(found)) return found;
    found = { ...found, lookedThrough: found.lookedThrough + LOOKED_THROUGH_PER_ANSWER };
  }
  return found;
}
