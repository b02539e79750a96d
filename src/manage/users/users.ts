import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { type Page, type PageRequest, pageOfWalk, type WalkedRow } from '../page.js';

const USERS = loadSql(import.meta.url, './users.sql');
/** So many users a page walks over at most. */
const MOST_WALKED = 50_000;

/**
 * Users as JSON, the newest first, with what they have; for the service alone. `search`: those whose external id holds it, in whichever case, or whose own id begins
 * with it. Where few match, a page has fewer than `limit`, or none, while there are more: `next` is null at the end alone.
 */
export async function listUsers(
  tx: Queryable,
  search: string | null,
  { limit, after }: PageRequest,
  mostWalked = MOST_WALKED,
): Promise<Page> {
  const place = [after?.at ?? null, after?.id ?? null];
  const { rows } = await tx.query<WalkedRow>(USERS, [search, ...place, limit + 1, mostWalked]);
  return pageOfWalk(rows, limit);
}
