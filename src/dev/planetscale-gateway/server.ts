import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { toRequestError } from '../../api/request-errors.js';
import { pathOf } from '../../api/request-log.js';
import { HooklineError } from '../../errors.js';
import { contextCanceled } from './errors.js';
import type { Execute } from './execute.js';
import { faultRoutes } from './fault-routes.js';
import type { Fault, Faults } from './faults.js';
import { answerWithFault } from './faulty.js';
import { newSession, type Sessions, SignedSession } from './session.js';

const SERVICE = '/psdb.v1alpha1.Database';
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface ServerOptions {
  readonly keyspace: string;
  readonly caller: string;
  readonly authorize: (header: string | undefined) => boolean;
  readonly sessions: Sessions;
  readonly execute: Execute;
  readonly faults: Faults;
  readonly takeFaultFor: (sql: string) => Fault | undefined;
  readonly log: Logger;
}

const ExecuteBody = Type.Object({
  query: Type.String(),
  session: Type.Optional(Type.Union([SignedSession, Type.Null()])),
});

/** The HTTP server, not yet listening: PlanetScale's two routes, and `/faults`. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { authorize, log } = options;
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    return503OnClosing: false,
  });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.addHook('onRequest', async (request, reply) => {
    if (authorize(request.headers.authorization)) return;
    reply.header('www-authenticate', 'Basic realm="planetscale"');
    throw new HooklineError('unauthorized', 'invalid auth credentials');
  });
  app.setErrorHandler((error, _request, reply) => {
    const answer = toRequestError(error, MAX_BODY_BYTES);
    if (answer.status >= 500) log.error({ err: error, code: answer.code }, 'request.failed');
    return refuse(reply, answer);
  });
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, new HooklineError('not_found', `${request.method} ${pathOf(request)} is not served here.`)),
  );
  databaseRoutes(app, options);
  faultRoutes(app, options.faults);
  return app;
}

function databaseRoutes(app: FastifyInstance, options: ServerOptions): void {
  const { keyspace, caller, sessions, execute, takeFaultFor, log } = options;

  app.post(`${SERVICE}/CreateSession`, async () => ({
    branch: keyspace,
    user: { username: caller, psid: 'planetscale-1', role: 'ADMIN' },
    session: sessions.sign(newSession()),
  }));

  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post(`${SERVICE}/Execute`, { schema: { body: ExecuteBody } }, async ({ body }, reply) => {
      const signal = whenClientIsGone(reply);
      const fault = takeFaultFor(body.query);
      if (fault === undefined) return execute(body, signal);
      log.info({ fault: fault.kind, when: fault.when }, 'gateway.fault');
      return answerWithFault(fault, { reply, keyspace, caller, signal, execute: () => execute(body, signal) });
    });
}

function whenClientIsGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort(contextCanceled());
  });
  return gone.signal;
}

const CODE_OF: Readonly<Record<number, string>> = {
  400: 'invalid_argument',
  401: 'unauthenticated',
  404: 'not_found',
  413: 'invalid_argument',
  415: 'invalid_argument',
  422: 'invalid_argument',
};

/** A refusal of the request itself, in the only form that the driver reads an error from. */
function refuse(reply: FastifyReply, { status, message }: HooklineError): FastifyReply {
  return reply.code(status).send({ error: { code: CODE_OF[status] ?? 'internal', message } });
}
