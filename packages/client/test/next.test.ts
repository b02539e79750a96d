import { NextRequest, NextResponse } from 'next/server.js';
import { webhookRoute } from '../src/adapters/next.js';
import { describeAdapter, type Events, secretOf } from './adapter-scenario.js';
import { SECRET } from './signing.js';
import { listenWeb } from './web-server.js';

/** A route of the App Router as its file would export it. */
type Route = (request: NextRequest) => Promise<Response>;

describeAdapter({
  name: "Next.js's App Router",
  serve({ handle, options }) {
    const keys = (request: Request) => secretOf(request.headers.get('x-webhook-id'), SECRET);
    const hook = webhookRoute<Events>(keys, async (webhook) => handle(webhook), options);
    const routes: Record<string, Route> = {
      '/hook': hook,
      '/parsed': async (request) => {
        // A route handler that reads the body itself hands on a clone.
        const clone = request.clone();
        await request.json();
        return hook(clone);
      },
      '/answer': webhookRoute<Events>(keys, ({ id }) => NextResponse.json({ queued: id }, { status: 202 }), options),
    };
    return listenWeb(async (request) => {
      const { pathname } = new URL(request.url);
      // Next.js gives its routes a request of its own class.
      return routes[pathname]?.(new NextRequest(request)) ?? new Response(null, { status: 404 });
    });
  },
});
