import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { tooLarge } from '../verify/request.js';
import type { VerifiedWebhook } from '../verify/webhook.js';
import { type Answer, judge, type KeysFor, type RouteOptions, refused } from './judge.js';

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
    // The limit is Fastify's to keep, before there is a body to judge.
    scope.setErrorHandler<FastifyError>(async (error, _request, reply) => {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
      return sent(reply, refused(tooLarge(bodyLimit), options));
    });
    scope.post(url, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : '';
      const read = async () => ({ headers: request.headers, body });
      const judged = await judge<Events, FastifyRequest>(request, read, keys, options);
      if ('answer' in judged) return sent(reply, judged.answer);
      const result = await handler(judged.webhook, request, reply);
      if (reply.sent) return reply;
      return result === undefined ? reply.code(204).send() : result;
    });
  };
}

function sent(reply: FastifyReply, { status, type, body }: Answer): FastifyReply {
  return reply.code(status).type(type).send(body);
}
