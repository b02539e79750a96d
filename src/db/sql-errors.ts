import { CATALOGUE, type ErrorCode, HooklineError } from '../errors.js';

const BY_SQLSTATE = new Map<string, ErrorCode>(
  Object.entries(CATALOGUE).flatMap(([code, entry]) =>
    'sqlstate' in entry ? [[entry.sqlstate, code as ErrorCode] as const] : [],
  ),
);

/** Connection exceptions, insufficient resources, operator intervention, and what Node says of a connection that cannot be made. */
const UNAVAILABLE = /^(08...|53...|57P0.|57014|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
/** Text that JSONB cannot hold: `\u0000` is 22P05, a lone surrogate 22P02; a NUL byte in a parameter is 22021. */
const NOT_STORABLE = /^(22P05|22P02|22021)$/;

/**
 * What the database threw, as an error of the catalogue. Our own SQL functions speak to users, so their words and hints are passed on; any
 * other message may carry SQL or data and is kept as the cause alone.
 */
export function toHooklineError(error: unknown): HooklineError {
  if (error instanceof HooklineError) return error;
  const { code, message, hint } = sqlParts(error);
  const own = BY_SQLSTATE.get(code);
  if (own !== undefined)
    return new HooklineError(own, message, { ...(hint === undefined ? {} : { hint }), cause: error });
  if (NOT_STORABLE.test(code)) {
    return new HooklineError('not_storable', undefined, {
      hint: 'Remove \\u0000 and unpaired \\ud800–\\udfff from the text.',
      cause: error,
    });
  }
  if (
    UNAVAILABLE.test(code) ||
    /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/.test(message)
  ) {
    return new HooklineError('database_unavailable', undefined, { hint: 'Try again in a few seconds.', cause: error });
  }
  return new HooklineError('internal_error', undefined, { cause: error });
}

function sqlParts(error: unknown): { code: string; message: string; hint: string | undefined } {
  if (!(error instanceof Error)) return { code: '', message: '', hint: undefined };
  const { code, hint } = error as Error & { code?: unknown; hint?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: error.message,
    hint: typeof hint === 'string' ? hint : undefined,
  };
}
