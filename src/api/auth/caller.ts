import type { Database, Queryable } from '../../db/database.js';
import { asService, asUser, type Claims } from '../../db/roles.js';
import { type UserIds, userIds } from './user-ids.js';

/** Who a request is from. A user's `sub` is as the token has it; `ActAs` puts the UUID there. */
export type Caller =
  | { readonly kind: 'service' }
  | { readonly kind: 'user'; readonly claims: Claims & { readonly sub: string } }
  | { readonly kind: 'anon' };

/** Runs `fn` in one transaction with the caller's rights. */
export type ActAs = <T>(caller: Caller, fn: (tx: Queryable) => Promise<T>) => Promise<T>;

/** Makes the one way from a caller to the database. A user's first call adds their row where `auth.users` is ours; elsewhere HK010. */
export function actOn(db: Database, idOf: UserIds = userIds(db)): ActAs {
  return async (caller, fn) => {
    if (caller.kind === 'service') return asService(db, fn);
    if (caller.kind === 'anon') return asUser(db, { role: 'anon' }, fn);
    const sub = await idOf(caller.claims.sub);
    return asUser(db, { ...caller.claims, sub }, fn);
  };
}
