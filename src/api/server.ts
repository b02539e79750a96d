import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { HooklineError } from '../errors.js';
import { type AuthOptions, createAuth } from './auth/auth.js';
import { answerClientError } from './client-errors.js';
import { acceptJson } from './json-body.js';
import { sendProblem } from './problem.js';
import { toRequestError } from './request-errors.js';
import { logCompleted, logResponses, pathOf } from './request-log.js';
import { eventRoutes } from './routes/events.js';
import { healthRoutes } from './routes/health.js';
import { rpcRoutes } from './rpc/routes.js';

export interface ServerOptions extends AuthOptions {
  readonly db: Database;
  readonly log: Logger;
  /** The largest request body, in bytes. */
  readonly maxBodyBytes: number;
  /** Mounts what does not belong to the API: the receiver. */
  readonly mount?: (app: FastifyInstance) => void;
}

/** Long enough for a slow caller with a full body, short enough that idle connections do not pile up. */
const REQUEST_TIMEOUT_MS = 30_000;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The HTTP server, not yet listening. Every refusal is a problem document, whoever refuses: route, framework or HTTP parser. */
export function createServer(options: ServerOptions): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = options.log;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    bodyLimit: options.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: requestIdOf,
    clientErrorHandler: answerClientError,
    // Of a URL that cannot be decoded, say: no hook runs for it.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      sendProblem(reply, toRequestError(error, options.maxBodyBytes));
      logCompleted(request, reply);
    },
  });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.decorateReply('problemCode', undefined);
  refuseWhileClosing(app);
  logResponses(app);
  answerErrors(app, options.maxBodyBytes);

  const { db, maxBodyBytes } = options;
  const auth = createAuth(options);
  healthRoutes(app, options);
  app.register(async (scope) => {
    acceptJson(scope);
    eventRoutes(scope, { db, auth });
  });
  app.register(rpcRoutes, { db, auth, maxBodyBytes, prefix: '/rest/v1' });
  options.mount?.(app);
  return app;
}

/** A caller's own id is kept when it is safe to log; else the request gets one. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** While the server closes, connections that are still open get a last answer and end. */
function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (closing) throw new HooklineError('shutting_down');
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}

function answerErrors(app: FastifyInstance, maxBodyBytes: number): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = toRequestError(error, maxBodyBytes);
    if (answer.status >= 500) request.log.error({ err: error, code: answer.code }, 'request.failed');
    return sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const allowed = METHODS.filter((method) => app.hasRoute({ method, url: path }));
    if (allowed.length === 0) return sendProblem(reply, new HooklineError('not_found', `There is nothing at ${path}.`));
    reply.header('allow', allowed.join(', '));
    const message = `${path} takes ${allowed.join(', ')}, not ${request.method}.`;
    return sendProblem(reply, new HooklineError('method_not_allowed', message));
  });
}
