import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MYSQL_MIGRATIONS, migrateMysql } from '../../src/db/mysql/migrate.js';
import type { LintOptions } from '../../src/schema/lint/lint-options.js';
import { lintSchema } from '../../src/schema/lint/lint-schema.js';
import type { TableVindex } from '../../src/schema/lint/vindexes.js';
import { openMysqlSession } from '../../src/schema/mysql-session.js';
import type { SqlSession } from '../../src/schema/sql-session.js';
import { readSchema } from '../../src/schema/table/read-schema.js';
import type { Schema } from '../../src/schema/table/schema.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';

const OPTIONS: LintOptions = { allowForeignKeys: false, sharded: false, dataLoss: true };

/** The findings of a schema by table: severity, code and column. */
function lint(schema: Schema, options: Partial<LintOptions> = {}): Record<string, string[]> {
  const told: Record<string, string[]> = {};
  for (const { code, table, column, severity } of lintSchema(schema, { ...OPTIONS, ...options })) {
    told[table ?? ''] = [...(told[table ?? ''] ?? []), `${severity} ${code}${column === null ? '' : ` ${column}`}`];
  }
  return told;
}

let database: MariadbDatabase;
let session: SqlSession;

beforeAll(async () => {
  database = await newMariadbDatabase();
  session = await openMysqlSession(database.url);
});
afterAll(async () => {
  await session.close();
  await database.drop();
});

/** Makes tables for a test alone, and gives the schema with them. */
async function withTables<Result>(
  tables: Readonly<Record<string, string>>,
  use: (schema: Schema) => Result,
): Promise<Result> {
  await session.run('SET foreign_key_checks = 0, sql_mode = "NO_ENGINE_SUBSTITUTION"');
  try {
    for (const [name, body] of Object.entries(tables)) await session.run(`CREATE TABLE ${name} ${body}`);
    return use(await readSchema(session));
  } finally {
    for (const name of Object.keys(tables)) await session.run(`DROP TABLE IF EXISTS ${name}`);
  }
}

it('the tables that Hookline makes break no rule', async () => {
  const schema = await readSchema(session);
  expect([...schema.keys()]).toEqual(['ai_content', 'hookline_migrations']);
  expect(lint(schema)).toEqual({});
  expect(lint(schema, { allowForeignKeys: true })).toEqual({});
});

it('in a sharded keyspace they need a sequence, and a key that is never NULL', async () => {
  const schema = await readSchema(session);
  expect(lint(schema, { sharded: true })).toEqual({
    ai_content: ['error SHARDED_AUTO_INCREMENT id', 'warning SHARDED_NULLABLE_VINDEX idempotency_key'],
  });
});

it('the files for a sharded keyspace make tables that are clean in one', async () => {
  const sharded = await newMariadbDatabase({ migrated: false });
  const other = await openMysqlSession(sharded.url);
  try {
    for (const name of ['unsharded_keyspace.sql', 'sharded_keyspace.sql']) {
      const text = await readFile(new URL(`sharded/${name}`, MYSQL_MIGRATIONS), 'utf8');
      for (const { text: statement } of splitStatements(text)) await other.run(statement);
    }
    await migrateMysql(sharded);
    const schema = await readSchema(other);
    expect([...schema.keys()]).toEqual(['ai_content', 'ai_content_seq', 'hookline_migrations']);
    expect(lint(schema, { sharded: true })).toEqual({});
  } finally {
    await other.close();
    await sharded.drop();
  }
});

