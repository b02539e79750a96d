import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';

const OVERALL = loadSql(import.meta.url, './overall.sql');

/**
 * What ended in the last `hours` hours, 1 to 840, this one included, of all webhooks of the caller; for the service of a user's, or (null) of everybody's. Gives the
 * JSON object of `get_overall_statistics`.
 */
export async function overallStatistics(tx: Queryable, hours: number, userId: string | null): Promise<string> {
  const { rows } = await tx.query<{ json: string }>(OVERALL, [hours, userId]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('internal_error');
  return row.json;
}
