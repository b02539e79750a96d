import type { VerifiedWebhook } from '../verify/webhook.js';
import { judge, type KeysFor, type RouteOptions } from './judge.js';

type Handler<Events extends object> = (
  webhook: VerifiedWebhook<Events>,
  request: Request,
) => Response | undefined | Promise<Response | undefined> | Promise<void>;

/**
 * A route of Next.js's App Router, and of all that serve by `Request → Response` (Workers, Deno, Bun): `export const
 * POST = webhookRoute(secret, handler)`. Without a response of the handler's it answers 204; what the handler throws
 * goes through, and the webhook is sent again.
 */
export function webhookRoute<Events extends object = Record<string, unknown>>(
  keys: KeysFor<Request>,
  handler: Handler<Events>,
  options: RouteOptions = {},
): (request: Request) => Promise<Response> {
  return async (request) => {
    const judged = await judge<Events, Request>(request, async () => request, keys, options);
    if ('webhook' in judged) return (await handler(judged.webhook, request)) ?? new Response(null, { status: 204 });
    const { status, type, body } = judged.answer;
    return new Response(body, { status, headers: { 'content-type': type } });
  };
}
