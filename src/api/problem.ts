import type { FastifyReply } from 'fastify';
import { CATALOGUE, type ErrorCode, type Finding, type HooklineError } from '../errors.js';
import { NO_SESSION_COOKIE } from './session/cookie.js';

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
  invalid_payload: 'GET /v1/event-types/{event_type} shows it as payload_schema.',
  invalid_payload_schema: 'Correct payload_schema of the event type; a $ref may only lead into the same schema.',
  backlog_full:
    'Try again when some have gone: GET /v1/queue counts them. Those of a webhook that is paused, failing or unverified wait for up to a day. The operator sets the limit.',
  replay_running: 'GET /v1/webhooks/{webhook_id}/replays shows it; POST /v1/replays/{replay_id}/cancel ends it.',
  unknown_user:
    'Make the user known first: by POST /v1/portal-tokens, by a request with a token (JWT) of theirs, or as a row of auth.users, whose external id stands in hookline.users.',
};
const STATEMENT = /\b(SELECT|INSERT INTO) /;
/** Functions and tables, which whoever speaks HTTP does not have. */
const NAME_IN_SQL = /\bhookline\.\w|\bwebhook_(events|replays)\b/;

function hintOf({ code, hint }: HooklineError): string | undefined {
  if (hint === undefined) return undefined;
  if (STATEMENT.test(hint)) return HINTS[code];
  return NAME_IN_SQL.test(hint) ? (HINTS[code] ?? hint) : hint;
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

/** In how many seconds what passes by itself may have passed; of `rate_limited` the limiter knows. What an operator has to mend is not here. */
const RETRY_AFTER_S: Partial<Record<ErrorCode, number>> = {
  database_unavailable: 5,
  jwks_unavailable: 5,
  shutting_down: 5,
  too_many_streams: 5,
  test_too_soon: 1,
  backlog_full: 10,
};

/** Answers with the error's problem document and status. */
export function sendProblem(reply: FastifyReply, error: HooklineError): FastifyReply {
  reply.problemCode = error.code;
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  if (error.code === 'session_expired') reply.header('set-cookie', NO_SESSION_COOKIE);
  const seconds = RETRY_AFTER_S[error.code];
  if (seconds !== undefined) reply.header('retry-after', String(seconds));
  return reply
    .code(error.status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(toProblem(error, reply.request.id)));
}
