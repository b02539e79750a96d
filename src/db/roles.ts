import type { Database, Queryable, QueryResult, Statement } from './database.js';

/** The claims of a verified JWT, as PostgREST and `auth.uid()` know them. */
export interface Claims {
  readonly sub?: string;
  readonly role: 'anon' | 'authenticated';
  readonly [claim: string]: unknown;
}

/** What a transaction may do: `read` is READ ONLY, so that not even a function that writes gets anywhere. */
export type Access = 'read' | 'write';

/** From where a change comes, for the audit log. */
export interface ChangeOrigin {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent?: string | undefined;
}

// A process that is stopped, or cut off, in the middle of a transaction must not hold its locks for as long as it is away. And no statement here runs as long as the 300 ms
// that compiling one takes (jit), which the planner thinks worth it where it takes much for a table that has grown since it was analysed.
const ACT_AS = `SELECT set_config('role', $1, true), set_config('request.jwt.claims', $2, true), set_config('hookline.audit_origin', $3, true),
  set_config('idle_in_transaction_session_timeout', '5s', true), set_config('jit', 'off', true)`;
const ACT_AS_READER = `${ACT_AS}, set_config('transaction_read_only', 'on', true)`;

/** Runs `fn` in one transaction as the user of `claims`: Row Level Security decides what it sees. */
export function asUser<T>(
  db: Database,
  claims: Claims,
  fn: (tx: Queryable) => Promise<T>,
  access: Access = 'write',
  origin?: ChangeOrigin,
): Promise<T> {
  return actingAs(db, [claims.role, JSON.stringify(claims), originText(origin)], fn, access);
}

/** What is not asked for by a request, Hookline does by itself. */
const SYSTEM = '{"actor":"system"}';
const SERVICE = ['service_role', '{"role":"service_role"}'] as const;

/** Runs `fn` in one transaction as `service_role`. Only the worker and requests with the service key may. */
export function asService<T>(
  db: Database,
  fn: (tx: Queryable) => Promise<T>,
  access: Access = 'write',
  origin?: ChangeOrigin,
): Promise<T> {
  return actingAs(db, [...SERVICE, originText(origin)], fn, access);
}

function actingAs<T>(
  db: Database,
  settings: readonly string[],
  fn: (tx: Queryable) => Promise<T>,
  access: Access,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query(access === 'read' ? ACT_AS_READER : ACT_AS, settings);
    return fn(tx);
  });
}

function originText(origin: ChangeOrigin | undefined): string {
  if (origin === undefined) return SYSTEM;
  return JSON.stringify({ request_id: origin.requestId, ip: origin.ip, user_agent: origin.userAgent });
}

const ACT_AS_SERVICE: Statement = [ACT_AS, [...SERVICE, SYSTEM]];

/** `Database.atOnce` as `service_role`: the results of `statements` in order. */
export async function asServiceAtOnce<Row = Record<string, unknown>>(
  db: Database,
  ...statements: readonly Statement[]
): Promise<QueryResult<Row>[]> {
  const [, ...results] = await db.atOnce<Row>(ACT_AS_SERVICE, ...statements);
  return results;
}
