import type { Config } from '../config.js';
import type { Database, Param, Queryable } from '../db/database.js';
import type { Area, Finding } from './catalogue.js';

/** What checks have to look with. */
export interface Context {
  readonly config: Config;
  readonly db: Database;
  /** What the login may do and what is there, as far as it is known. */
  readonly access: Access;
  readonly limits: Limits;
}

/** From where on doctor speaks up about what grows slowly. */
export interface Limits {
  /** How long a transaction may be open. */
  readonly transactionS: number;
  /** Transactions since the last freeze. PostgreSQL takes no more writes at 2.1 billion, and warns forty million before. */
  readonly wraparoundAge: number;
  /** What a replication slot that nobody reads may hold: sixteen segments, more than a standby needs that restarts. */
  readonly slotBytes: number;
  /** Room on the embedded database's disk. A segment of its log takes 16 MiB, and a checkpoint needs more than one. */
  readonly fullMib: number;
  readonly lowMib: number;
}

export const LIMITS: Limits = {
  transactionS: 3_600,
  wraparoundAge: 1_500_000_000,
  slotBytes: 268_435_456,
  fullMib: 64,
  lowMib: 1_024,
};

export interface Access {
  readonly login: string;
  readonly bypassesPolicies: boolean;
  readonly ownsSchema: boolean;
  readonly inherits: boolean;
  readonly schemaExists: boolean;
  /** Of `anon`, `authenticated` and `service_role`, those that the login may not take, or that are not there. */
  readonly missingRoles: readonly string[];
}

/** Where a check makes sense: everywhere, on a server of PostgreSQL, where the schema is there, or where the login may look into it. */
export type Needs = 'nothing' | 'database' | 'server' | 'schema' | 'service';

export interface Check {
  readonly area: Area;
  readonly needs: Needs;
  /** Gives at least one finding. What it throws is told as a finding, too. */
  run(context: Context): Promise<readonly Finding[]>;
}

/** Below the time that a check has, so that nothing of it is left running in the database. */
const STATEMENT_WITHIN = '8s';
const READ_ONLY = `SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', '${STATEMENT_WITHIN}', true)`;
const AS_SERVICE = `${READ_ONLY}, set_config('role', 'service_role', true), set_config('request.jwt.claims', '{"role":"service_role"}', true)`;

/** Runs `fn` in a transaction that cannot write, as the login itself. */
export function reading<T>(db: Database, fn: (tx: Queryable) => Promise<T>): Promise<T> {
  return limited(db, READ_ONLY, fn);
}

/** The rows of one statement, as `service_role`, in a transaction that cannot write. */
function askAsService<Row>(db: Database, text: string, params: readonly Param[] = []): Promise<Row[]> {
  return limited(db, AS_SERVICE, async (tx) => (await tx.query<Row>(text, params)).rows);
}

/** The one row of a statement that always gives one. */
export async function askOne<Row>(db: Database, text: string, params: readonly Param[] = []): Promise<Row> {
  return only(await reading(db, async (tx) => (await tx.query<Row>(text, params)).rows));
}

/** As `askOne`, as `service_role`. */
export async function askOneAsService<Row>(db: Database, text: string, params: readonly Param[] = []): Promise<Row> {
  return only(await askAsService<Row>(db, text, params));
}

/** `fn` as `service_role`, in a transaction that cannot write. */
export function readingAsService<T>(db: Database, fn: (tx: Queryable) => Promise<T>): Promise<T> {
  return limited(db, AS_SERVICE, fn);
}

function limited<T>(db: Database, limits: string, fn: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query(limits, []);
    return fn(tx);
  });
}

function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('the statement gave no row');
  return row;
}
