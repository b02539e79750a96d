import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { toRequestError } from '../../api/request-errors.js';
import { ApiError, notFound } from './api-error.js';
import { branchRoutes } from './branch-routes.js';
import { deployRequestRoutes } from './deploy-request-routes.js';
import { faultRoutes } from './fault-routes.js';
import type { Fault, Faults } from './faults.js';
import { letRequestsFail } from './faulty.js';
import { passwordRoutes } from './password-routes.js';
import type { RouteContext } from './route-context.js';

const MAX_BODY_BYTES = 1024 * 1024;

export interface ServerOptions extends RouteContext {
  readonly faults: Faults;
  readonly takeFaultFor: (request: string) => Fault | undefined;
  readonly log: Logger;
}

/** The HTTP server, not yet listening: the routes of one database, and `/faults`. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { token, names, faults, takeFaultFor, log } = options;
  const app: FastifyInstance = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  takeEmptyBodies(app);
  app.addHook('onRequest', async (request) => token.check(request.headers.authorization));
  letRequestsFail(app, takeFaultFor);
  app.setErrorHandler((error, _request, reply) => {
    const { status, code, message } = error instanceof ApiError ? error : asApiError(error);
    if (status >= 500) log.error({ err: error }, 'planetscale_api.request_failed');
    return reply.code(status).send({ code, message });
  });
  app.setNotFoundHandler(() => {
    throw notFound();
  });
  faultRoutes(app, faults);
  app.register(
    async (database) => {
      branchRoutes(database, options);
      passwordRoutes(database, options);
      deployRequestRoutes(database, options);
    },
    { prefix: `/v1/organizations/${names.organization}/databases/${names.database}` },
  );
  return app;
}

/** Clients send `Content-Type: application/json` with a POST that has no body. */
function takeEmptyBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body, done);
  });
}

/** A body that is no JSON is 400; a field that is missing or wrong is 422, as for a name that is taken. */
function asApiError(error: unknown): ApiError {
  const { status, code, message } = toRequestError(error, MAX_BODY_BYTES);
  if (status >= 500) return new ApiError(500, 'internal_server_error', 'Internal Server Error');
  if (code === 'invalid_request') return new ApiError(422, 'unprocessable', message);
  return new ApiError(status, status === 400 ? 'bad_request' : code, message);
}
