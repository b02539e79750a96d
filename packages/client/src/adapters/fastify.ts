import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { VerifiedWebhook } from '../verify/webhook.js';
import { judge, type KeysFor, type RouteOptions } from './judge.js';

type Handler<Events extends object> = (
  webhook: VerifiedWebhook<Events>,
  request: FastifyRequest,
  reply: FastifyReply,
) => unknown;

/**
 * A plugin of Fastify's with one route: `app.register(webhookRoute('/webhooks', secret, handler))`. The body stays raw
 * in it alone, whatever parsers the application has. What the handler gives is sent, nothing as 204; what it throws
 * goes to the error handler.
 */
export function webhookRoute<Events extends object = Record<string, unknown>>(
  url: string,
  keys: KeysFor<FastifyRequest>,
  handler: Handler<Events>,
  options: RouteOptions = {},
): FastifyPluginAsync {
  const { maxBodyBytes: bodyLimit = 1_048_576 } = options;
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser<Buffer>('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
    scope.post(url, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : '';
      const read = async () => ({ headers: request.headers, body });
      const judged = await judge<Events, FastifyRequest>(request, read, keys, options);
      if ('answer' in judged) return reply.code(judged.answer.status).type(judged.answer.type).send(judged.answer.body);
      const result = await handler(judged.webhook, request, reply);
      if (reply.sent) return reply;
      return result === undefined ? reply.code(204).send() : result;
    });
  };
}
