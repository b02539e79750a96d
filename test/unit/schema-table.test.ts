import { describe, expect, it } from 'vitest';
import { HooklineError } from '../../src/errors.js';
import { parseTable } from '../../src/schema/table/parse-table.js';
import { schemaOf } from '../../src/schema/table/read-schema.js';
import { schemaHash } from '../../src/schema/table/schema-hash.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { AI_CONTENT, ODD } from './schema-samples.js';

function refusal(call: () => unknown): HooklineError {
  try {
    call();
  } catch (error) {
    if (error instanceof HooklineError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('SHOW CREATE TABLE of MySQL 8', () => {
  it('gives ai_content with its columns, keys and texts', () => {
    const table = parseTable(AI_CONTENT);
    expect(table).toMatchObject({
      name: 'ai_content',
      engine: 'InnoDB',
      charset: 'utf8mb4',
      collation: 'utf8mb4_0900_ai_ci',
      options: '',
      partitioning: null,
    });
    expect(table.createStatement).not.toContain('AUTO_INCREMENT=');
    expect(table.columns.map(({ name, type, nullable, collation }) => [name, type, nullable, collation])).toEqual([
      ['id', 'bigint', false, null],
      ['title', 'varchar(500)', false, 'utf8mb4_0900_ai_ci'],
      ['body', 'text', true, 'utf8mb4_0900_ai_ci'],
      ['category', 'varchar(100)', true, 'utf8mb4_0900_ai_ci'],
      ['metadata', 'json', true, null],
      ['channel_id', 'varchar(36)', true, 'utf8mb4_0900_ai_ci'],
      ['created_at', 'timestamp', true, null],
      ['idempotency_key', 'char(64)', true, 'ascii_bin'],
      ['callback_state', 'varchar(10)', true, 'ascii_general_ci'],
    ]);
    expect(table.columns[3]?.definition).toBe(
      "varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci DEFAULT 'general'",
    );
    expect(table.columns[6]?.definition).toBe('timestamp NULL DEFAULT CURRENT_TIMESTAMP');
    expect(table.keys.map(({ name, kind, columns }) => [name, kind, columns])).toEqual([
      ['PRIMARY', 'primary', ['id']],
      ['ai_content_idempotency_key', 'unique', ['idempotency_key']],
      ['idx_channel', 'plain', ['channel_id']],
    ]);
  });

  it('is read also where names, values and comments hold what ends other things', () => {
    const table = parseTable(ODD);
    expect(table.name).toBe('odd`,(');
    expect(table.columns.map(({ name, type }) => [name, type])).toEqual([
      ['a`)', "enum('x,y','it''s)','`')"],
      ['b', 'varchar(20)'],
      ['g', 'int unsigned'],
      ['p', 'geometry'],
    ]);
    expect(table.columns[1]).toMatchObject({ charset: 'utf8mb4', collation: 'utf8mb4_bin', nullable: true });
    expect(table.columns[2]).toMatchObject({
      definition: 'int unsigned GENERATED ALWAYS AS ((length(`b`) + 1)) STORED NOT NULL /*!80023 INVISIBLE */',
      nullable: false,
    });
    expect(table.keys).toMatchObject([
      { name: 'k', columns: ['b', null], hasPrefix: true },
      { name: 'f,', kind: 'fulltext', hasPrefix: false },
    ]);
    expect(table.constraints).toMatchObject([
      { name: 'fk', kind: 'foreign_key', references: 'par`ent' },
      {
        name: 'chk',
        kind: 'check',
        references: null,
        definition: "CONSTRAINT `chk` CHECK ((`b` <> _utf8mb4'),')) /*!80016 NOT ENFORCED */",
      },
    ]);
    expect(table.options).toBe("STATS_PERSISTENT=1 ENCRYPTION='Y' COMMENT='ENGINE=x, AUTO_INCREMENT=5'");
    expect(table.partitioning).toBe(
      'PARTITION BY RANGE (`g`) (PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB, PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB)',
    );
    expect(parseTable(table.createStatement)).toEqual(table);
  });

  it.each([
    ['a view', 'CREATE ALGORITHM=UNDEFINED VIEW `v` AS select 1'],
    ['names in double quotes', 'CREATE TABLE "t" (\n  "a" int\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4'],
    ['no options', 'CREATE TABLE `t` (\n  `a` int\n)'],
    [
      'a period',
      'CREATE TABLE `t` (\n  `a` date,\n  PERIOD FOR `p` (`a`, `a`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4',
    ],
    [
      'system versions',
      'CREATE TABLE `t` (\n  `a` date\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 WITH SYSTEM VERSIONING',
    ],
    ['nothing', ''],
  ])('is refused with a hint: %s', (_, sql) => {
    const error = refusal(() => parseTable(sql));
    expect(error.code).toBe('schema_unreadable');
    expect(error.hint).toMatch(/.{20}/);
  });

  it('has the same hash with another AUTO_INCREMENT or order of keys, another with another order of columns', () => {
    const hash = (sql: string) => schemaHash(schemaOf([sql]));
    expect(hash(AI_CONTENT)).toMatch(/^[0-9a-f]{64}$/);
    expect(hash(AI_CONTENT.replace('AUTO_INCREMENT=42', 'AUTO_INCREMENT=7'))).toBe(hash(AI_CONTENT));
    const [title = '', body = ''] = [/ {2}`title`.*\n/, / {2}`body`.*\n/].map(
      (line) => line.exec(AI_CONTENT)?.[0] ?? '',
    );
    expect(hash(AI_CONTENT.replace(title + body, body + title))).not.toBe(hash(AI_CONTENT));
    const [key = '', other = ''] = [/ {2}UNIQUE.*\n/, / {2}PRIMARY.*\n/].map(
      (line) => line.exec(AI_CONTENT)?.[0] ?? '',
    );
    expect(hash(AI_CONTENT.replace(other + key, key + other))).toBe(hash(AI_CONTENT));
  });
});

describe('statements of a file', () => {
  it('are cut at semicolons that are SQL, with the line each begins at', () => {
    const text =
      "-- first; one\nALTER TABLE a\n  ADD b int; -- behind; it\n/* c; */ SELECT ';''' , `;`;;\n/*!40101 SET x = 1; */;\nSELECT 2\n-- the end";
    expect(splitStatements(text)).toEqual([
      { text: 'ALTER TABLE a\n  ADD b int', line: 2 },
      { text: "SELECT ';''' , `;`", line: 4 },
      { text: '/*!40101 SET x = 1; */', line: 5 },
      { text: 'SELECT 2', line: 6 },
    ]);
  });

  it.each([
    ["SELECT 1;\nSELECT 'x;\n", 'Line 2', /quote/],
    ['SELECT `x;', 'Line 1', /quote/],
    ['SELECT 1;\n\n/* x;', 'Line 3', /comment/],
    ['SELECT 1;\n/*!40101 SET x;', 'Line 2', /comment/],
    ['SELECT 1 */;', 'Line 1', /comment/],
    ['SELECT 1;\nDELIMITER //\nCREATE TRIGGER x//', 'Line 2', /routines and triggers/],
    ['SELECT 1;\nSELECT \u0000;', 'Line 2', /UTF-8/],
    ['-- only a comment;', 'no statement', /semicolon/],
  ])('are refused where they cannot be told: %j', (text, message, hint) => {
    const error = refusal(() => splitStatements(text));
    expect([error.code, error.message, error.hint]).toEqual([
      'sql_file_unreadable',
      expect.stringContaining(message),
      expect.stringMatching(hint),
    ]);
  });
});
