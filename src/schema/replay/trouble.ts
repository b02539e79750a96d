import { StatementError } from '@hookline/receiver';
import { toMysqlError } from '../../db/mysql/errors.js';
import { HooklineError } from '../../errors.js';
import { isTimeout } from './recording-store.js';

/** What ended a replay before its report, as an error of the catalogue: the database was lost, or refused a statement, in its own words. */
export function toReplayError(error: unknown, branch: string): HooklineError {
  const known = toMysqlError(error);
  if (known.code !== 'internal_error' || error instanceof HooklineError) return known;
  // `fatal` is mysql2's mark of a connection that is closed; a TypeError that of fetch.
  const isClosed = error instanceof Error && 'fatal' in error && error.fatal === true;
  const isLost = isClosed || error instanceof StatementError || isTimeout(error) || error instanceof TypeError;
  if (isLost) {
    const code = error instanceof StatementError ? ` (${error.code})` : '';
    return new HooklineError('database_unavailable', `The connection to ${branch} was lost during the replay${code}.`, {
      hint: "Run it again when the database answers. Rows that stay on the branch (idempotency_key 'hookline-replay:…') are taken away by a replay an hour later.",
      cause: error,
    });
  }
  const isServers = error instanceof Error && ('errno' in error || error.name === 'DatabaseError');
  if (!isServers) return known;
  return new HooklineError('database_refused', `The database refused a statement of the replay: ${error.message}`, {
    cause: error,
  });
}
