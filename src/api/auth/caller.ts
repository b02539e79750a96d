import type { Database, Queryable } from '../../db/database.js';
import { type Access, asService, asUser, type ChangeOrigin, type Claims } from '../../db/roles.js';
import { toHooklineError } from '../../db/sql-errors.js';
import { HooklineError } from '../../errors.js';
import type { Session } from '../session/sealing.js';
import { userIds } from './user-ids.js';

/** Who a request is from, and, once that is known, from where. A user's `sub` is as the token has it; `ActAs` puts the UUID there. */
export type Caller = KnownCaller & { readonly origin?: ChangeOrigin | undefined };

type KnownCaller =
  | { readonly kind: 'service'; readonly endsAt?: number | undefined }
  | {
      readonly kind: 'user';
      readonly claims: Claims & { readonly sub: string };
      /** `read`: whatever is called, nothing is changed. */
      readonly access: Access;
      /** The API key or portal token that the user is known by; absent: a JWT. */
      readonly credential?: { readonly kind: 'api_key' | 'portal_token'; readonly id: string };
      /** When what they are known by ends by itself, in seconds since 1970; absent: never. */
      readonly endsAt?: number | undefined;
    }
  | { readonly kind: 'anon' };

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by a hook of the scopes that know callers. */
    caller: Caller;
    /** The session that the caller is known by; undefined: `Authorization`, or nothing. */
    session: Session | undefined;
  }
}

/** Runs `fn` in one transaction with the caller's rights; READ ONLY for `read`, and always for callers that may only read. */
export type ActAs = <T>(caller: Caller, access: Access, fn: (tx: Queryable) => Promise<T>) => Promise<T>;

/** Makes the one way from a caller to the database, of which a server has one: it remembers users. A user's first call adds their row where `auth.users` is ours; elsewhere that throws `token_user_unknown`. */
export function actOn(db: Database): ActAs {
  const idOf = userIds(db);
  return async (caller, access, fn) => {
    const { origin } = caller;
    if (caller.kind === 'service') return asService(db, fn, access, origin);
    if (caller.kind === 'anon') return asUser(db, { role: 'anon' }, fn, access, origin);
    try {
      // A key's user has a row, and that of one who was erased must not come back.
      const sub = caller.credential === undefined ? await idOf(caller.claims.sub) : caller.claims.sub;
      return await asUser(db, { ...caller.claims, sub }, fn, caller.access === 'read' ? 'read' : access, origin);
    } catch (error) {
      throw asTokenError(caller, error);
    }
  };
}

/** What a caller is told of an error. A user can name nobody but themselves: one who is unknown is the token's own. */
export function asTokenError(caller: Caller, error: unknown): unknown {
  if (caller.kind !== 'user' || toHooklineError(error).code !== 'unknown_user') return error;
  return new HooklineError('token_user_unknown', undefined, {
    hint: 'They have no row in auth.users: they were removed, or have not signed up with whoever owns it. Another id of theirs has to stand in hookline.users.',
    cause: error,
  });
}
