import { addedColumns, droppedColumns, renamedColumns } from './alter-columns.js';
import type { Rule } from './rule.js';
import type { Statement } from './statement.js';
import { subject } from './statement-breach.js';
import { sqlName, textOf, type Word } from './words.js';

/** What the clauses of an ALTER TABLE do to columns. */
export const COLUMN_STATEMENT_RULES: readonly Rule<Statement>[] = [
  {
    code: 'RENAME_COLUMN',
    severity: 'error',
    check: (statement) =>
      renamedColumns(statement).map(({ name, to, line, definition }) => ({
        table: subject(statement),
        column: name,
        line,
        message: `The column ${name} is renamed to ${to}: whatever runs meanwhile knows one of the names alone, and a deploy request sees a column dropped and another added.`,
        detail: `${sqlName(to)} ${definition || `with the type of ${sqlName(name)}`}`,
      })),
    hint: ({ table, column, detail }) =>
      `ALTER TABLE ${sqlName(table ?? '')} ADD COLUMN ${detail}; deploy that; write both columns; fill the new one from ${sqlName(column ?? '')}; read the new one; then DROP COLUMN ${sqlName(column ?? '')} in a later deploy request.`,
  },
  {
    code: 'DATA_LOSS',
    severity: 'warning',
    applies: ({ dataLoss }) => dataLoss,
    check: (statement) =>
      droppedColumns(statement).map(({ name, line }) => ({
        table: subject(statement),
        column: name,
        line,
        message: `The column ${name} is dropped with what is stored in it.`,
      })),
    hint: ({ column }) =>
      `Deploy first code that neither reads nor writes ${sqlName(column ?? '')}, copy what is needed of it, and then deploy this.`,
  },
  {
    code: 'IMPLICIT_DEFAULT',
    severity: 'warning',
    check: (statement) =>
      addedColumns(statement).flatMap(({ name, line, definition }) => {
        const end = endOfNotNull(definition);
        if (end === 0 || definition.some(({ keyword }) => FILLED.has(keyword))) return [];
        return [
          {
            table: subject(statement),
            column: name,
            line,
            message: `The column ${name} is NOT NULL without a default: rows that are there get an empty value (0, '') that nobody chose, and inserts that do not name it fail.`,
            detail: textOf(definition.slice(0, end), statement.source),
          },
        ];
      }),
    hint: ({ column, detail }) =>
      `ADD COLUMN ${sqlName(column ?? '')} ${detail} DEFAULT …, with the value for the rows that are there (of TEXT, BLOB and JSON in parentheses); or without NOT NULL.`,
  },
];

/** What gives a column a value by itself: `GENERATED ALWAYS AS`, `AS (…)`, `SERIAL`. */
const FILLED = new Set(['DEFAULT', 'AUTO_INCREMENT', 'GENERATED', 'AS', 'SERIAL']);

/** How many words of a definition end with NOT NULL; 0 where it does not stand there. */
function endOfNotNull(definition: readonly Word[]): number {
  const at = definition.findIndex(
    ({ keyword }, index) => keyword === 'NOT' && definition[index + 1]?.keyword === 'NULL',
  );
  return at === -1 ? 0 : at + 2;
}
