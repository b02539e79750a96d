import { Client } from '@planetscale/database';

/** A row as the driver gives it: ids and times are strings. */
export interface ContentRow {
  readonly id: string;
  readonly title: string;
  readonly category: string | null;
  readonly event_name: string | null;
  readonly created_at: string;
  readonly callback_state: string | null;
}

const LAST = `SELECT id, title, category, event_name, created_at, callback_state
FROM ai_content ORDER BY id DESC LIMIT ?`;

/** The last `limit` rows, the newest first. Throws what the driver throws when the database is away. */
export async function lastContent(limit: number): Promise<ContentRow[]> {
  const { rows } = await new Client(database()).execute<ContentRow>(LAST, [limit]);
  return rows;
}

/** The same variables, in the same order, as the receiver reads. */
function database(): { url: string } | { host: string; username: string; password: string } {
  const { DATABASE_URL, PLANETSCALE_HOST, PLANETSCALE_USERNAME, PLANETSCALE_PASSWORD } = process.env;
  if (PLANETSCALE_HOST) {
    return { host: PLANETSCALE_HOST, username: PLANETSCALE_USERNAME ?? '', password: PLANETSCALE_PASSWORD ?? '' };
  }
  if (DATABASE_URL) return { url: DATABASE_URL };
  throw new Error('Set DATABASE_URL, or PLANETSCALE_HOST, PLANETSCALE_USERNAME and PLANETSCALE_PASSWORD.');
}
