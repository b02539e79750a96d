import type { Request, RequestHandler, Response } from 'express';
import { WebhookVerificationError } from '../verify/error.js';
import { collect, type ReadRequest } from '../verify/request.js';
import type { VerifiedWebhook } from '../verify/webhook.js';
import { judge, type KeysFor, type RouteOptions } from './judge.js';

type Handler<Events extends object> = (
  webhook: VerifiedWebhook<Events>,
  request: Request,
  response: Response,
) => unknown;

/**
 * A handler of Express's (4 and 5): `app.post('/webhooks', webhookRoute(secret, handler))`. It reads the raw body
 * itself, or takes that of `express.raw()` and `express.text()`. After `express.json()` it verifies over
 * `JSON.stringify(request.body)`, which is the body that Hookline sent unless a number in it has more digits than a
 * JavaScript number. Without an answer of the handler's it answers 204; what the handler throws goes to `next`.
 */
export function webhookRoute<Events extends object = Record<string, unknown>>(
  keys: KeysFor<Request>,
  handler: Handler<Events>,
  options: RouteOptions = {},
): RequestHandler {
  const { maxBodyBytes = 1_048_576 } = options;
  return async (request, response, next) => {
    try {
      const read = async () => ({ headers: request.headers, body: await bodyOf(request, maxBodyBytes) });
      const judged = await judge<Events, Request>(request, read, keys, options);
      if ('answer' in judged) {
        response.status(judged.answer.status).type(judged.answer.type).send(judged.answer.body);
        return;
      }
      await handler(judged.webhook, request, response);
      if (!response.headersSent) response.status(204).end();
    } catch (error) {
      next(error);
    }
  };
}

/** Functions frameworks keep the bytes in `rawBody` beside what they parsed. */
async function bodyOf(request: Request & { rawBody?: unknown }, limit: number): Promise<ReadRequest['body']> {
  const { rawBody, body } = request as { rawBody?: unknown; body?: unknown };
  for (const raw of [rawBody, body]) if (raw instanceof Uint8Array || typeof raw === 'string') return raw;
  if (!request.readableDidRead) {
    return collect(request[Symbol.asyncIterator](), request.headers['content-length'] ?? null, limit);
  }
  if (body !== undefined) return JSON.stringify(body);
  throw new WebhookVerificationError(
    'body_already_read',
    'The body was read before and is not on the request. Put this route before what reads it.',
  );
}
