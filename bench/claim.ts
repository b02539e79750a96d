import type { Database, Queryable } from '../src/db/database.js';
import { asService } from '../src/db/roles.js';
import { median, rounded } from './numbers.js';
import { buffersOf } from './plan.js';

const RUNS = 9;

/** The claim of `limit` deliveries as a worker makes it (src/deliver/claim/lease.sql), with further arguments as SQL. */
export function claimOf(limit: number, further: readonly string[] = []): string {
  const bounds = [
    `p_limit => ${limit}`,
    `p_per_webhook => ${limit}`,
    'p_bytes => 1000000000',
    'p_retries_only => false',
  ];
  const all = ['p_worker => gen_random_uuid()', "p_margin => interval '30 seconds'", ...bounds, ...further];
  return `SELECT * FROM hookline.lease_due(${all.join(', ')})`;
}

export interface ClaimCost {
  readonly claimed: number;
  readonly ms: number;
  readonly buffers: number;
}

/**
 * What a claim of `limit` costs, rolled back each time: the shared buffers of the first one that meets these rows in a session that knows the
 * catalogue, and the median time of some more. `db` has one connection.
 */
export async function claimCost(db: Database, limit: number, further: readonly string[] = []): Promise<ClaimCost> {
  await rolledBack(db, (tx) => tx.query(claimOf(1, further), []));
  const buffers = await rolledBack(db, (tx) => buffersOf(tx, claimOf(limit, further)));
  const times: number[] = [];
  let claimed = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now();
    claimed = await rolledBack(db, async (tx) => (await tx.query(claimOf(limit, further), [])).rows.length);
    times.push(performance.now() - began);
  }
  return { claimed, ms: rounded(median(times)), buffers };
}

/** Runs `fn` as the worker does, and takes back what it changed. */
async function rolledBack<T>(db: Database, fn: (tx: Queryable) => Promise<T>): Promise<T> {
  let given: { value: T } | undefined;
  const undo = new Error('rolled back on purpose');
  await asService(db, async (tx) => {
    given = { value: await fn(tx) };
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  if (given === undefined) throw undo;
  return given.value;
}
