import { HooklineError } from '../../errors.js';
import type { Migration } from '../migration-files.js';

/** A column or an index that a migration makes. */
export interface Clause {
  readonly kind: 'column' | 'index';
  readonly name: string;
  /** As it stands in the file: `ADD COLUMN …`, or in a CREATE TABLE the definition alone. */
  readonly text: string;
  /** What follows the name: the type and its attributes, or the columns in parentheses. */
  readonly definition: string;
  readonly unique: boolean;
}

/** The one statement of a migration for MySQL, taken apart so that what a table already has can be left out. */
export interface Change {
  readonly name: string;
  readonly hash: string;
  readonly kind: 'create' | 'alter';
  readonly table: string;
  readonly clauses: readonly Clause[];
  /** The whole statement. */
  readonly statement: string;
}

const CREATE = /^CREATE TABLE IF NOT EXISTS (\w+) \(\n([^;]+)\n\)[^;()]*;$/;
const ALTER = /^ALTER TABLE (\w+)\n([^;]+);$/;
const COLUMN = /^(\w+) (.+)$/;
const INDEX = /^(UNIQUE )?INDEX (\w+) (\(.+\))$/;

/**
 * Reads a migration by its one convention: `CREATE TABLE IF NOT EXISTS name (` or `ALTER TABLE name`, then one clause a line. MySQL commits
 * each DDL statement by itself and applies it whole, so one statement is all that a migration can be without leaving half of itself behind.
 * Throws `migration_failed` for any other text.
 */
export function toChange({ name, text, hash }: Migration): Change {
  const statement = text.replaceAll(/^--.*\n/gm, '').trim();
  const create = CREATE.exec(statement);
  const [, table, body] = create ?? ALTER.exec(statement) ?? [];
  const clauses = (body ?? '').split(/,\n/).map((line) => toClause(line.trim(), create ? '' : 'ADD '));
  const known = clauses.filter((clause) => clause !== undefined);
  if (table === undefined || known.length < clauses.length) {
    throw new HooklineError(
      'migration_failed',
      `${name} is no migration for MySQL: one CREATE TABLE IF NOT EXISTS, or one ALTER TABLE that adds columns and indexes, a clause a line.`,
    );
  }
  return { name, hash, kind: create ? 'create' : 'alter', table, clauses: known, statement: statement.slice(0, -1) };
}

/** The ALTER TABLE that adds some clauses of the change alone. */
export function statementFor(change: Change, clauses: readonly Clause[]): string {
  if (change.kind === 'create' || clauses.length === change.clauses.length) return change.statement;
  return `ALTER TABLE ${change.table}\n  ${clauses.map(({ text }) => text).join(',\n  ')}`;
}

function toClause(text: string, verb: '' | 'ADD '): Clause | undefined {
  if (!text.startsWith(verb)) return undefined;
  const rest = text.slice(verb.length);
  const index = INDEX.exec(rest);
  if (index) return { kind: 'index', name: index[2] ?? '', text, definition: index[3] ?? '', unique: !!index[1] };
  // In an ALTER the word COLUMN is needed; else `ADD PRIMARY KEY` would read as a column.
  if (verb !== '' && !rest.startsWith('COLUMN ')) return undefined;
  const column = COLUMN.exec(verb === '' ? rest : rest.slice('COLUMN '.length));
  if (!column) return undefined;
  return { kind: 'column', name: column[1] ?? '', text, definition: column[2] ?? '', unique: false };
}
