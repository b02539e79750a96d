import { type Token, tokensOf } from '../../db/mysql/sql-tokens.js';
import { UnsupportedError, VtgateError } from './errors.js';

/** What the gateway has to know of a statement before it runs it; `verb` is its first word in lower case. */
export type Statement = { readonly verb: string; readonly tokens: readonly Token[] } & (
  | { readonly kind: 'begin'; readonly characteristics: string }
  | { readonly kind: 'commit' | 'rollback' | 'ddl' }
  /** Changes the session: SET and USE. `autocommit` when it sets just that. */
  | { readonly kind: 'setting'; readonly autocommit: boolean | undefined }
  | { readonly kind: 'plain'; readonly readsLastInsertId: boolean }
);

const OF_THE_SESSION: ReadonlySet<string> = new Set(['begin', 'start', 'commit', 'rollback', 'set', 'use']);

const DDL: ReadonlySet<string> = new Set(['create', 'alter', 'drop', 'truncate', 'rename']);

/** Would leave something behind on a connection that others use next, or are not for the clients of a database. */
const REFUSED: ReadonlySet<string> = new Set(
  (
    'call deallocate execute prepare handler lock unlock xa load flush grant revoke change install kill purge reset ' +
    'shutdown start stop uninstall'
  ).split(' '),
);

/** PlanetScale knows none of these, and Vitess's parser stumbles over the word. */
const NO_SUCH_OBJECT: ReadonlySet<string> = new Set('event function package procedure trigger user role'.split(' '));

/** They answer for a connection; the session's next statement may run on another one. */
const OF_A_CONNECTION: ReadonlySet<string> = new Set(
  'found_rows row_count get_lock release_lock release_all_locks'.split(' '),
);

const CHARACTERISTICS = /^(?:(?:with consistent snapshot|read only|read write)(?:, (?!$)|$))*$/;

/**
 * Tells what kind of statement a text is. Throws what vtgate says of a text with several statements, of one without any, and of what
 * PlanetScale does not take; plain statements are left to the database to judge.
 */
export function statementOf(sql: string): Statement {
  const tokens = tokensOf(sql);
  refuseSeveral(sql, tokens);
  const verb = textOf(sql, tokens.slice(0, 1));
  const common = { verb, tokens };
  if (verb === '' || verb === ';') throw new VtgateError('Query was empty (errno 1065) (sqlstate 42000)');
  const rest = OF_THE_SESSION.has(verb) ? textOf(sql, tokens.slice(1)).replace(/ ?;$/, '') : '';
  if (verb === 'begin' && /^(work)?$/.test(rest)) return { ...common, kind: 'begin', characteristics: '' };
  if (verb === 'start' && rest.startsWith('transaction')) {
    const characteristics = rest.slice('transaction'.length).trim().replaceAll(' , ', ', ');
    if (!CHARACTERISTICS.test(characteristics)) throw syntaxError(sql, tokens[2]);
    return { ...common, kind: 'begin', characteristics };
  }
  if (verb === 'commit' || verb === 'rollback') {
    if (/^(work)?$/.test(rest)) return { ...common, kind: verb };
    if (verb === 'commit' || !/^(work )?to /.test(rest)) throw syntaxError(sql, tokens[1]);
  }
  if (REFUSED.has(verb)) throw new UnsupportedError(verb.toUpperCase());
  if (verb === 'set' || verb === 'use') return { ...common, kind: 'setting', autocommit: settingOf(verb, rest) };
  if (DDL.has(verb)) {
    if (verb !== 'truncate' && verb !== 'rename') refuseObjects(sql, tokens);
    return { ...common, kind: 'ddl' };
  }
  refuseReturning(sql, verb, tokens);
  return { ...common, kind: 'plain', readsLastInsertId: readsLastInsertId(sql, tokens) };
}

