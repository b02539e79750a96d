/**
 * How the matrix is written. A table of rights has a line for each column:
 *
 *   column    anon  user  service  value
 *   id        -     s     SIU      =
 *   name      -     siu   SIU      'renamed'
 *   DELETE    -     d     D
 *
 * s select, i insert, u update, d delete; small: the caller's own rows, capital: every row, nobody's included; what is
 * not there is refused. `value` is what insert and update write, SQL; `=` leaves the row's own (in an insert: a new
 * UUID). DELETE may have a condition instead: the rows that no other table refers to.
 */
export interface ColumnRights {
  readonly column: string;
  readonly anon: string;
  readonly user: string;
  readonly service: string;
  readonly value: string;
}

export interface TableMatrix {
  /** With its schema. */
  readonly table: string;
  /** For a view: SQL that gives `user_id` for each row that it should have. */
  readonly viewOf?: string;
  /** SQL over a row: the id of the user whose it is, or NULL when it is nobody's. */
  readonly whose: string;
  /** What an insert needs at least: column and SQL. */
  readonly insert: Readonly<Record<string, string>>;
  readonly columns: readonly ColumnRights[];
  readonly deletion: ColumnRights;
}

export const ACTORS = ['anon', 'owner', 'stranger', 'no-user', 'service'] as const;
/** `no-user` is a token of role authenticated without a `sub`. */
export type Actor = (typeof ACTORS)[number];

/**
 * A call of a function, and what comes of it for each actor: `refused` (42501), an SQLSTATE, `reads:n` (n rows come and
 * nothing has changed), or `writes:n` (n rows come and something has). $hook, $delivery, … are the owner's, $my_hook,
 * $my_id the actor's own (acting.ts).
 */
export interface Call {
  /** With its schema, without arguments. */
  readonly name: string;
  readonly sql: string;
  readonly outcome: Readonly<Record<Actor, string>>;
}

const RIGHTS = /^(\S+)\s+(-|[siud]+)\s+(-|[siudSIUD]+)\s+(-|[siudSIUD]+)(?:\s+(\S.*))?$/;
const CALL = /^(([a-z_.]+)\(.*\))\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)$/;
const OUTCOME = /^(refused|[0-9A-Z]{5}|(reads|writes):\d+)$/;

/** Reads the rights of a table; throws on a line that is none. */
export function table(head: Omit<TableMatrix, 'columns' | 'deletion'>, text: string): TableMatrix {
  const lines = linesOf(text, ['column', 'anon', 'user', 'service', 'value']).map((line) => {
    const [, column = '', anon = '', user = '', service = '', value = ''] = RIGHTS.exec(line) ?? [];
    if (column === '') throw new Error(`${head.table}: not a line of rights: ${line}`);
    return { column, anon, user, service, value };
  });
  const deletion = lines.pop();
  if (deletion?.column !== 'DELETE') throw new Error(`${head.table}: DELETE is the last line.`);
  return { ...head, columns: lines, deletion };
}

/** Reads calls of functions, a line each: the call, then the outcome for each actor. Throws on a line that is none. */
export function calls(text: string): Call[] {
  return linesOf(text, ['call', ...ACTORS]).map((line) => {
    const [, sql = '', name = '', ...outcomes] = CALL.exec(line) ?? [];
    if (!outcomes.every((outcome) => OUTCOME.test(outcome)) || name === '')
      throw new Error(`Not a call with its outcomes: ${line}`);
    const [anon = '', owner = '', stranger = '', noUser = '', service = ''] = outcomes;
    return { name, sql, outcome: { anon, owner, stranger, 'no-user': noUser, service } };
  });
}

function linesOf(text: string, head: readonly string[]): string[] {
  const [first = '', ...rest] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (first.split(/\s+/).join() !== head.join()) throw new Error(`The head is ${head.join(' ')}; this is: ${first}`);
  return rest;
}
