import { HooklineError } from '../../errors.js';
import type { Database, Queryable } from '../database.js';
import { LOCK_WITHIN, patiently } from '../patiently.js';
import { loadSql } from '../sql-file.js';

const LOOK = loadSql(import.meta.url, './look.sql');
const BOUND = loadSql(import.meta.url, './bound.sql');
const SWAP = loadSql(import.meta.url, './swap.sql');
const KEY = 'webhook_deliveries_id_created_at';
const DROP_BOUND = 'ALTER TABLE public.webhook_deliveries DROP CONSTRAINT IF EXISTS before_partitions';

/** How far the table is on its way. */
interface DeliveriesTable {
  readonly isPartitioned: boolean;
  readonly isOwned: boolean;
  /** As the planner takes them to be. */
  readonly rows: number;
  readonly bytes: number;
  readonly keyIsValid: boolean | null;
  readonly boundIsFar: boolean | null;
  readonly inTheWay: readonly string[];
}

export type Step = 'key' | 'bound' | 'check' | 'swap' | 'partitions';

/** Reads only. Throws what the database throws. */
export async function lookAtDeliveries(db: Queryable): Promise<DeliveriesTable> {
  const { rows } = await db.query<DeliveriesTable>(LOOK, []);
  const [table] = rows;
  if (table === undefined) throw new HooklineError('internal_error');
  return table;
}

/**
 * Makes public.webhook_deliveries a partitioned table, beside whoever works with it: the rows that are there become its first partition, where they are. False when it
 * is one already. May be killed in any step, and begun again. `db` is the owner's, with one connection. Throws `cannot_partition`, and what the database throws.
 */
export async function partitionDeliveries(db: Database, onStep: (step: Step) => void = () => {}): Promise<boolean> {
  const table = await lookAtDeliveries(db);
  if (table.isPartitioned) {
    await makePartitions(db);
    return false;
  }
  refuse(table);
  onStep('key');
  await makeKey(db, table);
  try {
    onStep('bound');
    if (table.boundIsFar !== true) await locked(db, BOUND);
    onStep('check');
    await db.query('ALTER TABLE public.webhook_deliveries VALIDATE CONSTRAINT before_partitions');
    onStep('swap');
    await locked(db, SWAP);
  } catch (error) {
    // Deliveries made after the bound would be refused.
    await locked(db, DROP_BOUND).catch(() => undefined);
    throw error;
  }
  onStep('partitions');
  await makePartitions(db);
  await db.query('ANALYZE public.webhook_deliveries');
  return true;
}

function refuse({ isOwned, inTheWay }: DeliveriesTable): void {
  if (!isOwned) {
    throw new HooklineError('cannot_partition', 'This login does not own webhook_deliveries.', {
      hint: "Give the owner's login in HOOKLINE_MIGRATE_DATABASE_URL.",
    });
  }
  if (inTheWay.length > 0) {
    throw new HooklineError(
      'cannot_partition',
      `These stand on webhook_deliveries and would not follow: ${inTheWay.join(', ')}.`,
      {
        hint: 'Drop them, run this again, and make them anew on the partitioned table.',
      },
    );
  }
}

/** The key of a partitioned table holds the time. Beside whoever writes; on PGlite there is nobody else. */
async function makeKey(db: Database, { keyIsValid }: DeliveriesTable): Promise<void> {
  if (keyIsValid === true) return;
  // What a killed one left is no use.
  await locked(db, `DROP INDEX IF EXISTS public.${KEY}`);
  const beside = db.kind === 'postgres' ? 'CONCURRENTLY' : '';
  await db.query(`CREATE UNIQUE INDEX ${beside} ${KEY} ON public.webhook_deliveries (id, created_at)`);
}

async function makePartitions(db: Database): Promise<void> {
  for (let made: string | null = ''; made !== null; ) {
    const { rows } = await patiently(() =>
      db.query<{ made: string | null }>('SELECT hookline.make_partition() AS made', []),
    );
    made = rows[0]?.made ?? null;
  }
}

function locked(db: Database, script: string): Promise<unknown> {
  return patiently(() => db.transaction((tx) => tx.query(`${LOCK_WITHIN};\n${script}`)));
}