it('each table has a key that tells its rows apart', async () => {
  const tables = {
    no_key: '(a INT)',
    plain_key: '(a INT NOT NULL, KEY (a))',
    nullable_unique: '(a INT NOT NULL, b INT, UNIQUE KEY ab (a, b))',
    two_columns: '(a INT NOT NULL, b INT NOT NULL, UNIQUE KEY ab (a, b))',
    second_unique: '(a INT, b INT NOT NULL, UNIQUE KEY (a), UNIQUE KEY (b))',
    blob_primary: '(body TEXT NOT NULL, PRIMARY KEY (body(255)))',
    blob_unique: '(id INT NOT NULL, body LONGBLOB NOT NULL, UNIQUE KEY ib (id, body(9)))',
    whole_text_unique: '(body TEXT NOT NULL, UNIQUE KEY (body))',
    blob_beside_primary: '(id INT PRIMARY KEY, body TEXT NOT NULL, UNIQUE KEY (body(255)))',
    prefix_primary: '(email VARCHAR(255) NOT NULL, PRIMARY KEY (email(32)))',
    prefix_unique: '(id INT NOT NULL, email VARCHAR(255) NOT NULL, UNIQUE KEY ie (id, email(32)))',
    prefix_nullable: '(email VARCHAR(255), UNIQUE KEY (email(32)))',
    prefix_beside_unique: '(id INT NOT NULL, email VARCHAR(255) NOT NULL, PRIMARY KEY (email(32)), UNIQUE KEY (id))',
    prefix_in_plain_key: '(id INT PRIMARY KEY, email VARCHAR(255), KEY (email(32)))',
  };
  expect(await withTables(tables, lint)).toEqual({
    no_key: ['error NO_UNIQUE_KEY'],
    plain_key: ['error NO_UNIQUE_KEY'],
    nullable_unique: ['error NO_UNIQUE_KEY'],
    prefix_nullable: ['error NO_UNIQUE_KEY'],
    blob_primary: ['error BLOB_IN_UNIQUE_KEY body'],
    blob_unique: ['error BLOB_IN_UNIQUE_KEY body'],
    whole_text_unique: ['error BLOB_IN_UNIQUE_KEY body'],
    prefix_primary: ['error PARTIAL_KEY_IN_UNIQUE_KEY email'],
    prefix_unique: ['error PARTIAL_KEY_IN_UNIQUE_KEY email'],
  });
});

it('texts are in a character set that PlanetScale takes, and that holds what an AI writes', async () => {
  const tables = {
    table_charset: '(id INT PRIMARY KEY) CHARACTER SET utf16',
    column_charset:
      '(id INT PRIMARY KEY, a VARCHAR(9) CHARACTER SET cp1251, b TEXT CHARACTER SET utf32) CHARACTER SET utf8mb4',
    narrow_texts: `(id INT PRIMARY KEY, body TEXT CHARACTER SET utf8mb3, title VARCHAR(9) CHARACTER SET latin1, note TEXT CHARACTER SET ascii,
      state VARCHAR(9) CHARACTER SET ascii, raw BLOB, kind ENUM('a') CHARACTER SET latin1) CHARACTER SET utf8mb4`,
    narrow_beside_json: '(id INT PRIMARY KEY, title CHAR(9) CHARACTER SET utf8mb3, data JSON) CHARACTER SET utf8mb4',
    no_long_text: '(id INT PRIMARY KEY, title VARCHAR(9), raw VARBINARY(9)) CHARACTER SET latin1',
    wide: "(id INT PRIMARY KEY, body LONGTEXT, title VARCHAR(9)) CHARACTER SET utf8mb4 COMMENT 'utf16'",
  };
  expect(await withTables(tables, lint)).toEqual({
    table_charset: ['error INVALID_CHARSET'],
    column_charset: ['error INVALID_CHARSET a', 'error INVALID_CHARSET b'],
    narrow_texts: ['warning NOT_UTF8MB4 body', 'warning NOT_UTF8MB4 note', 'warning NOT_UTF8MB4 title'],
    narrow_beside_json: ['warning NOT_UTF8MB4 title'],
  });
});