/** The text with its literals replaced by bind variables, as Vitess puts it into the messages of errors. */
export function withoutLiterals(sql: string, tokens: readonly Token[]): string {
  let text = '';
  let from = 0;
  let count = 0;
  for (const { kind, start, end } of tokens) {
    if (kind !== 'literal') continue;
    count += 1;
    text += `${sql.slice(from, start)}:vtg${count}`;
    from = end;
  }
  return text + sql.slice(from);
}

function textOf(sql: string, tokens: readonly Token[]): string {
  return tokens
    .map(({ start, end }) => sql.slice(start, end))
    .join(' ')
    .toLowerCase();
}

function refuseSeveral(sql: string, tokens: readonly Token[]): void {
  const first = tokens.findIndex(({ kind, start }) => kind === 'mark' && sql[start] === ';');
  const after = first === -1 ? undefined : tokens[first + 1];
  if (after !== undefined) throw syntaxError(sql, after);
}

function settingOf(verb: string, rest: string): boolean | undefined {
  if (verb === 'use') return undefined;
  if (/(^|, )(global|persist|persist_only|password|statement|role|default role)\b|@@(global|persist)/.test(rest)) {
    throw new UnsupportedError('SET of anything but settings of the session');
  }
  if (!/\bautocommit\b/.test(rest)) return undefined;
  const found = /^(?:session |local |@@(?:session\.|local\.)?)?autocommit (?:: )?= (?:(1|on|true)|(0|off|false))$/.exec(
    rest,
  );
  if (found === null) throw new UnsupportedError('SET autocommit beside another setting');
  return found[1] !== undefined;
}

/** Looks at the words before the name of what is made or dropped; CREATE DEFINER = x TRIGGER has it later. */
function refuseObjects(sql: string, tokens: readonly Token[]): void {
  for (const token of tokens.slice(1)) {
    const word = token.kind === 'word' ? sql.slice(token.start, token.end).toLowerCase() : '';
    if (word === 'table' || word === 'index' || word === 'view' || word === 'database' || word === 'schema') return;
    if (word === 'temporary') throw new UnsupportedError('temporary tables');
    if (NO_SUCH_OBJECT.has(word)) throw syntaxError(sql, token);
  }
}

/** MariaDB has RETURNING, and MySQL has not: what leans on it would work here and fail on PlanetScale. */
function refuseReturning(sql: string, verb: string, tokens: readonly Token[]): void {
  if (verb !== 'insert' && verb !== 'replace' && verb !== 'delete') return;
  const returning = tokens.find((token) => isWord(sql, token, 'returning'));
  if (returning !== undefined) throw syntaxError(sql, returning);
}

/** Whether it calls LAST_INSERT_ID() with nothing between the parentheses. Throws when it calls what cannot be answered here. */
function readsLastInsertId(sql: string, tokens: readonly Token[]): boolean {
  let found = false;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (sql.startsWith(':=', token.start) && token.kind === 'mark') throw syntaxError(sql, token);
    if (token.kind !== 'word' || next === undefined || sql[next.start] !== '(') continue;
    const name = sql.slice(token.start, token.end).toLowerCase();
    if (OF_A_CONNECTION.has(name)) throw new UnsupportedError(`${name.toUpperCase()}() in this gateway`);
    const closing = tokens[index + 2];
    if (name === 'last_insert_id' && closing !== undefined && sql[closing.start] === ')') found = true;
  }
  return found;
}

function isWord(sql: string, { kind, start, end }: Token, word: string): boolean {
  return kind === 'word' && end - start === word.length && sql.slice(start, end).toLowerCase() === word;
}

/** Vitess counts from 1, and names the place behind the word. */
function syntaxError(sql: string, token: Token | undefined): VtgateError {
  const { start, end } = token ?? { start: sql.length, end: sql.length };
  const near = sql.slice(start, end).toLowerCase();
  return new VtgateError(`syntax error at position ${end + 1}${near === '' ? '' : ` near '${near}'`}`);
}
