import type { Database, Param, Queryable } from '../../src/db/database.js';
import { asService, asUser } from '../../src/db/roles.js';

interface Explained {
  readonly 'QUERY PLAN': readonly [
    { readonly Plan: { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number } },
  ];
}

/** A `Queryable` that carries every statement out twice, and adds up the shared buffers of the first time: what a function over it reads. For PostgreSQL, and reads alone. */
export function countingBuffers(tx: Queryable): Queryable & { readonly buffers: () => number } {
  let buffers = 0;
  return {
    buffers: () => buffers,
    async query<Row>(text: string, params: readonly Param[] = []) {
      const { rows } = await tx.query<Explained>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, params);
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      buffers += (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0);
      return tx.query<Row>(text, params);
    },
  };
}

/**
 * The shared buffers that `run` reads as a user, or as the service (null), at its second time: the first one marks entries of rows that are gone. As `countingBuffers`.
 */
export function buffersOf(
  db: Database,
  userId: string | null,
  run: (tx: Queryable) => Promise<unknown>,
): Promise<number> {
  const twice = async (tx: Queryable): Promise<number> => {
    await run(tx);
    const counting = countingBuffers(tx);
    await run(counting);
    return counting.buffers();
  };
  if (userId === null) return asService(db, twice, 'read');
  return asUser(db, { sub: userId, role: 'authenticated' }, twice, 'read');
}