it('an ENUM has each value once, and tables are InnoDB', async () => {
  const tables = {
    twice: "(id INT PRIMARY KEY, size ENUM('small','medium','medium','large'))",
    twice_empty: "(id INT PRIMARY KEY, size ENUM('','x',''))",
    by_collation: "(id INT PRIMARY KEY, size ENUM('a','A') CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci)",
    once: "(id INT PRIMARY KEY, size ENUM('a','b,a','''a''','a)') DEFAULT 'a' COMMENT 'a,a')",
    told_apart: "(id INT PRIMARY KEY, size ENUM('a','A') CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)",
    other_engine: '(id INT PRIMARY KEY) ENGINE=MyISAM',
    in_memory: "(id INT PRIMARY KEY) ENGINE=MEMORY COMMENT 'ENGINE=InnoDB'",
    in_innodb: "(id INT PRIMARY KEY) ENGINE=InnoDB COMMENT 'ENGINE=MyISAM'",
  };
  expect(await withTables(tables, lint)).toEqual({
    twice: ['error DUPLICATE_ENUM_VALUE size'],
    twice_empty: ['error DUPLICATE_ENUM_VALUE size'],
    by_collation: ['error DUPLICATE_ENUM_VALUE size'],
    other_engine: ['error UNSUPPORTED_FEATURE'],
    in_memory: ['error UNSUPPORTED_FEATURE'],
  });
});

it('tables are partitioned by RANGE, HASH or KEY, one level deep', async () => {
  const body = '(id INT PRIMARY KEY, `list` INT COMMENT "SUBPARTITION")';
  const tables = {
    by_list: `${body} PARTITION BY LIST (id) (PARTITION p VALUES IN (1, 2))`,
    by_list_columns: `${body} PARTITION BY LIST COLUMNS (id) (PARTITION p VALUES IN (1, 2))`,
    in_two_levels: `${body} PARTITION BY RANGE (id) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p VALUES LESS THAN MAXVALUE)`,
    by_range: `${body} PARTITION BY RANGE (id) (PARTITION \`list\` VALUES LESS THAN (5), PARTITION q VALUES LESS THAN MAXVALUE)`,
    by_columns: `${body} PARTITION BY RANGE COLUMNS (id) (PARTITION p VALUES LESS THAN (5))`,
    by_hash: `${body} PARTITION BY LINEAR HASH (id) PARTITIONS 2`,
    by_key: `${body} PARTITION BY KEY (id) PARTITIONS 2`,
  };
  expect(await withTables(tables, lint)).toEqual({
    by_list: ['error UNSUPPORTED_PARTITIONING_FEATURE'],
    by_list_columns: ['error UNSUPPORTED_PARTITIONING_FEATURE'],
    in_two_levels: ['error UNSUPPORTED_PARTITIONING_FEATURE'],
  });
});

it('foreign keys are refused; where they are allowed, those to no table and those in a circle', async () => {
  const tables = {
    child: '(id INT PRIMARY KEY, parent_id INT, CONSTRAINT c FOREIGN KEY (parent_id) REFERENCES parent (id))',
    parent: '(id INT PRIMARY KEY)',
    orphan: '(id INT PRIMARY KEY, CONSTRAINT o FOREIGN KEY (id) REFERENCES gone (id))',
    one: '(id INT PRIMARY KEY, CONSTRAINT one_two FOREIGN KEY (id) REFERENCES two (id), CONSTRAINT one_parent FOREIGN KEY (id) REFERENCES parent (id))',
    two: '(id INT PRIMARY KEY, CONSTRAINT two_three FOREIGN KEY (id) REFERENCES three (id))',
    three: '(id INT PRIMARY KEY, CONSTRAINT three_one FOREIGN KEY (id) REFERENCES one (id))',
    itself: '(id INT PRIMARY KEY, up INT, CONSTRAINT i FOREIGN KEY (up) REFERENCES itself (id))',
    leads_in: '(id INT PRIMARY KEY, CONSTRAINT l FOREIGN KEY (id) REFERENCES one (id))',
    checked: '(id INT PRIMARY KEY, CONSTRAINT k CHECK (id > 0))',
  };
  const disallowed = ['error FOREIGN_KEYS_DISALLOWED'];
  const circle = ['error FOREIGN_KEYS_CIRCULAR_DEPENDENCY'];
  await withTables(tables, (schema) => {
    expect(lint(schema)).toEqual({
      child: disallowed,
      orphan: disallowed,
      one: [...disallowed, ...disallowed],
      two: disallowed,
      three: disallowed,
      itself: disallowed,
      leads_in: disallowed,
    });
    expect(lint(schema, { allowForeignKeys: true })).toEqual({
      orphan: ['error FOREIGN_KEYS_NONEXISTENT_TABLE'],
      one: circle,
      two: circle,
      three: circle,
      itself: circle,
    });
    expect(lintSchema(schema, OPTIONS)[0]?.hint).toMatch(/^ALTER TABLE child DROP FOREIGN KEY c; /);
  });
});

