import { type Context, Hono } from 'hono';
import { webhookRoute } from '../src/adapters/hono.js';
import { describeAdapter, type Events, secretOf } from './adapter-scenario.js';
import { SECRET } from './signing.js';
import { listenWeb } from './web-server.js';

interface Env {
  Bindings: { WEBHOOK_SECRET: string };
}

describeAdapter({
  name: 'Hono',
  serve({ handle, options }) {
    const app = new Hono<Env>();
    const keys = (c: Context<Env>) => secretOf(c.req.header('x-webhook-id'), c.env.WEBHOOK_SECRET);
    app.use('/parsed', async (c, next) => {
      await c.req.json();
      await next();
    });
    for (const path of ['/hook', '/parsed'])
      app.post(
        path,
        webhookRoute<Events, Env>(keys, async (webhook) => handle(webhook), options),
      );
    app.post(
      '/answer',
      webhookRoute<Events, Env>(keys, ({ id }, c) => c.json({ queued: id }, 202), options),
    );
    app.onError((_error, c) => c.body(null, 500));
    return listenWeb((request) => app.fetch(request, { WEBHOOK_SECRET: SECRET }));
  },
});
