import { COLUMN_STATEMENT_RULES } from './column-statement-rules.js';
import type { Breach, Rule } from './rule.js';
import { SCHEMA_VERBS, type Statement } from './statement.js';
import { breachOf, subject } from './statement-breach.js';
import { TABLE_STATEMENT_RULES } from './table-statement-rules.js';
import { sqlName } from './words.js';

const OF_TABLES = new Set(['TABLE', 'INDEX', 'VIEW', 'DATABASE']);
const STORED_CODE = new Set(['TRIGGER', 'PROCEDURE', 'FUNCTION', 'EVENT', 'PACKAGE', 'SEQUENCE']);

/** What holds of the statements of a file. */
export const STATEMENT_RULES: readonly Rule<Statement>[] = [
  ...COLUMN_STATEMENT_RULES,
  ...TABLE_STATEMENT_RULES,
  {
    code: 'UNSUPPORTED_FEATURE',
    severity: 'error',
    check: (statement) => [
      ...(isSchemaVerb(statement) && STORED_CODE.has(statement.object)
        ? [
            breachOf(
              statement,
              `${heading(statement)}: PlanetScale has no triggers, routines, events and sequences, and a deploy request carries none.`,
              statement.object,
            ),
          ]
        : []),
      ...statement.words
        .filter(({ keyword }, index) => keyword === 'JSON_TABLE' && statement.words[index + 1]?.keyword === '(')
        .map(({ line }) => ({ ...breachOf(statement, 'Vitess does not know JSON_TABLE.', 'JSON_TABLE'), line })),
    ],
    hint: ({ detail }) =>
      UNSUPPORTED_HINTS[detail ?? ''] ?? 'Do in the application what it would do, and leave the statement out.',
  },
  {
    code: 'FOREIGN_KEYS_DISALLOWED',
    severity: 'error',
    applies: ({ allowForeignKeys }) => !allowForeignKeys,
    check: (statement) =>
      isOf(statement, ['CREATE', 'ALTER'], 'TABLE')
        ? statement.words
            .filter(({ keyword }) => keyword === 'REFERENCES')
            .map(({ line }) => ({
              ...breachOf(
                statement,
                `A foreign key is added to ${subject(statement)}, which the database does not take.`,
              ),
              line,
            }))
        : [],
    hint: () =>
      "Write the columns and a plain INDEX on them, without FOREIGN KEY … REFERENCES, and uphold the relation in the application. Or switch foreign keys on in PlanetScale's settings of the database, and allow them here.",
  },
  {
    code: 'NOT_A_SCHEMA_CHANGE',
    severity: 'error',
    check: (statement) => notOfTheSchema(statement),
    hint: ({ detail }) =>
      detail ??
      'Take it out of the file. What changes rows is run by the application, or on the production branch once the schema is deployed.',
  },
  {
    code: 'DATABASE_STATEMENT',
    severity: 'error',
    check: (statement) =>
      isOf(statement, ['CREATE', 'ALTER', 'DROP'], 'DATABASE')
        ? [
            breachOf(
              statement,
              `${heading(statement)}: a branch is one database, and a deploy request changes its tables alone.`,
            ),
          ]
        : [],
    hint: () =>
      'Take it out of the file. A copy of the database is a branch: hookline schema branch create <name>. A character set is said of each table.',
  },
  {
    code: 'VIEW_NOT_CARRIED',
    severity: 'warning',
    applies: ({ sharded }) => !sharded,
    check: (statement) =>
      isOf(statement, ['CREATE', 'ALTER', 'DROP'], 'VIEW')
        ? [
            breachOf(
              statement,
              `${heading(statement)}: Hookline compares and deploys tables; a view stays on the branch.`,
            ),
          ]
        : [],
    hint: () =>
      "Make the view on the production branch once its tables are deployed, or by a deploy request of PlanetScale's own.",
  },
  {
    code: 'UNSUPPORTED_SHARDED_FEATURE',
    severity: 'error',
    applies: ({ sharded }) => sharded,
    check: (statement) =>
      isOf(statement, ['CREATE', 'ALTER'], 'VIEW')
        ? [breachOf(statement, `${heading(statement)}: a sharded keyspace has no views.`)]
        : [],
    hint: () => 'Write the query of the view where it is used, or keep its rows in a table.',
  },
];

const UNSUPPORTED_HINTS: Readonly<Record<string, string>> = {
  TRIGGER:
    'Do in the application, in the transaction that writes the row, what the trigger would do; a value of the row itself can be a GENERATED column.',
  EVENT: 'Run it on a timer of the application, as hookline cleanup is.',
  SEQUENCE: 'Number the rows by AUTO_INCREMENT.',
  JSON_TABLE: 'Read the JSON and take it apart in the application, or keep its parts in columns.',
};

function isOf({ verb, object }: Statement, verbs: readonly string[], wanted: string): boolean {
  return verbs.includes(verb) && object === wanted;
}

function isSchemaVerb({ verb }: Statement): boolean {
  return SCHEMA_VERBS.has(verb);
}

/** What the statement is, in its own words: `CREATE TRIGGER`. */
function heading({ verb, object, words }: Statement): string {
  return object === '' ? verb || (words[0]?.text ?? '') : `${verb} ${object}`;
}

function notOfTheSchema(statement: Statement): Breach[] {
  const { verb, object, modifiers, words } = statement;
  if (!isSchemaVerb(statement) || (!OF_TABLES.has(object) && !STORED_CODE.has(object))) {
    return [
      breachOf(statement, `${heading(statement)} is no change of a table, and a deploy request carries those alone.`),
    ];
  }
  if (object !== 'TABLE') return [];
  if (modifiers.has('TEMPORARY')) {
    const hint = 'Take it out of the file: make the temporary table in the session that needs it.';
    return [
      breachOf(statement, 'A temporary table ends with its session, and a deploy request does not see it.', hint),
    ];
  }
  if (verb !== 'CREATE' || !words.some(({ keyword }) => keyword === 'SELECT')) return [];
  const hint = `Write the columns of ${sqlName(subject(statement) ?? '')} out, and fill it once the schema is deployed.`;
  return [
    breachOf(
      statement,
      `CREATE TABLE ${subject(statement)} … SELECT fills the table, and a deploy request carries no rows.`,
      hint,
    ),
  ];
}
