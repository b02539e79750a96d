import { toHooklineError } from '../db/sql-errors.js';
import { HooklineError } from '../errors.js';

/** Where the cause says what happened. The operator of a command may read it, a caller over HTTP may not. */
const CAUSE_TELLS: ReadonlySet<string> = new Set(['internal_error', 'database_refused', 'database_unavailable']);

/** What is told of an error: what happened, why where that is known, what to do about it, and the code to look up. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly cause?: string;
  readonly hint?: string;
}

export function toldOf(error: unknown): ToldError {
  const known = error instanceof HooklineError ? error : toHooklineError(error);
  return {
    code: known.code,
    message: known.message,
    ...(CAUSE_TELLS.has(known.code) ? { cause: causeOf(known.cause ?? error) } : {}),
    ...(known.hint === undefined ? {} : { hint: known.hint }),
  };
}

/** Says it on standard error. */
export function printError(error: unknown): void {
  const { code, message, cause, hint } = toldOf(error);
  console.error(`Error: ${message}`);
  if (cause !== undefined) console.error(`Cause: ${cause}`);
  if (hint !== undefined) console.error(`Hint:  ${hint}`);
  console.error(`Code:  ${code}`);
}

/** Several addresses of one name fail together, with a message of their own each. */
function causeOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(causeOf).join('; ');
  return cause instanceof Error ? cause.message : 'unknown';
}
