import { CATALOGUE, type ErrorCode, HooklineError } from '../errors.js';
import { saysAway } from './sql-states.js';

const BY_SQLSTATE = new Map<string, ErrorCode>(
  Object.entries(CATALOGUE).flatMap(([code, entry]) =>
    'sqlstate' in entry ? [[entry.sqlstate, code as ErrorCode] as const] : [],
  ),
);

/** Deadlocks and their like, insufficient resources, a lock that was not to be had, and what was cancelled: it may work the next time. */
const PASSING = /^(40...|53...|55P03|57014)$/;
/** What keeps a database that answers from being written to. Its caller may try again; somebody has to mend it first. */
export const TAKES_NO_WRITES = 'The database takes no writes.';
const UNWRITABLE: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  '25006': [
    TAKES_NO_WRITES,
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
/** A single unknown type, as hookline.raise_unknown_event_types tells it, of letters that mean nothing to a shell. */
const UNKNOWN_TYPE = /^unknown or disabled event type: (\w[\w.:-]*)$/;
const LONGEST_CATEGORY = 50;
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
  if (own !== undefined) {
    const said = own === 'unknown_event_type' ? howToRegister(message, hint) : hint;
    return new HooklineError(own, message, { ...(said === undefined ? {} : { hint: said }), cause: error });
  }
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
  if (PASSING.test(code) || (error instanceof Error && saysAway(error))) {
    return new HooklineError('database_unavailable', undefined, {
      hint: 'Try again in a few seconds. At start: is it running, and are host and port of DATABASE_URL right?',
      cause: error,
    });
  }
  return new HooklineError('internal_error', undefined, { cause: error });
}

/** The operator's commands come first: of what is registered there may be more than a terminal is shown. */
function howToRegister(message: string, hint = ''): string {
  const named = UNKNOWN_TYPE.exec(message)?.[1];
  const type = named ?? '<event-type>';
  const category = named?.split('.', 1)[0]?.slice(0, LONGEST_CATEGORY) ?? '<category>';
  return `The operator registers it by \`hookline events create ${type} --category ${category}\`, and enables one that is disabled by \`hookline events edit ${type} --enable\`. ${hint}`.trimEnd();
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
