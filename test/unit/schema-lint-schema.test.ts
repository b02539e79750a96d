import { expect, it } from 'vitest';
import { diffSchemas } from '../../src/schema/diff/diff-schemas.js';
import { hasErrors, sortFindings } from '../../src/schema/lint/findings.js';
import { lintChanges } from '../../src/schema/lint/lint-changes.js';
import { lintSchema } from '../../src/schema/lint/lint-schema.js';
import { readVindexes, shippedVindexes } from '../../src/schema/lint/vindexes.js';
import type { LintFinding } from '../../src/schema/provider.js';
import { schemaOf } from '../../src/schema/table/read-schema.js';
import type { SchemaChange } from '../../src/schema/table/schema.js';

const OPTIONS = { allowForeignKeys: false, sharded: false, dataLoss: true };

const codesOf = (...createStatements: string[]): string[] =>
  lintSchema(schemaOf(createStatements), OPTIONS).map(({ code, column }) => (column ? `${code} ${column}` : code));

it('what MySQL 8 prints and MariaDB does not is read by the same rules', () => {
  const tail = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci';
  // An expression may be NULL, so a key over one is none that tells rows apart.
  expect(
    codesOf(`CREATE TABLE \`t\` (\n  \`a\` varchar(9) NOT NULL,\n  UNIQUE KEY \`k\` ((lower(\`a\`)))\n) ${tail}`),
  ).toEqual(['NO_UNIQUE_KEY']);
  expect(
    codesOf(
      `CREATE TABLE \`t\` (\n  \`a\` int NOT NULL,\n  PRIMARY KEY (\`a\`),\n  UNIQUE KEY \`k\` ((\`a\` + 1))\n) ${tail}`,
    ),
  ).toEqual([]);
  expect(
    codesOf(
      `CREATE TABLE \`t\` (\n  \`a\` int NOT NULL,\n  \`m\` json DEFAULT NULL,\n  \`s\` varchar(9) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,\n  PRIMARY KEY (\`a\`)\n) ${tail}\n/*!50100 PARTITION BY LIST (\`a\`)\n(PARTITION p0 VALUES IN (1) ENGINE = MyISAM) */`,
    ),
  ).toEqual(['UNSUPPORTED_PARTITIONING_FEATURE', 'UNSUPPORTED_PARTITIONING_FEATURE', 'NOT_UTF8MB4 s']);
});

it('what a change takes away is a warning with the table, and the column where one is named', () => {
  const change = (losses: readonly string[], more: Partial<SchemaChange> = {}): SchemaChange => ({
    table: 'drafts',
    operation: 'ALTER',
    statement: 'ALTER TABLE drafts …',
    canDropData: true,
    losses,
    ...more,
  });
  const findings = lintChanges([
    change(['column quality_score', 'body: longtext to text']),
    change(['table texts'], { table: 'texts', operation: 'DROP' }),
    change([], { table: 'others' }),
    change([], { table: 'added', operation: 'CREATE', canDropData: false }),
  ]);
  expect(findings.map(({ code, severity, table, column, line }) => [code, severity, table, column, line])).toEqual([
    ['DATA_LOSS', 'warning', 'drafts', 'body', null],
    ['DATA_LOSS', 'warning', 'drafts', 'quality_score', null],
    ['DATA_LOSS', 'warning', 'others', null, null],
    ['DATA_LOSS', 'warning', 'texts', null, null],
  ]);
  expect(findings.map(({ message }) => message)).toEqual([
    'ALTER TABLE drafts takes away stored data: body: longtext to text.',
    'ALTER TABLE drafts takes away stored data: column quality_score.',
    'ALTER TABLE others takes away stored data: stored values.',
    'DROP TABLE texts takes away stored data: table texts.',
  ]);
  expect(hasErrors(findings)).toBe(false);
});

it('the losses that a diff finds are told with their columns', () => {
  const drafts = (...columns: string[]) => {
    const lines = ['`id` int(11) NOT NULL', ...columns, 'PRIMARY KEY (`id`)'];
    return schemaOf([`CREATE TABLE \`drafts\` (\n  ${lines.join(',\n  ')}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`]);
  };
  const from = drafts(
    "`size` enum('a: b','c') DEFAULT NULL",
    '`body` longtext DEFAULT NULL',
    '`score` float DEFAULT NULL',
    '`gone` int(11)',
  );
  const to = drafts(
    "`size` enum('c') DEFAULT NULL",
    '`body` text DEFAULT NULL',
    '`score` float NOT NULL',
    '`added` int(11)',
  );
  const findings = lintChanges(diffSchemas(from, to));
  expect(findings.map(({ code, table, column }) => [code, table, column])).toEqual(
    ['body', 'gone', 'score', 'size'].map((column) => ['DATA_LOSS', 'drafts', column]),
  );
  expect(findings.map(({ hint }) => hint.split(/[;:]/)[0])).toEqual([
    'Keep body as it is',
    'Deploy first code that neither reads nor writes gone',
    'Fill the rows without a value first',
    'Keep size as it is',
  ]);
  expect(lintChanges(diffSchemas(from, from))).toEqual([]);
});

it('findings stand in the order of table, column, line and code, from whichever order', () => {
  const finding = (table: string | null, column: string | null, line: number | null, code: string): LintFinding => ({
    code,
    severity: code === 'E' ? 'error' : 'warning',
    table,
    column,
    line,
    message: '',
    hint: '',
  });
  const sorted = [
    finding(null, null, 1, 'W'),
    finding('B', null, 9, 'W'),
    finding('a', null, 2, 'E'),
    finding('a', null, 2, 'W'),
    finding('a', null, 10, 'A'),
    finding('a', 'c', 1, 'A'),
  ];
  expect(sortFindings([...sorted].reverse())).toEqual(sorted);
  expect(hasErrors(sorted)).toBe(true);
  expect(hasErrors([])).toBe(false);
});

it('a VSchema gives the columns of the primary vindex, and the column that a sequence numbers', () => {
  expect(Object.fromEntries(shippedVindexes())).toEqual({
    ai_content: { columns: ['idempotency_key'], sequenceColumn: 'id' },
    hookline_migrations: { columns: ['name'], sequenceColumn: null },
  });
  const vschema = {
    sharded: true,
    tables: {
      two: {
        column_vindexes: [
          { columns: ['a', 'b'], name: 'multicol' },
          { column: 'c', name: 'lookup' },
        ],
      },
      none: {},
      seq: { type: 'sequence' },
      ref: { type: 'reference', column_vindexes: [{ column: 'a', name: 'xxhash' }] },
      pin: { pinned: '00' },
    },
  };
  const whole = { columns: null, sequenceColumn: null };
  expect(Object.fromEntries(readVindexes(JSON.stringify(vschema)))).toEqual({
    two: { columns: ['a', 'b'], sequenceColumn: null },
    none: { columns: [], sequenceColumn: null },
    seq: whole,
    ref: whole,
    pin: whole,
  });
  expect(readVindexes('{}').size).toBe(0);
  for (const text of ['', '[]', 'null', '{"tables":{"t":3}}', '{"tables":{"t":{"column_vindexes":"id"}}}']) {
    expect(() => readVindexes(text), text).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  }
});
