import { describe, expect, it } from 'vitest';
import { diffSchemas } from '../../src/schema/diff/diff-schemas.js';
import { schemaOf } from '../../src/schema/table/read-schema.js';
import { AI_CONTENT } from './schema-samples.js';

const TAIL = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci';
const table = (name: string, lines: readonly string[], tail = TAIL) =>
  `CREATE TABLE \`${name}\` (\n  ${lines.join(',\n  ')}\n) ${tail}`;
const diff = (from: readonly string[], to: readonly string[]) => diffSchemas(schemaOf(from), schemaOf(to));
const statements = (from: readonly string[], to: readonly string[]) => diff(from, to).map(({ statement }) => statement);
const t = (lines: readonly string[], tail?: string) => [table('t', lines, tail)];

describe('the diff of two schemas', () => {
  it('of the specification adds its two columns in one statement, which takes nothing away; the reverse drops them', () => {
    const branch = AI_CONTENT.replace(
      '  PRIMARY',
      '  `embedding_id` varchar(100) DEFAULT NULL,\n  `quality_score` float DEFAULT NULL,\n  PRIMARY',
    );
    expect(diff([AI_CONTENT], [branch])).toEqual([
      {
        table: 'ai_content',
        operation: 'ALTER',
        statement:
          'ALTER TABLE `ai_content` ADD COLUMN `embedding_id` varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci DEFAULT NULL, ADD COLUMN `quality_score` float DEFAULT NULL',
        canDropData: false,
        losses: [],
      },
    ]);
    expect(diff([branch], [AI_CONTENT])).toEqual([
      {
        table: 'ai_content',
        operation: 'ALTER',
        statement: 'ALTER TABLE `ai_content` DROP COLUMN `embedding_id`, DROP COLUMN `quality_score`',
        canDropData: true,
        losses: ['column embedding_id', 'column quality_score'],
      },
    ]);
    expect(diff([AI_CONTENT], [AI_CONTENT.replace('=42', '=43')])).toEqual([]);
  });

  it('moves the fewest columns', () => {
    const lines = ['a', 'b', 'c', 'd'].map((name) => `\`${name}\` int`);
    const [a = '', b = '', c = '', d = ''] = lines;
    expect(statements(t(lines), t([d, a, b, c]))).toEqual(['ALTER TABLE `t` MODIFY COLUMN `d` int FIRST']);
    expect(statements(t(lines), t([b, c, a, '`n` int', d]))).toEqual([
      'ALTER TABLE `t` MODIFY COLUMN `a` int AFTER `c`, ADD COLUMN `n` int AFTER `a`',
    ]);
  });

  it('leaves the columns as they are when the default character set alone changes', () => {
    const lines = ['`a` varchar(9) CHARACTER SET latin1 DEFAULT NULL', '`b` int'];
    const latin = t(['`a` varchar(9) DEFAULT NULL', '`b` int'], 'ENGINE=InnoDB DEFAULT CHARSET=latin1');
    expect(statements(t(lines), latin)).toEqual([
      'ALTER TABLE `t` DEFAULT CHARACTER SET latin1 COLLATE latin1_swedish_ci',
    ]);
  });

  it('sets options that are gone back to their defaults', () => {
    const plain = t(['`a` int']);
    const rich = t(
      ['`a` int'],
      `${TAIL} STATS_PERSISTENT=1 ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=4 COMMENT='a, b'\n/*!50100 PARTITION BY HASH (\`a\`)\nPARTITIONS 4 */`,
    );
    expect(statements(rich, plain)).toEqual([
      "ALTER TABLE `t` COMMENT='', KEY_BLOCK_SIZE=0, ROW_FORMAT=DEFAULT, STATS_PERSISTENT=DEFAULT REMOVE PARTITIONING",
    ]);
    expect(statements(plain, rich)).toEqual([
      "ALTER TABLE `t` COMMENT='a, b', KEY_BLOCK_SIZE=4, ROW_FORMAT=COMPRESSED, STATS_PERSISTENT=1 PARTITION BY HASH (`a`) PARTITIONS 4",
    ]);
  });

  it('makes tables before those that refer to them and drops them after; in a ring one foreign key comes later', () => {
    const key = (to: string) => `CONSTRAINT \`to_${to}\` FOREIGN KEY (\`r\`) REFERENCES \`${to}\` (\`id\`)`;
    const a = table('a', ['`id` int NOT NULL', '`r` int', 'PRIMARY KEY (`id`)', 'KEY `r` (`r`)', key('b')]);
    const b = table('b', ['`id` int NOT NULL', 'PRIMARY KEY (`id`)']);
    const tables = (from: readonly string[], to: readonly string[]) =>
      diff(from, to).map((change) => `${change.operation} ${change.table}`);
    expect(tables([], [a, b])).toEqual(['CREATE b', 'CREATE a']);
    expect(tables([a, b], [])).toEqual(['DROP a', 'DROP b']);
    const ring = table('b', ['`id` int NOT NULL', '`r` int', 'PRIMARY KEY (`id`)', 'KEY `r` (`r`)', key('a')]);
    expect(tables([], [a, ring])).toEqual(['CREATE b', 'CREATE a', 'ALTER b']);
    expect(statements([], [a, ring])[0]).not.toContain('to_a');
    expect(statements([], [a, ring])[2]).toBe(`ALTER TABLE \`b\` ADD ${key('a')}`);
    expect(statements([a, ring], [])).toEqual([
      'ALTER TABLE `a` DROP FOREIGN KEY `to_b`',
      'DROP TABLE `b`',
      'DROP TABLE `a`',
    ]);
  });

  it('takes a foreign key away while the columns it joins get another type', () => {
    const schema = (type: string) => [
      table('c', [`\`p\` ${type}`, 'KEY `p` (`p`)', 'CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `p` (`id`)']),
      table('p', [`\`id\` ${type} NOT NULL`, 'PRIMARY KEY (`id`)']),
    ];
    expect(statements(schema('int'), schema('bigint'))).toEqual([
      'ALTER TABLE `c` DROP FOREIGN KEY `f`',
      'ALTER TABLE `p` MODIFY COLUMN `id` bigint NOT NULL',
      'ALTER TABLE `c` MODIFY COLUMN `p` bigint, ADD CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `p` (`id`)',
    ]);
  });

  it('frees the name of a foreign key before another table takes it', () => {
    const p = table('p', ['`id` int NOT NULL', 'PRIMARY KEY (`id`)']);
    const lines = ['`p` int', 'KEY `p` (`p`)', 'CONSTRAINT `f` FOREIGN KEY (`p`) REFERENCES `p` (`id`)'];
    expect(
      diff([table('old', lines), p], [table('new', lines), p]).map(
        ({ operation, table: name }) => `${operation} ${name}`,
      ),
    ).toEqual(['DROP old', 'CREATE new']);
  });
});

