import type { Database, Queryable, QueryResult, Statement } from './database.js';

/** The claims of a verified JWT, as PostgREST and `auth.uid()` know them. */
export interface Claims {
  readonly sub?: string;
  readonly role: 'anon' | 'authenticated';
  readonly [claim: string]: unknown;
}

/** What a transaction may do: `read` is READ ONLY, so that not even a function that writes gets anywhere. */
export type Access = 'read' | 'write';

// A process that is stopped, or cut off, in the middle of a transaction must not hold its locks for as long as it is away.
const ACT_AS =
  "SELECT set_config('role', $1, true), set_config('request.jwt.claims', $2, true), set_config('idle_in_transaction_session_timeout', '5s', true)";
const ACT_AS_READER = `${ACT_AS}, set_config('transaction_read_only', 'on', true)`;

/** Runs `fn` in one transaction as the user of `claims`: Row Level Security decides what it sees. */
export function asUser<T>(
  db: Database,
  claims: Claims,
  fn: (tx: Queryable) => Promise<T>,
  access: Access = 'write',
): Promise<T> {
  return actingAs(db, claims.role, JSON.stringify(claims), fn, access);
}

const SERVICE = ['service_role', '{"role":"service_role"}'] as const;

/** Runs `fn` in one transaction as `service_role`. Only the worker and requests with the service key may. */
export function asService<T>(db: Database, fn: (tx: Queryable) => Promise<T>, access: Access = 'write'): Promise<T> {
  return actingAs(db, ...SERVICE, fn, access);
}

function actingAs<T>(
  db: Database,
  role: string,
  claims: string,
  fn: (tx: Queryable) => Promise<T>,
  access: Access,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query(access === 'read' ? ACT_AS_READER : ACT_AS, [role, claims]);
    return fn(tx);
  });
}

const ACT_AS_SERVICE: Statement = [ACT_AS, SERVICE];

/** `Database.atOnce` as `service_role`: the results of `statements` in order. */
export async function asServiceAtOnce<Row = Record<string, unknown>>(
  db: Database,
  ...statements: readonly Statement[]
): Promise<QueryResult<Row>[]> {
  const [, ...results] = await db.atOnce<Row>(ACT_AS_SERVICE, ...statements);
  return results;
}