it('in a sharded keyspace each table has a vindex, and its unique keys hold over the shards', async () => {
  const whole = { columns: null, sequenceColumn: null };
  const on = (...columns: string[]) => ({ columns, sequenceColumn: null });
  const vindexes = new Map<string, TableVindex>([
    ['by_channel', on('channel_id')],
    ['by_two', on('a', 'b')],
    ['numbered', { columns: ['channel_id'], sequenceColumn: 'id' }],
    ['gone_column', on('channel_id')],
    ['nullable', on('channel_id')],
    ['unlisted', on()],
    ['reference', whole],
    ['ai_content', whole],
    ['hookline_migrations', whole],
  ]);
  const tables = {
    by_channel:
      '(id BIGINT PRIMARY KEY, channel_id INT NOT NULL, k INT, UNIQUE KEY ck (channel_id, k), UNIQUE KEY kid (k, id))',
    by_two: '(a INT NOT NULL, b INT NOT NULL, c INT, PRIMARY KEY (b, A), UNIQUE KEY (a, c))',
    numbered: '(id BIGINT PRIMARY KEY, channel_id INT NOT NULL)',
    gone_column: '(id BIGINT PRIMARY KEY)',
    nullable: '(channel_id INT, id BIGINT NOT NULL, UNIQUE KEY (channel_id, id), UNIQUE KEY (id, Channel_ID))',
    unlisted: '(id BIGINT PRIMARY KEY)',
    unknown: '(id BIGINT AUTO_INCREMENT PRIMARY KEY)',
    reference: '(id BIGINT AUTO_INCREMENT PRIMARY KEY, k INT UNIQUE)',
    unknown_seq: "(id INT PRIMARY KEY, next_id BIGINT, cache BIGINT) COMMENT 'vitess_sequence'",
    linked: '(id BIGINT PRIMARY KEY, CONSTRAINT f FOREIGN KEY (id) REFERENCES reference (id))',
  };
  await withTables(tables, (schema) => {
    expect(lint(schema, { sharded: true, allowForeignKeys: true, vindexes })).toEqual({
      by_channel: ['warning SHARDED_UNIQUE_KEY', 'warning SHARDED_UNIQUE_KEY id'],
      by_two: ['warning SHARDED_UNIQUE_KEY'],
      gone_column: ['error SHARDED_VINDEX_COLUMN_MISSING channel_id', 'warning SHARDED_UNIQUE_KEY id'],
      nullable: ['error NO_UNIQUE_KEY', 'warning SHARDED_NULLABLE_VINDEX channel_id'],
      unlisted: ['error SHARDED_NO_VINDEX'],
      unknown: ['error SHARDED_NO_VINDEX', 'error SHARDED_AUTO_INCREMENT id'],
      linked: ['error SHARDED_FOREIGN_KEY', 'error SHARDED_NO_VINDEX'],
    });
    const unsharded = lint(schema, { allowForeignKeys: true, vindexes });
    expect(unsharded).toEqual({ nullable: ['error NO_UNIQUE_KEY'] });
  });
});
