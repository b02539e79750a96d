/** Where a list goes on: after the row of this time (ISO 8601, in microseconds) and id. Lists are of the newest first. */
export interface Cursor {
  readonly at: string;
  readonly id: string;
}

/** Rows of a list as PostgreSQL wrote their JSON, and where it goes on; null at its end. */
export interface Page {
  readonly items: readonly string[];
  readonly next: Cursor | null;
}

/** What part of a list is wanted. */
export interface PageRequest {
  readonly limit: number;
  readonly after: Cursor | null;
}

/** A row of a list: its place in it, and its JSON. */
export interface PageRow extends Cursor {
  readonly json: string;
}

/** A row of a list that walks over what does not match, too. */
export interface WalkedRow extends Cursor {
  /** Null: it does not match. */
  readonly json: string | null;
  /** The walk ended here, before the end of the list. */
  readonly is_cut: boolean;
}

/** The page of `limit` rows out of up to `limit + 1`, in the list's order: one more was asked for, to know whether there are more. */
export function pageOf(rows: readonly PageRow[], limit: number): Page {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? { at: last.at, id: last.id } : null;
  return { items: shown.map(({ json }) => json), next };
}

/** As `pageOf`, out of a walk that may have been cut: then the list goes on where it ended, however few rows there are. */
export function pageOfWalk(rows: readonly WalkedRow[], limit: number): Page {
  const page = pageOf(rows.filter(matches), limit);
  const last = rows.at(-1);
  return page.next === null && last?.is_cut ? { ...page, next: { at: last.at, id: last.id } } : page;
}

function matches(row: WalkedRow): row is WalkedRow & PageRow {
  return row.json !== null;
}