describe('what a change of a column would lose', () => {
  const losses = (from: string, to: string) =>
    diff(t([`\`x\` ${from}`]), t([`\`x\` ${to}`])).flatMap((change) => change.losses);

  it.each([
    ['varchar(100)', 'varchar(50)', 'x: varchar(100) to varchar(50)'],
    ['longtext', 'text', 'x: longtext to text'],
    ['bigint', 'int', 'x: bigint to int'],
    ['int', 'int unsigned', 'x: int to int unsigned'],
    ['int unsigned', 'int', 'x: int unsigned to int'],
    ['decimal(10,2)', 'decimal(10,1)', 'x: decimal(10,2) to decimal(10,1)'],
    ['double', 'float', 'x: double to float'],
    ['float', 'int', 'x: float to int'],
    ['varchar(20)', 'char(20)', 'x: varchar(20) to char(20)'],
    ['varbinary(5)', 'binary(9)', 'x: varbinary(5) to binary(9)'],
    ['int', 'varchar(5)', 'x: int to varchar(5)'],
    ['varchar(20)', 'int', 'x: varchar(20) to int'],
    ['varchar(20)', 'json', 'x: varchar(20) to json'],
    ['json', 'text', 'x: json to text'],
    ['datetime(3)', 'datetime', 'x: datetime(3) to datetime'],
    ['datetime', 'date', 'x: datetime to date'],
    ['datetime', 'timestamp NULL', 'x: datetime to timestamp'],
    ["enum('a','b,')", "enum('a')", "x: enum without 'b,'"],
    ['varchar(20)', 'varchar(20) CHARACTER SET latin1', 'x: character set utf8mb4 to latin1'],
    ['int', 'int NOT NULL', 'x: NULL to NOT NULL'],
    ['int', 'int GENERATED ALWAYS AS (1) STORED', 'x: its values are replaced by generated ones'],
  ])('%s to %s', (from, to, loss) => {
    expect(losses(from, to)).toEqual([loss]);
  });

  it.each([
    ['varchar(50)', 'varchar(100)'],
    ['varchar(100)', 'text'],
    ['text', 'longtext'],
    ['int', 'bigint'],
    ['int unsigned', 'bigint'],
    ['int', 'decimal(12,2)'],
    ['int', 'double'],
    ['float', 'double'],
    ['int', 'varchar(11)'],
    ['int', 'char(11)'],
    ['char(5)', 'char(9)'],
    ['json', 'longtext'],
    ['date', 'datetime'],
    ['timestamp NULL', 'datetime'],
    ["enum('a')", "enum('b','a')"],
    ["enum('a')", 'varchar(1)'],
    ['varchar(20) CHARACTER SET latin1', 'varchar(20)'],
    ['varchar(20) CHARACTER SET ascii', 'varchar(20) CHARACTER SET latin1'],
    ['int NOT NULL', 'int'],
    ['int', "int DEFAULT '7' COMMENT 'x'"],
    ['varchar(20)', 'varchar(20) COLLATE utf8mb4_bin'],
  ])('nothing: %s to %s', (from, to) => {
    expect(losses(from, to)).toEqual([]);
  });
});
