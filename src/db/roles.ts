import type { Database, Queryable } from './database.js';

/** The claims of a verified JWT, as PostgREST and `auth.uid()` know them. */
export interface Claims {
  readonly sub?: string;
  readonly role: 'anon' | 'authenticated';
  readonly [claim: string]: unknown;
}

const ACT_AS = "SELECT set_config('role', $1, true), set_config('request.jwt.claims', $2, true)";

/** Runs `fn` in one transaction as the user of `claims`: Row Level Security decides what it sees. */
export function asUser<T>(db: Database, claims: Claims, fn: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query(ACT_AS, [claims.role, JSON.stringify(claims)]);
    return fn(tx);
  });
}

/** Runs `fn` in one transaction as `service_role`. Only the worker and requests with the service key may. */
export function asService<T>(db: Database, fn: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query(ACT_AS, ['service_role', '{"role":"service_role"}']);
    return fn(tx);
  });
}
