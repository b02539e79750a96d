import { codeOf, HooklineError } from '../../errors.js';
import { LOST_CONNECTION } from '../sql-states.js';

/** What mysql2 says of a connection that was lost, and MySQL of a server that is too busy or going away. */
const UNAVAILABLE =
  /^(PROTOCOL_(CONNECTION_LOST|SEQUENCE_TIMEOUT)|ER_(CON_COUNT_ERROR|SERVER_SHUTDOWN|LOCK_WAIT_TIMEOUT|LOCK_DEADLOCK|QUERY_INTERRUPTED|CONNECTION_KILLED|TOO_MANY_USER_CONNECTIONS))$/;

/** What MySQL refuses to a login, with what to mend. */
const REFUSED: Readonly<Record<string, string>> = {
  ER_ACCESS_DENIED_ERROR: 'Correct the user and the password.',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'The URL has no password, and this user needs one.',
  ER_DBACCESS_DENIED_ERROR: 'This login may not use the database that the URL names: correct its name, or grant it.',
  ER_BAD_DB_ERROR: 'Correct the name of the database in the URL, or create it.',
  ER_TABLEACCESS_DENIED_ERROR: 'Migrations need a login that may CREATE, ALTER, INDEX, SELECT and INSERT here.',
  ER_SPECIFIC_ACCESS_DENIED_ERROR: 'Migrations need a login that may CREATE, ALTER, INDEX, SELECT and INSERT here.',
  HANDSHAKE_NO_SSL_SUPPORT: 'The server speaks no TLS, which the URL asks for.',
  HANDSHAKE_SSL_ERROR: 'The TLS connection was not made: the certificate has to be valid for the host in the URL.',
  ER_SECURE_TRANSPORT_REQUIRED: 'The server takes TLS alone: add ?ssl-mode=VERIFY_IDENTITY to the URL.',
};

/**
 * What mysql2 threw, as an error of the catalogue: `database_unavailable`, `database_refused`, else `internal_error`. The driver's words may
 * carry SQL or data and are kept as the cause alone.
 */
export function toMysqlError(error: unknown): HooklineError {
  if (error instanceof HooklineError) return error;
  const code = codeOf(error) ?? '';
  const refused = REFUSED[code];
  if (refused !== undefined) {
    const message = 'MySQL refused the login, or a right that it lacks.';
    return new HooklineError('database_refused', message, { hint: refused, cause: error });
  }
  if (UNAVAILABLE.test(code) || LOST_CONNECTION.test(code)) {
    return new HooklineError('database_unavailable', undefined, {
      hint: 'Try again in a few seconds. At first: is it running, and are host and port of the URL right?',
      cause: error,
    });
  }
  return new HooklineError('internal_error', undefined, { cause: error });
}

/** Whether the server takes no DDL but by deploy requests: Vitess with direct DDL off, as PlanetScale has it under safe migrations. */
export function isDirectDdlDisabled(error: unknown): boolean {
  return error instanceof Error && /\b(direct|online) DDL is disabled\b/i.test(error.message);
}
