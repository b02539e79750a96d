import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';

const QUEUE = loadSql(import.meta.url, './queue.sql');

/** How many deliveries of the caller wait, are retried and are in flight, as JSON; for the service those of a user, or (null) of everybody. */
export async function readQueue(tx: Queryable, userId: string | null): Promise<string> {
  const { rows } = await tx.query<{ json: string }>(QUEUE, [userId]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('internal_error');
  return row.json;
}
