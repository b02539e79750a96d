import type { FastifyInstance } from 'fastify';
import { HooklineError } from '../errors.js';
import { sendProblem } from './problem.js';
import { toRequestError } from './request-errors.js';
import { pathOf } from './request-log.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** While the server closes, connections that are still open get a last answer and end. */
export function refuseWhileClosing(app: FastifyInstance): void {
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

/** Answers what a request throws, and what meets no route, with a problem document. The server must have `logFailure`. */
export function answerErrors(app: FastifyInstance, maxBodyBytes: number): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = toRequestError(error, request.routeOptions.bodyLimit ?? maxBodyBytes);
    if (answer.status >= 500) app.logFailure(request.log, error, answer.code);
    return sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const allowed = METHODS.filter((method) => app.findRoute({ method, url: request.url }) !== null);
    if (allowed.length === 0 || allowed.some((method) => method === request.method))
      return sendProblem(reply, new HooklineError('not_found', `There is nothing at ${path}.`));
    reply.header('allow', allowed.join(', '));
    const message = `${path} takes ${allowed.join(', ')}, not ${request.method}.`;
    return sendProblem(reply, new HooklineError('method_not_allowed', message));
  });
}
