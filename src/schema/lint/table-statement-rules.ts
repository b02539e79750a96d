import type { Breach, Rule } from './rule.js';
import { renamedTo, type Statement } from './statement.js';
import { breachOf, subject } from './statement-breach.js';
import { sqlName, type Word } from './words.js';

/** What statements do to whole tables, and how they name them. */
export const TABLE_STATEMENT_RULES: readonly Rule<Statement>[] = [
  {
    code: 'RENAME_TABLE',
    severity: 'error',
    check: ({ verb, object, tables, mentioned, clauses }) => {
      if (verb === 'RENAME' && object === 'TABLE')
        return tables.map(({ name, line }, index) => renamedTable(name, mentioned[index]?.name, line));
      if (verb !== 'ALTER' || object !== 'TABLE') return [];
      return clauses.flatMap((clause) => {
        const to = renamedTo(clause);
        return to && tables[0] ? [renamedTable(tables[0].name, to.name, clause[0]?.line ?? to.line)] : [];
      });
    },
    hint: ({ table, detail }) =>
      `CREATE TABLE ${detail} LIKE ${sqlName(table ?? '')}; deploy that; write both tables; fill the new one; read the new one; then DROP TABLE ${sqlName(table ?? '')} in a later deploy request.`,
  },
  {
    code: 'DATA_LOSS',
    severity: 'warning',
    applies: ({ dataLoss }) => dataLoss,
    check: (statement) => lostTables(statement),
    hint: ({ table }) =>
      `Copy what is needed of ${sqlName(table ?? '')} first, and deploy when nothing reads it any more. Rows alone are deleted by the application, not by a change of the schema.`,
  },
  {
    code: 'QUALIFIED_NAME',
    severity: 'error',
    check: ({ tables, mentioned }) =>
      [...tables, ...mentioned]
        .filter(({ database }) => database !== null)
        .map(({ database, name, line }) => ({
          table: name,
          line,
          message: `The table ${name} is named with the database ${database}, so the statement would not run on the branch.`,
          detail: sqlName(database ?? ''),
        })),
    hint: ({ table, detail }) => `Write ${sqlName(table ?? '')}, without ${detail} and the dot.`,
  },
  {
    code: 'DDL_ALGORITHM',
    severity: 'warning',
    check: (statement) =>
      algorithms(statement).map(({ keyword, line }) => ({
        ...breachOf(
          statement,
          `${keyword} is not carried by a deploy request: the deployment chooses how it changes a table.`,
          keyword,
        ),
        line,
      })),
    hint: ({ detail }) => `Leave ${detail} out.`,
  },
];

function renamedTable(table: string, to: string | undefined, line: number): Breach {
  const message = `The table ${table} is renamed${to ? ` to ${to}` : ''}: whatever runs meanwhile knows one of the names alone, and a deploy request sees a table dropped and another created.`;
  return { table, line, message, detail: sqlName(to ?? '') };
}

function lostTables(statement: Statement): Breach[] {
  const { verb, object, modifiers, tables, clauses } = statement;
  if (object !== 'TABLE' || modifiers.has('TEMPORARY')) return [];
  const lost = (says: string): Breach[] =>
    tables.map(({ name, line }) => ({ table: name, line, message: `The table ${name} ${says}.` }));
  if (verb === 'DROP') return lost('is dropped with all its rows');
  if (verb === 'TRUNCATE') return lost('loses all its rows on the branch; a deploy request does not carry that');
  if (verb === 'CREATE' && modifiers.has('REPLACE'))
    return lost('is dropped with all its rows where it is there already');
  if (verb !== 'ALTER') return [];
  return clauses.flatMap(([first, second]) => {
    const pair = `${first?.keyword} ${second?.keyword}`;
    if (!['DROP PARTITION', 'TRUNCATE PARTITION', 'DISCARD TABLESPACE', 'DISCARD PARTITION'].includes(pair)) return [];
    const message = `The table ${subject(statement)} loses the rows of ${pair}.`;
    return [{ table: subject(statement), line: first?.line ?? statement.line, message }];
  });
}

const ALGORITHMS = new Set(['ALGORITHM', 'LOCK']);

/** `ALGORITHM = …` and `LOCK = …`: clauses of their own in ALTER TABLE, options at the end of CREATE INDEX and DROP INDEX. */
function algorithms({ verb, object, clauses }: Statement): Word[] {
  if (object === 'INDEX') return clauses.flat().filter(({ keyword, depth }) => depth === 0 && ALGORITHMS.has(keyword));
  if (object !== 'TABLE' || verb !== 'ALTER') return [];
  return clauses.flatMap(([first]) => (first && ALGORITHMS.has(first.keyword) ? [first] : []));
}
