import type { GraphQLError } from 'graphql';
import { createGraphQLError } from 'graphql-yoga';
import { toHooklineError } from '../../db/sql-errors.js';
import { CATALOGUE, HooklineError } from '../../errors.js';
import { toProblem } from '../problem.js';

/** An error as callers see it: what the catalogue says of it, with its code in `extensions`; of an unforeseen one nothing. GraphQL's own are `invalid_request`. `logFailure` is told what failed on our side. */
export function toGraphqlError(error: unknown, logFailure: (error: unknown, code: string) => void): GraphQLError {
  const original = isGraphqlError(error) ? (error.originalError ?? undefined) : error;
  if (isGraphqlError(error) && (original === undefined || isGraphqlError(original))) {
    const { code, http, hint } = error.extensions;
    const known = typeof code === 'string' && Object.hasOwn(CATALOGUE, code) ? code : 'invalid_request';
    return errorOf(error, error.message, { code: known, ...(hint !== undefined && { hint }), ...(http && { http }) });
  }
  const known = original instanceof HooklineError ? original : toHooklineError(original);
  if (known.status >= 500) logFailure(original, known.code);
  const { detail, code, status, hint, errors } = toProblem(known);
  const extensions = { code, status, ...(hint !== undefined && { hint }), ...(errors !== undefined && { errors }) };
  return errorOf(isGraphqlError(error) ? error : undefined, detail, extensions);
}

/** graphql-js shows the value that it refuses, in each of up to 50 errors: a body of 1 MB had an answer of 50. */
const LONGEST_MESSAGE = 1_000;

function errorOf(error: GraphQLError | undefined, message: string, extensions: object): GraphQLError {
  return createGraphQLError(message.slice(0, LONGEST_MESSAGE), {
    nodes: error?.nodes ?? null,
    source: error?.source ?? null,
    positions: error?.positions ?? null,
    path: error?.path ?? null,
    extensions: { ...extensions },
  });
}

/** By its name: an application may hold graphql twice, as CommonJS and as a module. */
function isGraphqlError(error: unknown): error is GraphQLError {
  return error instanceof Error && error.name === 'GraphQLError';
}
