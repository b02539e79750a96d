import { toHooklineError } from '../db/sql-errors.js';
import { HooklineError } from '../errors.js';

/** Where the cause says what happened. The operator of a command may read it, a caller over HTTP may not. */
const CAUSE_TELLS: ReadonlySet<string> = new Set(['internal_error', 'database_refused', 'database_unavailable']);

/** Says on standard error what happened, what to do about it, and the code to look up. */
export function printError(error: unknown): void {
  const known = error instanceof HooklineError ? error : toHooklineError(error);
  console.error(`Error: ${known.message}`);
  if (CAUSE_TELLS.has(known.code)) console.error(`Cause: ${causeOf(known.cause ?? error)}`);
  if (known.hint !== undefined) console.error(`Hint:  ${known.hint}`);
  console.error(`Code:  ${known.code}`);
}

/** Several addresses of one name fail together, with a message of their own each. */
function causeOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(causeOf).join('; ');
  return cause instanceof Error ? cause.message : 'unknown';
}
