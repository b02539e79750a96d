import type { FastifyInstance } from 'fastify';
import type { Auth } from './auth.js';
import type { Caller } from './caller.js';

const NOBODY: Caller = { kind: 'anon' };

/**
 * Puts `request.caller` on every request of a scope, and counts the request against the caller's rate limit, before the body is read. A request that
 * `callerOf` refuses counts for the address that it comes from, and then gets the refusal. An address that has spent its limit so is refused
 * before the database is asked about a token that may be a guess.
 */
export function knowCallers(app: FastifyInstance, callerOf: Auth['callerOf']): void {
  const count = app.rateLimit();
  const readCount = app.createRateLimit();
  app.decorateRequest('caller');
  app.addHook('onRequest', async (request, reply) => {
    const refuseSpent = async () => {
      request.caller = NOBODY;
      const counted = await readCount(request, { increment: false });
      if (!counted.isAllowed && counted.remaining === 0) await count.call(app, request, reply);
    };
    const [known] = await Promise.allSettled([callerOf(request, refuseSpent)]);
    request.caller = known.status === 'fulfilled' ? known.value : NOBODY;
    // Counts a request once, however often it is called.
    await count.call(app, request, reply);
    if (known.status === 'rejected') throw known.reason;
  });
}
