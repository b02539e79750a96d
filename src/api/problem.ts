import type { FastifyReply } from 'fastify';
import { CATALOGUE, type ErrorCode, type Finding, type HooklineError } from '../errors.js';

declare module 'fastify' {
  interface FastifyReply {
    /** The code of the problem that was answered; for the request's line of the log. */
    problemCode: string | undefined;
  }
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An RFC 9457 problem document; `code`, `hint`, `errors` and `request_id` are extensions of ours. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly errors?: readonly Finding[];
  readonly request_id?: string;
}

/** Where a hint of SQL's tells a statement, what does the same over HTTP. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  webhook_not_found: 'GET /v1/webhooks lists yours.',
  replay_not_found: 'GET /v1/webhooks/{webhook_id}/replays lists those of a webhook.',
  access_token_not_found: 'GET /v1/api-keys lists yours.',
  invalid_payload: 'GET /v1/event-types/{event_type} shows the schema.',
  unknown_user: 'The application makes its users known first: as rows of auth.users, or by a token of theirs.',
};
const STATEMENT = /\b(SELECT|INSERT INTO) /;

function hintOf({ code, hint }: HooklineError): string | undefined {
  return hint !== undefined && STATEMENT.test(hint) ? HINTS[code] : hint;
}

/** The problem document of an error. Of an unforeseen error it tells nothing: its message may hold SQL or data. */
export function toProblem(error: HooklineError, requestId?: string): Problem {
  const { title } = CATALOGUE[error.code];
  const hint = hintOf(error);
  return {
    type: `urn:hookline:problem:${error.code}`,
    title,
    status: error.status,
    detail: error.code === 'internal_error' ? title : error.message,
    code: error.code,
    ...(hint !== undefined && { hint }),
    ...(error.findings.length > 0 && { errors: error.findings }),
    ...(requestId !== undefined && { request_id: requestId }),
  };
}

/** Answers with the error's problem document and status. */
export function sendProblem(reply: FastifyReply, error: HooklineError): FastifyReply {
  reply.problemCode = error.code;
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  if (error.status === 503) reply.header('retry-after', '5');
  return reply
    .code(error.status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(toProblem(error, reply.request.id)));
}
