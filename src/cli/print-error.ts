import { toHooklineError } from '../db/sql-errors.js';
import { HooklineError } from '../errors.js';

/** Says on standard error what happened, what to do about it, and the code to look up. */
export function printError(error: unknown): void {
  const known = error instanceof HooklineError ? error : toHooklineError(error);
  // The operator of a command may read what a caller over HTTP may not.
  const message = known.code === 'internal_error' && error instanceof Error ? error.message : known.message;
  console.error(`Error: ${message}`);
  if (known.hint !== undefined) console.error(`Hint:  ${known.hint}`);
  console.error(`Code:  ${known.code}`);
}
