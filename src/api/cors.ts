import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

const EXPOSED = [
  'ETag',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'X-Request-Id',
];
/** Chromium keeps an answer no longer than two hours. */
const PREFLIGHT_KEPT_SECONDS = 7_200;

/**
 * Lets pages of these origins (`*`: of any) read answers. Preflights need no credentials, and cookies are never taken: a page sends its token by itself.
 * Without origins nothing is said, and browsers keep to their own origin.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_KEPT_SECONDS,
    credentials: false,
    // An OPTIONS that is no preflight would get an answer of another form than our problems.
    strictPreflight: false,
  });
}
