import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';

const WORKERS = loadSql(import.meta.url, './workers.sql');
/** One that dies is forgotten within seconds of another's heartbeat, so that there are no more than live, and the last ones that died. */
const MOST_WORKERS = 1_000;

/** An array of the workers and what they hold, as JSON, the latest first; for the service alone. */
export async function listWorkers(tx: Queryable): Promise<string> {
  const { rows } = await tx.query<{ json: string }>(WORKERS, [MOST_WORKERS]);
  return rows[0]?.json ?? '[]';
}
