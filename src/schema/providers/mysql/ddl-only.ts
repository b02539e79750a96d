import { tokensOf } from '../../../db/mysql/sql-tokens.js';
import { HooklineError } from '../../../errors.js';
import type { FileStatement } from '../../table/schema.js';
import { beginningOf } from '../../table/split-statements.js';

/** What changes tables and their indexes, and nothing else. */
const KINDS =
  /^(CREATE (OR REPLACE )?TABLE|ALTER TABLE|DROP TABLE|RENAME TABLE|CREATE (OR REPLACE )?(UNIQUE |FULLTEXT |SPATIAL )?INDEX|DROP INDEX)\b/;

/**
 * Lets only DDL of tables pass, and only on the branch's own: a name with a database before it would reach into production. Throws `schema_apply_failed`.
 */
export function checkIsDdl(statement: FileStatement): void {
  const problem = problemOf(statement.text);
  if (problem === undefined) return;
  throw new HooklineError(
    'schema_apply_failed',
    `Line ${statement.line}: ${beginningOf(statement.text)}: ${problem}.`,
    {
      hint: 'A branch takes CREATE TABLE, ALTER TABLE, DROP TABLE, RENAME TABLE, CREATE INDEX and DROP INDEX on its own tables. Nothing was run.',
    },
  );
}

function problemOf(text: string): string | undefined {
  const tokens = tokensOf(text);
  const words = tokens.map(({ kind, start, end }) => (kind === 'word' ? text.slice(start, end).toUpperCase() : '?'));
  if (!KINDS.test(words.slice(0, 4).join(' '))) return 'it is no DDL of a table or an index';
  if (words[0] === 'CREATE' && words.includes('SELECT')) return 'a table made by SELECT would bring data along';
  const named = tokens.some((token, index) => {
    const before = tokens[index - 1];
    if (before === undefined || (before.kind !== 'word' && before.kind !== 'name')) return false;
    if (text[token.start] !== '.') return false;
    // Right after a name, `.5e1` is no number but a name too.
    return token.kind === 'mark' || before.end === token.start;
  });
  return named ? 'it puts the name of a database before a table, and a branch has tables of its own alone' : undefined;
}
