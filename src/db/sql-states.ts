import { codeOf } from '../errors.js';

/** What Node says of a connection that cannot be made or was lost. */
export const LOST_CONNECTION = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** Connection exceptions, and a server that is full, starts or stops. */
const AWAY_STATE = /^(08...|53300|57P0.)$/;
/** What `pg` says without a code. */
const AWAY_MESSAGE =
  /^(timeout exceeded when trying to connect|timeout expired$|Connection terminated|Query read timeout)/;

/** Whether an error, as the driver threw it, says that the database cannot be reached. */
export function saysAway(error: Error): boolean {
  const code = codeOf(error) ?? '';
  return AWAY_STATE.test(code) || LOST_CONNECTION.test(code) || AWAY_MESSAGE.test(error.message);
}

/** The SQLSTATE of an error that PostgreSQL answered with; undefined for any other. */
export function sqlStateOf(error: unknown): string | undefined {
  // Node's EPIPE looks like a SQLSTATE; what PostgreSQL says has a severity.
  return error instanceof Error && 'severity' in error ? codeOf(error) : undefined;
}
