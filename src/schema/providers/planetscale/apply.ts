import { tokensOf } from '../../../db/mysql/sql-tokens.js';
import { HooklineError } from '../../../errors.js';
import { diffSchemas } from '../../diff/diff-schemas.js';
import { ofTable } from '../../diff/of-table.js';
import type { Provider } from '../../provider.js';
import type { SqlSession } from '../../sql-session.js';
import { readSchema } from '../../table/read-schema.js';
import type { FileStatement, Schema } from '../../table/schema.js';
import { beginningOf } from '../../table/split-statements.js';
import { branchProtected, getBranch } from './branch-routes.js';
import { makePassword, type PasswordOptions } from './passwords.js';
import { ownStatementRefused } from './sql-words.js';

/**
 * Runs a file's statements on a development branch, over a password with the right to change its schema. MySQL undoes no DDL: on trouble the tables are
 * brought back by the difference to what they were, and where that does not work, the error says which statements stay.
 */
export function createApply(options: PasswordOptions): Provider['apply'] {
  return async (branch, statements, onApplied) => {
    const { name, production } = await getBranch(options.api, branch);
    if (production) throw branchProtected(name, 'no file is applied to it');
    const { sql, remove } = await makePassword(options, name, 'admin');
    try {
      const before = await readSchema(sql).catch((error: unknown) => {
        throw ownStatementRefused(error);
      });
      await runAll(sql, before, statements, onApplied);
    } finally {
      await remove();
    }
  };
}

async function runAll(
  sql: SqlSession,
  before: Schema,
  statements: readonly FileStatement[],
  onApplied: (statement: FileStatement) => void,
): Promise<void> {
  const applied: FileStatement[] = [];
  for (const statement of statements) {
    try {
      await sql.run(statement.text);
    } catch (error) {
      const stays = await bringBack(sql, before, applied);
      throw applyFailed(statement, error, stays);
    }
    applied.push(statement);
    onApplied(statement);
  }
}

/** Makes the tables what they were; gives what is to be said of the branch now. */
async function bringBack(sql: SqlSession, before: Schema, applied: readonly FileStatement[]): Promise<string> {
  const emptied: string[] = [];
  try {
    const now = await readSchema(sql);
    emptied.push(...diffSchemas(before, now).flatMap(({ table, losses }) => ofTable(table, losses)));
    for (const { statement } of diffSchemas(now, before)) await sql.run(statement);
    const left = diffSchemas(await readSchema(sql), before);
    if (left.length > 0) return staying(applied);
  } catch (error) {
    return `${staying(applied)} Undoing them failed: ${wordsOfError(error)}`;
  }
  const changedRows = applied.filter(({ text }) => !changesTables(text));
  const stays = changedRows.length > 0 ? ` What ${places(changedRows)} did to rows stays.` : '';
  const without = emptied.length === 0 ? '' : `, without what the branch had stored in: ${emptied.join(', ')}`;
  const remade = dropsMoreThan(emptied, applied) ? ' What was dropped and made again is empty.' : '';
  return `The branch has its tables as they were before${without}.${remade}${stays}`;
}

/** Whether a statement dropped something with rows that `emptied` has no name of: made again the same, it is no difference of the schemas. */
function dropsMoreThan(emptied: readonly string[], applied: readonly FileStatement[]): boolean {
  const names = new Set(emptied.map((loss) => /(?:^|: )(?:table|column) (.+)$/.exec(loss)?.[1]?.toLowerCase()));
  return applied.some(({ text }) => {
    const words = wordsOf(text);
    return dropsRows(words) && !words.some((word) => names.has(word.replaceAll('`', '').toLowerCase()));
  });
}

function staying(applied: readonly FileStatement[]): string {
  return applied.length === 0
    ? 'Look at the branch: the statement may have run in part.'
    : `What ${places(applied)} did stays on the branch.`;
}

function places(statements: readonly FileStatement[]): string {
  const lines = statements.map(({ line }) => line);
  return `the statement${lines.length === 1 ? '' : 's'} of line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}`;
}

const CHANGES_TABLES = /^(CREATE|ALTER|DROP|RENAME)$/i;

/** What a DROP may name that has no rows; a plain name is a column's. */
const WITHOUT_ROWS = /^(INDEX|KEY|PRIMARY|FOREIGN|CONSTRAINT|CHECK|DEFAULT|VIEW)$/i;

function dropsRows(words: readonly string[]): boolean {
  return words.some((word, at) => /^DROP$/i.test(word) && !WITHOUT_ROWS.test(words[at + 1] ?? ''));
}

function changesTables(text: string): boolean {
  return CHANGES_TABLES.test(wordsOf(text)[0] ?? '');
}

function wordsOf(text: string): string[] {
  return tokensOf(text).map(({ start, end }) => text.slice(start, end));
}

function applyFailed({ text, line }: FileStatement, error: unknown, stays: string): HooklineError {
  return new HooklineError('schema_apply_failed', `Line ${line}: ${beginningOf(text)}: ${wordsOfError(error)}`, {
    hint: stays,
    cause: error,
  });
}

function wordsOfError(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  const hint = error instanceof HooklineError && error.hint !== undefined ? ` ${error.hint}` : '';
  return `${words}${hint}`;
}
