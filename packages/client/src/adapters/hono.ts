import type { Context, Env } from 'hono';
import type { VerifiedWebhook } from '../verify/webhook.js';
import { judge, type KeysFor, type RouteOptions } from './judge.js';

type Handler<Events extends object, E extends Env> = (
  webhook: VerifiedWebhook<Events>,
  context: Context<E>,
) => Response | undefined | Promise<Response | undefined> | Promise<void>;

/**
 * A handler of Hono's: `app.post('/webhooks', webhookRoute((c) => c.env.WEBHOOK_SECRET, handler))`. Also takes a body
 * that was read through `c.req` before. Without a response of the handler's it answers 204; what the handler throws
 * goes to `app.onError`.
 */
export function webhookRoute<Events extends object = Record<string, unknown>, E extends Env = Env>(
  keys: KeysFor<Context<E>>,
  handler: Handler<Events, E>,
  options: RouteOptions = {},
): (context: Context<E>) => Promise<Response> {
  return async (context) => {
    const { req } = context;
    const read = async () => (req.raw.bodyUsed ? { headers: req.raw.headers, body: await req.arrayBuffer() } : req.raw);
    const judged = await judge<Events, Context<E>>(context, read, keys, options);
    if ('webhook' in judged) return (await handler(judged.webhook, context)) ?? context.body(null, 204);
    const { status, type, body } = judged.answer;
    return new Response(body, { status, headers: { 'content-type': type } });
  };
}
