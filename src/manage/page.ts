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

/** The page of `limit` rows out of up to `limit + 1`, in the list's order: one more was asked for, to know whether there are more. */
export function pageOf(rows: readonly PageRow[], limit: number): Page {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? { at: last.at, id: last.id } : null;
  return { items: shown.map(({ json }) => json), next };
}
