import { type TSchema, Type } from 'typebox';
import { CATALOGUE, type ErrorCode } from '../../errors.js';

/** What a route may answer with, as its schema documents it. Bodies are sent as PostgreSQL wrote them; tests hold them to this. */
export interface Answer {
  readonly description: string;
  /** `null`: there is no body. */
  readonly type?: 'null';
  readonly content?: Readonly<Record<string, { readonly schema: TSchema }>>;
  readonly headers?: Readonly<Record<string, TSchema>>;
}

const Problem = Type.Object(
  {
    type: Type.String({ description: '`urn:hookline:problem:` and the code.' }),
    title: Type.String({ description: 'What the code means.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong with this request.' }),
    code: Type.String({ description: 'Stable: codes are added, never renamed.' }),
    hint: Type.Optional(Type.String({ description: 'What to mend.' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: 'Where in the body, a JSON pointer (RFC 6901).' }),
          detail: Type.String(),
        }),
      ),
    ),
    request_id: Type.Optional(Type.String({ description: 'As in the header `X-Request-Id`.' })),
  },
  { title: 'Problem', description: 'A problem document (RFC 9457).' },
);

/** What any route of /v1 may refuse. */
const OF_ALL: readonly ErrorCode[] = [
  'invalid_request',
  'unauthorized',
  'malformed_token',
  'invalid_token',
  'token_expired',
  'unknown_token',
  'token_revoked',
  'token_not_active',
  'invalid_token_audience',
  'invalid_token_issuer',
  'invalid_token_role',
  'invalid_token_subject',
  'token_user_unknown',
  'session_expired',
  'csrf_token_missing',
  'cross_origin_request',
  'host_not_allowed',
  'rate_limited',
  'token_keys_not_set',
  'jwks_unavailable',
  'database_unavailable',
  'shutting_down',
];
/** What routes that take a body may refuse beside. */
export const OF_BODIES: readonly ErrorCode[] = [
  'invalid_json',
  'body_too_large',
  'unsupported_media_type',
  'not_storable',
];

/** Problems of routes that are the service's alone. */
export const OF_SERVICE: readonly ErrorCode[] = ['forbidden', 'service_key_not_set'];
/** Problems of a list. Whatever it is filtered by may hold a NUL. */
export const LISTING: readonly ErrorCode[] = ['invalid_cursor', 'not_storable'];
/** Problems of routes that change something. */
export const WRITING: readonly ErrorCode[] = ['read_only_credential'];
/** Problems of routes that change something by a body. */
export const WRITING_BODY: readonly ErrorCode[] = [...WRITING, ...OF_BODIES];
/** The header of what has a version, for `If-Match` and `If-None-Match`. */
export const ETAG = { etag: Type.String({ description: 'The version of its settings.' }) };

/** An answer with a body of JSON. */
export function jsonAnswer(description: string, schema: TSchema, headers?: Answer['headers']): Answer {
  return { description, content: { 'application/json': { schema } }, ...(headers !== undefined && { headers }) };
}

/** An answer without a body. */
export function emptyAnswer(description: string): Answer {
  return { description, type: 'null' };
}

/** The body of a list, named `name`, of things of this schema. */
export function listOf(name: string, item: TSchema): TSchema {
  return Type.Object(
    {
      data: Type.Array(item),
      next_cursor: Type.Union([Type.String(), Type.Null()], {
        description: 'For `cursor` of the next page; null at the end.',
      }),
    },
    { title: name },
  );
}

/** `response` of a route of /v1: its answers by status, and the problems that it may refuse with, by their codes; those of every route are added. */
export function answers(good: Readonly<Record<number, Answer>>, codes: readonly ErrorCode[]): Record<number, Answer> {
  return { ...good, ...problemAnswers([...OF_ALL, ...codes]) };
}

/** Problems by their status; the description of each names the codes. */
export function problemAnswers(codes: readonly ErrorCode[]): Record<number, Answer> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const { status } = CATALOGUE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, of]) => [status, problemAnswer(of)]));
}

function problemAnswer(codes: readonly ErrorCode[]): Answer {
  const description = codes.map((code) => `\`${code}\`: ${CATALOGUE[code].title}`).join('\n\n');
  return { description, content: { 'application/problem+json': { schema: Problem } } };
}
