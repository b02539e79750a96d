import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import type { Auth } from '../auth/auth.js';
import type { ActAs } from '../auth/caller.js';
import { knowCallers } from '../auth/know-callers.js';
import { acceptJson } from '../json-body.js';

/** What the routes under /v1 do their work with. */
export interface V1 {
  readonly auth: Auth;
  /** Runs `fn` with the caller's rights in one READ ONLY transaction. */
  read<T>(request: FastifyRequest, fn: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Runs `fn` with the caller's rights in one transaction. Throws `read_only_credential` (403) for callers that may only read. */
  write<T>(request: FastifyRequest, fn: (tx: Queryable) => Promise<T>): Promise<T>;
}

/**
 * Makes a scope one of /v1: JSON bodies, and `request.caller`, who is the service or a user. Nobody else gets in: `unauthorized` (401) or what is
 * wrong with the token.
 */
export function v1Scope(app: FastifyInstance, { auth, actAs }: { readonly auth: Auth; readonly actAs: ActAs }): V1 {
  acceptJson(app);
  knowCallers(app, auth.callerOf);
  app.addHook('onRequest', async (request) => {
    if (request.caller.kind === 'anon') throw new HooklineError('unauthorized', undefined, { hint: CREDENTIALS_HINT });
  });
  return {
    auth,
    read: (request, fn) => actAs(request.caller, 'read', fn),
    async write(request, fn) {
      const { caller } = request;
      if (caller.kind === 'user' && caller.access === 'read') throw new HooklineError('read_only_credential');
      return actAs(caller, 'write', fn);
    },
  };
}

export const CREDENTIALS_HINT =
  'Send Authorization: Bearer and a token, an API key, a portal token or the service key.';
