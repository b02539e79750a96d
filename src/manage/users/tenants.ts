import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { type Cursor, type Page, type PageRequest, pageOf } from '../page.js';

const TENANTS = loadSql(import.meta.url, './tenants.sql');
/** So many users a page walks over at most. */
const MOST_WALKED = 50_000;

interface WalkedRow extends Cursor {
  /** Null: it does not match. */
  readonly json: string | null;
  /** The walk ended here, before the end of the list. */
  readonly is_cut: boolean;
}

/**
 * Users as JSON, the newest first, with what they have; for the service alone. `search`: those whose external id holds it, in whichever case, or whose own id begins
 * with it. Where few match, a page has fewer than `limit`, or none, while there are more: `next` is null at the end alone.
 */
export async function listTenants(
  tx: Queryable,
  search: string | null,
  { limit, after }: PageRequest,
  mostWalked = MOST_WALKED,
): Promise<Page> {
  const place = [after?.at ?? null, after?.id ?? null];
  const { rows } = await tx.query<WalkedRow>(TENANTS, [search, ...place, limit + 1, mostWalked]);
  const page = pageOf(rows.filter(matches), limit);
  const last = rows.at(-1);
  return page.next === null && last?.is_cut ? { ...page, next: { at: last.at, id: last.id } } : page;
}

function matches(row: WalkedRow): row is WalkedRow & { readonly json: string } {
  return row.json !== null;
}
