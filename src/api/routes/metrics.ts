import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../observe/metrics/metrics.js';
import type { Auth } from '../auth/auth.js';
import { knowCallers } from '../auth/know-callers.js';

/** `GET /metrics` in Prometheus' text format, for the service alone: it tells how much all tenants send together. No part of the documented API. */
export function metricsRoutes(
  app: FastifyInstance,
  { metrics, auth }: { readonly metrics: Pick<Metrics, 'scrape'>; readonly auth: Auth },
): void {
  knowCallers(app, auth.serviceOf);
  app.get('/metrics', { exposeHeadRoute: false }, async (_request, reply) => {
    const { contentType, text } = await metrics.scrape();
    return reply.header('cache-control', 'no-store').type(contentType).send(text);
  });
}
