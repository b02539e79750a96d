import { toHooklineError } from '../db/sql-errors.js';
import { HooklineError } from '../errors.js';
import { printable, printableLine } from './printable.js';
import { refusalOf, type ToldRefusal } from './remote/refusal.js';
import { safeJson } from './remote/style.js';

/** Where the cause says what happened. The operator of a command may read it, a caller over HTTP may not. */
const CAUSE_TELLS: ReadonlySet<string> = new Set([
  'internal_error',
  'database_refused',
  'database_unavailable',
  'server_unreachable',
  'answer_unreadable',
]);

/** What is told of an error: what happened, why where that is known, what to do about it, and the code to look up. */
export interface ToldError extends ToldRefusal {
  readonly cause?: string;
}

/** An error of a command that was called with `--json`, and is told so. */
export class JsonError extends Error {
  constructor(cause: unknown) {
    super('to be told as JSON', { cause });
  }
}

export function toldOf(error: unknown): ToldError {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return refusal;
  const known = error instanceof HooklineError ? error : toHooklineError(error);
  return {
    code: known.code,
    message: known.message,
    ...causeToTell(known, error),
    ...(known.hint === undefined ? {} : { hint: known.hint }),
    ...(known.findings.length === 0 ? {} : { findings: known.findings }),
  };
}

/** Nothing where the message has said it. */
function causeToTell({ code, message, cause }: HooklineError, error: unknown): Pick<ToldError, 'cause'> {
  const told = CAUSE_TELLS.has(code) ? causeOf(cause ?? error) : message;
  return told === message ? {} : { cause: told };
}

/** Says it on standard error. */
export function printError(error: unknown): void {
  if (error instanceof JsonError) {
    console.error(safeJson(JSON.stringify({ error: toldOf(error.cause) })));
    return;
  }
  const { code, message, cause, hint, findings = [], request_id: requestId } = toldOf(error);
  say(`Error: ${message}`);
  for (const { pointer, detail } of findings) say(`       ${pointer}: ${detail}`);
  if (cause !== undefined) say(`Cause: ${printableLine(cause)}`);
  if (hint !== undefined) say(`Hint:  ${hint}`);
  say(`Code:  ${code}`);
  if (requestId !== undefined) say(`Request: ${requestId}`);
}

function say(text: string): void {
  console.error(printable(text));
}

/** Several addresses of one name fail together, with a message of their own each. */
function causeOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(causeOf).join('; ');
  return cause instanceof Error ? cause.message : 'unknown';
}
