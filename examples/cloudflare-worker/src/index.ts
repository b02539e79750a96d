import { drainWebhooks, handleWebhook } from '@hookline/receiver';

/** The variables and secrets of wrangler.jsonc and .dev.vars.example, which the receiver reads. */
interface Env {
  readonly MODELRIVER_WEBHOOK_SECRET: string;
  readonly MODELRIVER_WEBHOOK_SECRET_PREVIOUS?: string;
  readonly MODELRIVER_API_KEY: string;
  readonly DATABASE_URL?: string;
  readonly PLANETSCALE_HOST?: string;
  readonly PLANETSCALE_USERNAME?: string;
  readonly PLANETSCALE_PASSWORD?: string;
  readonly HOOKLINE_CALLBACK_ORIGINS?: string;
  readonly HOOKLINE_URL?: string;
  readonly HOOKLINE_SERVICE_KEY?: string;
}

/** The part of Cloudflare's ExecutionContext that is used here; `wrangler types` writes out all of it. */
interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

const PATH = '/webhooks/modelriver';

export default {
  /** The AI gateway calls this: verified, stored once, answered; the callback follows after the answer. */
  fetch(request: Request, env: Env, context: Context): Response | Promise<Response> {
    if (new URL(request.url).pathname !== PATH) return new Response('Not found', { status: 404 });
    if (request.method !== 'POST') return new Response('Use POST', { status: 405, headers: { Allow: 'POST' } });
    return handleWebhook(request, { env, waitUntil: (work) => context.waitUntil(work) });
  },

  /** The cron trigger calls this every minute: it does the callbacks that could not be made at once. */
  async scheduled(_controller: unknown, env: Env): Promise<void> {
    console.log(JSON.stringify({ event: 'drained', ...(await drainWebhooks({ env })) }));
  },
};
