import { CATALOGUE, type ErrorCode, HooklineError } from '../errors.js';

const BY_SQLSTATE = new Map<string, ErrorCode>(
  Object.entries(CATALOGUE).flatMap(([code, entry]) =>
    'sqlstate' in entry ? [[entry.sqlstate, code as ErrorCode] as const] : [],
  ),
);

/** Connection exceptions, deadlocks and their like, insufficient resources, operator intervention, and what Node says of a connection that cannot be made. */
const UNAVAILABLE = /^(08...|40...|53...|55P03|57P0.|57014|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
/** What keeps a database that answers from being written to. Its caller may try again; somebody has to mend it first. */
const UNWRITABLE: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  '25006': [
    'The database takes no writes.',
    'DATABASE_URL leads to a standby, or default_transaction_read_only is on: `hookline doctor` says which.',
  ],
  '53100': [
    "The disk of the database's server is full.",
    'Make room there; PostgreSQL goes on by itself. Retention bounds how much Hookline keeps.',
  ],
  ENOSPC: ['There is no room left on the disk.', 'Make room where HOOKLINE_DATA_DIR is, and start again.'],
};
/** Stands in the hints about a login that is refused: it may be the one that the migrations make. */
const MADE_BY_MIGRATIONS =
  'The migrations make hookline_login: on a database that has none yet, run `hookline migrate` as its owner first, or give the owner in HOOKLINE_MIGRATE_DATABASE_URL.';
/** What PostgreSQL refuses to a login, with what to mend. */
const REFUSED: Readonly<Record<string, string>> = {
  '28P01': `Correct user and password in DATABASE_URL; in psql, \\password hookline_login sets one. ${MADE_BY_MIGRATIONS}`,
  '28000': `Correct the user in DATABASE_URL; pg_hba.conf decides who may log in from where. ${MADE_BY_MIGRATIONS}`,
  '3D000': 'Correct the name of the database in DATABASE_URL, or create it.',
  '42501':
    'This login lacks the right. Migrations need the owner of the schema: give its URL in HOOKLINE_MIGRATE_DATABASE_URL.',
};
/** Text that JSONB cannot hold: `\u0000` is 22P05, a lone surrogate 22P02; a NUL byte in a parameter is 22021. */
const NOT_STORABLE = /^(22P05|22P02|22021)$/;
/** JSONB keeps numbers as numeric: at most 131,072 digits before the point and 16,383 after it. */
const NUMBER_OUT_OF_RANGE = '22003';
/** Whose user went in the moment before: the request still took them for known. */
const OWNER_OF_WEBHOOK = 'webhooks_user_id_fkey';

/**
 * What the database threw, as an error of the catalogue. Our own SQL functions speak to users, so their words and hints are passed on; any
 * other message may carry SQL or data and is kept as the cause alone.
 */
export function toHooklineError(error: unknown): HooklineError {
  if (error instanceof HooklineError) return error;
  const { code, message, hint, constraint, column } = sqlParts(error);
  const own = BY_SQLSTATE.get(code);
  if (own !== undefined)
    return new HooklineError(own, message, { ...(hint === undefined ? {} : { hint }), cause: error });
  if (code === '23514' || code === '22001' || code === '23502') {
    const rule =
      code === '23502'
        ? `${column ?? 'A column'} must not be null.`
        : constraint === undefined
          ? 'A text is longer than its column.'
          : `The value breaks the rule ${constraint}.`;
    return new HooklineError('invalid_parameter', rule, {
      hint: 'The specification of the table names the ranges.',
      cause: error,
    });
  }
  if (code === '23503' && constraint === OWNER_OF_WEBHOOK)
    return new HooklineError('unknown_user', undefined, { cause: error });
  const unwritable = UNWRITABLE[code];
  if (unwritable !== undefined) {
    const [why, whatToDo] = unwritable;
    return new HooklineError('database_unavailable', why, { hint: whatToDo, cause: error });
  }
  const refused = REFUSED[code];
  if (refused !== undefined) return new HooklineError('database_refused', undefined, { hint: refused, cause: error });
  if (NOT_STORABLE.test(code)) {
    return new HooklineError('not_storable', undefined, {
      hint: 'Remove \\u0000 and unpaired \\ud800–\\udfff from the text.',
      cause: error,
    });
  }
  if (code === NUMBER_OUT_OF_RANGE) {
    return new HooklineError('invalid_payload', 'A number has more digits than PostgreSQL can hold.', { cause: error });
  }
  if (
    UNAVAILABLE.test(code) ||
    /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/.test(message)
  ) {
    return new HooklineError('database_unavailable', undefined, {
      hint: 'Try again in a few seconds. At start: is it running, and are host and port of DATABASE_URL right?',
      cause: error,
    });
  }
  return new HooklineError('internal_error', undefined, { cause: error });
}

/** The same of the login that migrates: hints name its variable. */
export function toOwnerError(error: unknown): HooklineError {
  const { code, message, hint, cause } = toHooklineError(error);
  const ofOwner = hint
    ?.replace(` ${MADE_BY_MIGRATIONS}`, '')
    .replaceAll(/(?<![A-Z_])DATABASE_URL/g, 'HOOKLINE_MIGRATE_DATABASE_URL');
  return new HooklineError(code, message, { ...(ofOwner !== undefined && { hint: ofOwner }), cause: cause ?? error });
}

interface SqlParts {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly constraint: string | undefined;
  readonly column: string | undefined;
}

function sqlParts(error: unknown): SqlParts {
  if (!(error instanceof Error))
    return { code: '', message: '', hint: undefined, constraint: undefined, column: undefined };
  const { code, hint, constraint, column } = error as Error &
    Record<'code' | 'hint' | 'constraint' | 'column', unknown>;
  return {
    code: text(code) ?? '',
    message: error.message,
    hint: text(hint),
    constraint: text(constraint),
    column: text(column),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
