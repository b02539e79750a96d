import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ChangeOrigin } from '../../db/roles.js';
import type { Auth } from './auth.js';
import type { Caller } from './caller.js';

const NOBODY: Caller = { kind: 'anon' };

/** Finds the caller of a request; the hook that it takes is `beforeLookUp` of `Auth`. */
type FindCaller = (refuseSpent: () => Promise<void>) => Promise<Caller>;

/**
 * Makes what puts `request.caller` on a request of a scope and counts the request against the caller's rate limit. A request that `find` refuses counts for the address
 * that it comes from, and then gets the refusal. An address that has spent its limit so is refused before the database is asked about a token that may be a guess.
 */
export function callerCounting(
  app: FastifyInstance,
): (request: FastifyRequest, reply: FastifyReply, find: FindCaller) => Promise<void> {
  const count = app.rateLimit();
  const readCount = app.createRateLimit();
  app.decorateRequest('caller');
  return async (request, reply, find) => {
    const refuseSpent = async () => {
      request.caller = NOBODY;
      const counted = await readCount(request, { increment: false });
      if (!counted.isAllowed && counted.remaining === 0) await count.call(app, request, reply);
    };
    const [known] = await Promise.allSettled([find(refuseSpent)]);
    request.caller = { ...(known.status === 'fulfilled' ? known.value : NOBODY), origin: originOf(request) };
    // Caches between keep to themselves what Authorization opened; what a cookie opened they may store.
    if (request.session !== undefined) reply.header('cache-control', 'private, no-store');
    // Counts a request once, however often it is called.
    await count.call(app, request, reply);
    if (known.status === 'rejected') throw known.reason;
  };
}

function originOf({ id, ip, headers }: FastifyRequest): ChangeOrigin {
  return { requestId: id, ip, userAgent: headers['user-agent'] };
}

/** Knows the caller of every request of a scope before its body is read; see `callerCounting`. */
export function knowCallers(app: FastifyInstance, callerOf: Auth['callerOf']): void {
  const know = callerCounting(app);
  app.addHook('onRequest', (request, reply) => know(request, reply, (refuseSpent) => callerOf(request, refuseSpent)));
}
