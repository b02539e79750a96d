import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Auth } from './auth.js';
import type { Caller } from './caller.js';

/**
 * Puts `request.caller` on every request of a scope, and counts the request against the caller's rate limit, before the body is read. A request that
 * `callerOf` refuses counts for the address that it comes from, and then gets the refusal.
 */
export function knowCallers(app: FastifyInstance, callerOf: (request: FastifyRequest) => Promise<Caller>): void {
  const count = app.rateLimit();
  app.decorateRequest('caller');
  app.addHook('onRequest', async (request, reply) => {
    const [known] = await Promise.allSettled([callerOf(request)]);
    request.caller = known.status === 'fulfilled' ? known.value : { kind: 'anon' };
    await count.call(app, request, reply);
    if (known.status === 'rejected') throw known.reason;
  });
}

/** For a scope of the service alone: refuses everybody else, as `Auth.requireService` does. */
export function serviceAlone({ requireService }: Auth): (request: FastifyRequest) => Promise<Caller> {
  return async (request) => {
    await requireService(request);
    return { kind: 'service' };
  };
}
