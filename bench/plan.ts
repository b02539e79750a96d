import type { Queryable } from '../src/db/database.js';

/** A node of EXPLAIN's JSON, as far as it is read here. */
interface PlanNode {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

interface Explained {
  readonly plan: readonly [{ readonly Plan: PlanNode }];
}

/**
 * The shared buffers that a statement touches, those of functions that it calls included; it runs, so the caller rolls back what it changes.
 * `text` holds no parameters.
 */
export async function buffersOf(db: Queryable, text: string): Promise<number> {
  const { rows } = await db.query<Record<'QUERY PLAN', Explained['plan'] | string>>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    [],
  );
  const given = rows[0]?.['QUERY PLAN'] ?? '[]';
  const plan: Explained['plan'] = typeof given === 'string' ? JSON.parse(given) : given;
  return plan[0].Plan['Shared Hit Blocks'] + plan[0].Plan['Shared Read Blocks'];
}
