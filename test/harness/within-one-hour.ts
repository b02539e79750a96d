import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable } from '../../src/db/database.js';

/** As long as a test may take. */
const LONGEST_TEST_S = 30;

/**
 * Has what follows lie within one hour of UTC, and so within one day, by the database's clock: where one is about to end, waits for the next. For `beforeEach`: it may take
 * half a minute.
 */
export async function withinOneHour(db: Queryable): Promise<void> {
  const { rows } = await db.query<{ left: number }>(
    "SELECT extract(epoch FROM date_trunc('hour', now(), 'UTC') + interval '1 hour' - now())::float8 AS left",
    [],
  );
  const leftS = rows[0]?.left ?? 0;
  if (leftS < LONGEST_TEST_S) await sleep(1_000 * leftS + 100);
}
