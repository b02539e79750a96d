import { DatabaseError } from '@planetscale/database';
import { HooklineError } from '../../../errors.js';

/** What the database said of a statement, in the form in which mysql2 says it: the server's own words, with their number. */
export class StatementRefused extends Error {
  override readonly name = 'StatementRefused';
  readonly errno: number | undefined;
  readonly sqlState: string | undefined;

  constructor(error: DatabaseError) {
    super(serversWords(error.message), { cause: error });
    const [, errno] = /\(errno (\d+)\)/.exec(error.message) ?? [];
    const [, sqlState] = /\(sqlstate (\w{5})\)/.exec(error.message) ?? [];
    this.errno = errno === undefined ? undefined : Number(errno);
    this.sqlState = sqlState;
  }
}

/** Without what Vitess puts around them: where it came from, who asked, and the statement again. */
function serversWords(message: string): string {
  const from = message.lastIndexOf(' desc = ');
  const words = from === -1 ? message : message.slice(from + ' desc = '.length);
  return words.replace(/ \(CallerID: [^)]*\).*$/s, '');
}

/** A refusal of one of Hookline's own statements, as `database_refused`; what is of the catalogue already stays. */
export function ownStatementRefused(error: unknown): HooklineError {
  if (error instanceof HooklineError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new HooklineError('database_refused', `The branch at PlanetScale refused a statement of Hookline: ${words}`, {
    hint: "Does the branch answer in PlanetScale's console? If it does, this is a fault of Hookline: please report it.",
    cause: error,
  });
}

/** Vitess's words for trouble that passes; what HTTP says for it comes as a status of 429 or 5xx. */
const PASSING = /\bcode = (Aborted|ResourceExhausted|Unavailable)\b/;

/** Whether PlanetScale could not get to the statement, or to its answer. */
export function isPassingTrouble(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true;
  return error.status >= 500 || error.status === 429 || PASSING.test(error.message);
}

/** Whether a login was refused: a password takes moments until it works. */
export function isLoginRefused(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  return error.status === 401 || error.status === 403 || /\(errno 1045\)/.test(error.message);
}
