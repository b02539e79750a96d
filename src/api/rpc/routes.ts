import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type Keyring, NO_KEYS } from '../../secrets/keyring.js';
import { originOf } from '../../trigger/origin.js';
import type { Auth } from '../auth/auth.js';
import type { ActAs } from '../auth/caller.js';
import { knowCallers } from '../auth/know-callers.js';
import { acceptJson } from '../json-body.js';
import { pathOf } from '../request-log.js';
import { type Called, call } from './call.js';
import { bodyArguments, noSuchFunction, queryArguments } from './call-arguments.js';
import { FUNCTIONS, type RpcFunction } from './functions.js';
import { type RowChoice, rowChoice } from './query.js';
import { type Representation, representation } from './representation.js';
import { type RpcError, refusal } from './rpc-error.js';
import { toRpcError } from './to-rpc-error.js';

export interface RpcOptions {
  readonly auth: Auth;
  readonly actAs: ActAs;
  readonly maxBodyBytes: number;
  /** Opens secrets that are encrypted. Default: nothing does. */
  readonly keyring?: Keyring | undefined;
  readonly log: Logger;
}

/** What triggers an event reads there where it comes from (0044). */
const TELL_ORIGIN = "SELECT set_config('hookline.request_id', $1, true), set_config('hookline.traceparent', $2, true)";

/**
 * `POST /rest/v1/rpc/<function>`, and GET and HEAD for functions that only read, as PostgREST answers them, so that supabase-js works unchanged. Users
 * call by a JWT, the service by its key or a JWT. Errors have PostgREST's form, too.
 */
export async function rpcRoutes(app: FastifyInstance, options: RpcOptions): Promise<void> {
  const { auth, actAs, maxBodyBytes, keyring = NO_KEYS, log } = options;
  acceptJson(app);
  app.setErrorHandler((error, request, reply) => sendError(request, reply, toRpcError(error, maxBodyBytes)));
  app.setNotFoundHandler((request, reply) => sendError(request, reply, notFound(request)));
  knowCallers(app, auth.callerOf);

  app.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    // Not :name, which Fastify bounds with an error of its own form.
    url: '/rpc/*',
    handler: async (request, reply) => {
      const fn = functionOf(request.params['*']);
      checkMethod(fn, request.method);
      const reads = request.method !== 'POST';
      const query = queryOf(request.url);
      const given = reads ? queryArguments(fn, query) : bodyArguments(fn, request, query);
      const choice = rowChoice(fn, query);
      const form = representation(request);
      const called = await actAs(request.caller, reads ? 'read' : 'write', async (tx) => {
        if (fn.name === 'trigger_webhook_event') {
          const { requestId, traceparent } = originOf(request);
          await tx.query(TELL_ORIGIN, [requestId, traceparent ?? '']);
        }
        return call(tx, { fn, given, choice, form, caller: request.caller, keyring, log });
      });
      return sendRows(reply, called, choice, form);
    },
  });
}

function queryOf(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
}

function functionOf(name: string): RpcFunction {
  const fn = FUNCTIONS.get(name);
  if (fn === undefined) throw noSuchFunction(name, [], `There are ${[...FUNCTIONS.keys()].join(', ')}.`);
  return fn;
}

function checkMethod(fn: RpcFunction, method: string): void {
  const allowed = fn.readOnly ? ['GET', 'HEAD', 'POST'] : ['POST'];
  if (allowed.includes(method)) return;
  throw refusal('PGRST101', `Cannot use the ${method} method on ${fn.name}`, {
    hint: `It takes ${allowed.join(', ')}.`,
    headers: { allow: allowed.join(', ') },
  });
}

function sendRows(
  reply: FastifyReply,
  { body, returned, total }: Called,
  choice: RowChoice,
  form: Representation,
): FastifyReply {
  const range = returned === 0 ? '*' : `${choice.offset}-${choice.offset + returned - 1}`;
  reply.header('content-range', `${range}/${form.counted ? total : '*'}`);
  if (form.applied.length > 0) reply.header('preference-applied', form.applied.join(', '));
  if (form.minimal) return reply.code(204).send();
  return reply
    .code(form.counted && returned < total ? 206 : 200)
    .type(form.contentType)
    .send(body);
}

function sendError(request: FastifyRequest, reply: FastifyReply, error: RpcError): FastifyReply {
  const { status, body, headers, message } = error;
  reply.problemCode = body.code;
  if (status >= 500) request.server.logFailure(request.log, error.cause ?? error, body.code);
  if (status === 401) {
    const reason = `, error="invalid_token", error_description="${message}"`;
    reply.header('www-authenticate', `Bearer realm="hookline"${body.code.startsWith('PGRST') ? reason : ''}`);
  }
  // Not where the operator has to set keys first.
  if (status === 503 && body.code !== 'PGRST300') reply.header('retry-after', '5');
  return reply.code(status).headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function notFound(request: FastifyRequest): RpcError {
  return refusal('PGRST205', `There is nothing at ${pathOf(request)}.`, {
    hint: 'Functions alone are offered here: POST /rest/v1/rpc/<function>.',
  });
}
