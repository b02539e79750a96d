import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpMetrics } from '../observe/metrics/http-metrics.js';

/** Counts each request, by the pattern of its route, when its answer has gone out. */
export function countResponses(app: FastifyInstance, metrics: HttpMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const { url } = request.routeOptions;
    if (request.is404 || url === undefined) return countUnmatched(metrics, reply);
    const isStream = String(reply.getHeader('content-type') ?? '').startsWith('text/event-stream');
    metrics.answered(request.method, url, reply.statusCode, isStream ? undefined : reply.elapsedTime);
  });
}

/** Counts a request that meets no route. Its caller chose the method, too, which is not told: there are as many as callers like. */
export function countUnmatched(metrics: HttpMetrics, reply: FastifyReply): void {
  metrics.answered('other', 'unmatched', reply.statusCode, reply.elapsedTime);
}
