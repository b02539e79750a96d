import { toMysqlError } from '../../../db/mysql/errors.js';
import { HooklineError } from '../../../errors.js';

/** What MySQL and MariaDB say of an ALGORITHM or LOCK that they cannot take for a change, or (1221) together: nothing was done. */
const ALGORITHM_REFUSED: ReadonlySet<number> = new Set([1221, 1235, 1800, 1845, 1846]);
/** 1205: another holds the table; 1213: and waits for what this one holds. Nothing was done, and it can be tried again. */
const LOCKED: ReadonlySet<number> = new Set([1205, 1213]);
/** 1317: the statement was ended by KILL QUERY, and the connection lives. */
const QUERY_KILLED = 1317;
const TABLE_UNKNOWN = 1146;
const DUPLICATE = 1062;
/** 1044: no right to a database; 1227 and 1142: none to do this. */
const RIGHTS: ReadonlySet<number> = new Set([1044, 1142, 1227]);

/** 1290: started with an option, which may be another one too; 1792: a transaction; 1836: MySQL's own. */
const READ_ONLY: ReadonlySet<number> = new Set([1290, 1792, 1836]);

export const isAlgorithmRefused = (error: unknown): boolean => ALGORITHM_REFUSED.has(errnoOf(error));
export const isLocked = (error: unknown): boolean => LOCKED.has(errnoOf(error));
export const isTableUnknown = (error: unknown): boolean => errnoOf(error) === TABLE_UNKNOWN;
export const isDuplicate = (error: unknown): boolean => errnoOf(error) === DUPLICATE;

/** Whether the connection is gone: what became of its last statement is not known. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof HooklineError) return error.code === 'database_unavailable';
  if (error instanceof Error && 'fatal' in error && error.fatal === true) return true;
  if (isLocked(error) || errnoOf(error) === QUERY_KILLED) return false;
  return toMysqlError(error).code === 'database_unavailable';
}

/** The server's own words, on one line of bounded length, without the name of a database that means nothing to the reader. */
export function wordsOf(error: unknown, database = ''): string {
  const said = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim();
  const words = database === '' ? said : said.replaceAll(`${database}.`, '').replaceAll(`\`${database}\`.`, '');
  return words.length <= 600 ? words : `${words.slice(0, 599)}…`;
}

/**
 * Whatever was thrown, as an error of the catalogue: the connection's and the login's as `toMysqlError` tells them, and else `internal_error` with the
 * server's words, which an operator may read.
 */
export function toProviderError(error: unknown): HooklineError {
  if (error instanceof HooklineError) return error;
  if (RIGHTS.has(errnoOf(error))) {
    return new HooklineError('database_refused', 'The login lacks a right that schema branches need.', {
      hint: 'It needs SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX and REFERENCES on the database and on those whose names begin with its name and __; docs/schema-branches.md has the GRANTs.',
      cause: error,
    });
  }
  if (READ_ONLY.has(errnoOf(error)) && /read[-_ ]only/i.test(wordsOf(error))) {
    return new HooklineError('database_refused', `MySQL refused: ${wordsOf(error)}`, {
      hint: 'Branches and deploy requests are written to the server, also to list them: name the server that takes writes.',
      cause: error,
    });
  }
  if (isConnectionLost(error)) {
    return new HooklineError('database_unavailable', 'The connection to the database was lost.', {
      hint: 'Run the command again once the server can be reached; what was begun is told then.',
      cause: error,
    });
  }
  const known = toMysqlError(error);
  if (known.code !== 'internal_error' || errnoOf(error) === 0) return known;
  return new HooklineError('internal_error', `MySQL refused a statement: ${wordsOf(error)}`, { cause: error });
}

/** The server's number of an error; 0 for an error that is none of its own. */
export function errnoOf(error: unknown): number {
  return error instanceof Error && 'errno' in error ? Number(error.errno) : 0;
}
