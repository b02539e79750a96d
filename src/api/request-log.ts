import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const LONGEST_PATH = 200;
/** What machines ask for every few seconds: where they get what they ask for that is no news. */
const ASKED_OFTEN = /^\/(healthz|readyz|metrics)$/;

/** Logs each request when its answer has gone out. */
export function logResponses(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => logCompleted(request, reply));
}

/** The line of one request: status and time, and the problem's code where it was refused. */
export function logCompleted(request: FastifyRequest, reply: FastifyReply): void {
  request.log[isQuiet(request, reply) ? 'debug' : 'info'](
    {
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      ...(reply.problemCode !== undefined && { code: reply.problemCode }),
      ms: Math.round(reply.elapsedTime),
    },
    'request.completed',
  );
}

function isQuiet(request: FastifyRequest, reply: FastifyReply): boolean {
  return reply.statusCode < 400 && ASKED_OFTEN.test(pathOf(request));
}

/** The path as it may be shown: without the query, which may hold a token, and cut to 200 characters. */
export function pathOf(request: FastifyRequest): string {
  const path = request.url.split('?')[0] ?? request.url;
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH - 1)}…` : path;
}
