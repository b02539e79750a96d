import { expect, it } from 'vitest';
import type { LintOptions } from '../../src/schema/lint/lint-options.js';
import { lintStatements } from '../../src/schema/lint/lint-statements.js';
import type { LintFinding } from '../../src/schema/provider.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';

const OPTIONS: LintOptions = { allowForeignKeys: false, sharded: false, dataLoss: true };

function lint(sql: string, options: Partial<LintOptions> = {}): LintFinding[] {
  return lintStatements(splitStatements(sql), { ...OPTIONS, ...options });
}

/** Code, table and column of each finding. */
const told = (findings: readonly LintFinding[]): string[] =>
  findings.map(({ code, table, column }) => [code, table, column].filter((part) => part !== null).join(' '));

/** A statement, and what is found in it. */
const CASES: Readonly<Record<string, readonly (readonly [sql: string, ...told: string[]])[]>> = {
  'columns are renamed by RENAME COLUMN and by CHANGE with another name': [
    ['ALTER TABLE ai_content RENAME COLUMN body TO text', 'RENAME_COLUMN ai_content body'],
    ['ALTER TABLE ai_content CHANGE body text LONGTEXT', 'RENAME_COLUMN ai_content body'],
    ['ALTER TABLE ai_content CHANGE COLUMN `body` `text` LONGTEXT NOT NULL', 'RENAME_COLUMN ai_content body'],
    ['ALTER TABLE t ADD INDEX i (a), CHANGE COLUMN IF EXISTS a b INT', 'RENAME_COLUMN t a'],
    ['ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN c TO d', 'RENAME_COLUMN t a', 'RENAME_COLUMN t c'],
    ['/*!50100 ALTER TABLE t RENAME COLUMN a TO b */', 'RENAME_COLUMN t a'],
    ['ALTER TABLE t CHANGE body body LONGTEXT'],
    ['ALTER TABLE t CHANGE COLUMN Body `body` LONGTEXT'],
    ['ALTER TABLE t RENAME INDEX a TO b'],
    ['ALTER TABLE t RENAME KEY a TO b'],
    ["ALTER TABLE t MODIFY body LONGTEXT COMMENT 'RENAME COLUMN a TO b'"],
    ['ALTER TABLE t /* RENAME COLUMN a TO b */ ADD INDEX i (a) -- , CHANGE a b INT'],
    ['ALTER TABLE t ADD COLUMN `rename` INT, ADD COLUMN `change` INT'],
  ],
  'tables are renamed by RENAME TABLE and by ALTER TABLE': [
    ['RENAME TABLE drafts TO texts', 'RENAME_TABLE drafts'],
    ['RENAME TABLES a TO b, c TO d', 'RENAME_TABLE a', 'RENAME_TABLE c'],
    ['ALTER TABLE drafts RENAME TO texts', 'RENAME_TABLE drafts'],
    ['ALTER TABLE drafts RENAME texts', 'RENAME_TABLE drafts'],
    ['ALTER TABLE drafts ADD COLUMN a INT, RENAME AS texts', 'RENAME_TABLE drafts'],
  ],
  'triggers, routines and events are not taken, whatever stands before the word': [
    ['CREATE TRIGGER t BEFORE INSERT ON ai_content FOR EACH ROW SET NEW.title = 1', 'UNSUPPORTED_FEATURE'],
    ["CREATE DEFINER=`trigger`@'%' PROCEDURE p() SELECT 1", 'UNSUPPORTED_FEATURE'],
    ['CREATE DEFINER=root@localhost FUNCTION f() RETURNS INT RETURN 1', 'UNSUPPORTED_FEATURE'],
    ['CREATE OR REPLACE DEFINER = CURRENT_USER() EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1', 'UNSUPPORTED_FEATURE'],
    ['CREATE AGGREGATE FUNCTION f RETURNS INTEGER SONAME "f.so"', 'UNSUPPORTED_FEATURE'],
    ['DROP TRIGGER IF EXISTS t', 'UNSUPPORTED_FEATURE'],
    ['ALTER EVENT e DISABLE', 'UNSUPPORTED_FEATURE'],
    ['CREATE SEQUENCE s', 'UNSUPPORTED_FEATURE'],
    [
      "ALTER TABLE t ADD CHECK (EXISTS (SELECT 1 FROM JSON_TABLE('[]', '$[*]' COLUMNS (a INT PATH '$')) j))",
      'UNSUPPORTED_FEATURE t',
    ],
    ['CREATE TABLE `trigger` (id INT PRIMARY KEY, `procedure` INT, `json_table` INT)'],
    ['ALTER TABLE t ADD COLUMN json_table INT'],
  ],
  'foreign keys are not taken, be they of a table or of a column': [
    ['ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id)', 'FOREIGN_KEYS_DISALLOWED a'],
    [
      'ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY k (b_id) REFERENCES b (id) ON DELETE CASCADE',
      'FOREIGN_KEYS_DISALLOWED a',
    ],
    ['CREATE TABLE a (id INT PRIMARY KEY, b_id INT REFERENCES b (id))', 'FOREIGN_KEYS_DISALLOWED a'],
    ['ALTER TABLE a DROP FOREIGN KEY c'],
    ['ALTER TABLE a ADD CHECK (a.references > 0)'],
    ["CREATE TABLE a (id INT PRIMARY KEY COMMENT 'REFERENCES b', `references` INT) -- REFERENCES b"],
  ],
  'what is dropped is told, with the column or the table': [
    ['ALTER TABLE t DROP COLUMN quality_score', 'DATA_LOSS t quality_score'],
    ['ALTER TABLE t DROP quality_score', 'DATA_LOSS t quality_score'],
    ['ALTER TABLE t DROP COLUMN IF EXISTS `a ``b`', 'DATA_LOSS t a `b'],
    ['ALTER TABLE t DROP IF EXISTS a, DROP `index`, DROP INDEX i', 'DATA_LOSS t a', 'DATA_LOSS t index'],
    ['ALTER TABLE t DROP period', 'DATA_LOSS t period'],
    ['ALTER TABLE t DROP PARTITION p0, p1', 'DATA_LOSS t'],
    ['ALTER TABLE t TRUNCATE PARTITION ALL', 'DATA_LOSS t'],
    ['DROP TABLE IF EXISTS a, `b`', 'DATA_LOSS a', 'DATA_LOSS b'],
    ['DROP TABLES a', 'DATA_LOSS a'],
    ['TRUNCATE TABLE a', 'DATA_LOSS a'],
    ['TRUNCATE a', 'DATA_LOSS a'],
    ['CREATE OR REPLACE TABLE a (id INT PRIMARY KEY)', 'DATA_LOSS a'],
    ['ALTER TABLE t DROP INDEX i, DROP KEY k, DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP CONSTRAINT c, DROP CHECK d'],
    ['ALTER TABLE t DROP SYSTEM VERSIONING, DROP PERIOD FOR SYSTEM_TIME'],
    ['ALTER TABLE t ALTER COLUMN a DROP DEFAULT'],
    ['DROP INDEX i ON t'],
    ["ALTER TABLE t COMMENT = 'x, DROP COLUMN a', /* DROP b, */ ADD INDEX i (`drop`, `column`)"],
  ],
  'statements that change no table are none for a deploy request': [
    ["INSERT INTO t VALUES ('x')", 'NOT_A_SCHEMA_CHANGE'],
    ['UPDATE t SET a = 1', 'NOT_A_SCHEMA_CHANGE'],
    ['DELETE FROM t', 'NOT_A_SCHEMA_CHANGE'],
    ['/*!40101 SET NAMES utf8mb4 */', 'NOT_A_SCHEMA_CHANGE'],
    ['USE app', 'NOT_A_SCHEMA_CHANGE'],
    ['LOCK TABLES t WRITE', 'NOT_A_SCHEMA_CHANGE'],
    ['GRANT SELECT, REFERENCES ON t TO x', 'NOT_A_SCHEMA_CHANGE'],
    ['(SELECT 1)', 'NOT_A_SCHEMA_CHANGE'],
    ['`t`', 'NOT_A_SCHEMA_CHANGE'],
    ['CREATE USER x', 'NOT_A_SCHEMA_CHANGE'],
    ['RENAME USER a TO b', 'NOT_A_SCHEMA_CHANGE'],
    ['CREATE TEMPORARY TABLE t (id INT PRIMARY KEY)', 'NOT_A_SCHEMA_CHANGE t'],
    ['DROP TEMPORARY TABLE t', 'NOT_A_SCHEMA_CHANGE t'],
    ['CREATE TABLE a AS SELECT * FROM b', 'NOT_A_SCHEMA_CHANGE a'],
    ['CREATE TABLE a (SELECT * FROM b)', 'NOT_A_SCHEMA_CHANGE a'],
    ["CREATE TABLE a (id INT PRIMARY KEY, `select` INT, `insert` INT COMMENT 'SELECT')"],
    ['CREATE UNIQUE INDEX i ON t (a)'],
  ],
  'a database is not named': [
    ['ALTER TABLE app.t ADD INDEX i (a)', 'QUALIFIED_NAME t'],
    ['ALTER TABLE `app` . `t` ADD INDEX i (a)', 'QUALIFIED_NAME t'],
    ['CREATE TABLE IF NOT EXISTS app.t (id INT PRIMARY KEY)', 'QUALIFIED_NAME t'],
    ['CREATE TABLE t LIKE app.u', 'QUALIFIED_NAME u'],
    ['CREATE TABLE t (LIKE app.u)', 'QUALIFIED_NAME u'],
    ['CREATE INDEX i USING BTREE ON app.t (a)', 'QUALIFIED_NAME t'],
    ['DROP INDEX i ON app.t', 'QUALIFIED_NAME t'],
    ['ALTER TABLE t EXCHANGE PARTITION p WITH TABLE app.u', 'QUALIFIED_NAME u'],
    ['ALTER TABLE `app.t` ADD CHECK (t.a > u.b)'],
    ['CREATE TABLE t LIKE u'],
  ],
  'databases are not made, changed or dropped': [
    ['CREATE DATABASE IF NOT EXISTS app', 'DATABASE_STATEMENT'],
    ['DROP SCHEMA app', 'DATABASE_STATEMENT'],
    ['ALTER DATABASE app CHARACTER SET utf8mb4', 'DATABASE_STATEMENT'],
    ['CREATE TABLE `database` (`schema` INT PRIMARY KEY)'],
  ],
  'how a table is changed is left to the deployment': [
    ['ALTER TABLE t ADD INDEX i (a), ALGORITHM=INPLACE, LOCK = NONE', 'DDL_ALGORITHM t', 'DDL_ALGORITHM t'],
    ['CREATE INDEX i ON t (a) ALGORITHM INPLACE', 'DDL_ALGORITHM t'],
    ['DROP INDEX i ON t LOCK=NONE', 'DDL_ALGORITHM t'],
    ['ALTER TABLE t ADD COLUMN algorithm INT, ADD INDEX i (algorithm), ADD COLUMN `lock` INT'],
    ['CREATE INDEX i ON t (algorithm)'],
  ],
  'a column that is NOT NULL has a default': [
    ['ALTER TABLE t ADD COLUMN score FLOAT NOT NULL', 'IMPLICIT_DEFAULT t score'],
    ['ALTER TABLE t ADD score FLOAT NOT NULL AFTER title', 'IMPLICIT_DEFAULT t score'],
    ['ALTER TABLE t ADD COLUMN IF NOT EXISTS score FLOAT NOT NULL', 'IMPLICIT_DEFAULT t score'],
    [
      'ALTER TABLE t ADD COLUMN (a INT NOT NULL, b INT, c INT NOT NULL, KEY k (a))',
      'IMPLICIT_DEFAULT t a',
      'IMPLICIT_DEFAULT t c',
    ],
    ["ALTER TABLE t ADD a VARCHAR(9) COMMENT 'DEFAULT' NOT NULL", 'IMPLICIT_DEFAULT t a'],
    ['ALTER TABLE t ADD COLUMN score FLOAT NOT NULL DEFAULT 0'],
    ['ALTER TABLE t ADD COLUMN score FLOAT DEFAULT 0 NOT NULL'],
    ['ALTER TABLE t ADD COLUMN score FLOAT'],
    ['ALTER TABLE t ADD COLUMN score FLOAT NULL CHECK (score IS NOT NULL)'],
    ['ALTER TABLE t ADD COLUMN id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY'],
    ['ALTER TABLE t ADD COLUMN a INT GENERATED ALWAYS AS (b + 1) STORED NOT NULL, ADD c INT AS (b) NOT NULL'],
    ['ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL), ADD UNIQUE (a), ADD PRIMARY KEY (b)'],
    ['ALTER TABLE t MODIFY a INT NOT NULL'],
    ['CREATE TABLE t (id INT NOT NULL PRIMARY KEY)'],
  ],
  'views are not carried': [
    ['CREATE ALGORITHM = MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT 1', 'VIEW_NOT_CARRIED v'],
    ['DROP VIEW IF EXISTS v', 'VIEW_NOT_CARRIED v'],
    ['CREATE TABLE `view` (id INT PRIMARY KEY)'],
  ],
  'the statements of the walk in the docs are clean': [
    ['ALTER TABLE ai_content ADD COLUMN embedding_id VARCHAR(100), ADD COLUMN quality_score FLOAT'],
    ['ALTER TABLE ai_content ADD embedding_id VARCHAR(100), ADD (quality_score FLOAT), ADD INDEX i (embedding_id(10))'],
  ],
};

for (const [rule, cases] of Object.entries(CASES)) {
  it(rule, () => {
    for (const [sql, ...expected] of cases) expect(told(lint(sql)), sql).toEqual(expected);
  });
}

it('rules that an option switches are off and on by it', () => {
  const foreign = 'ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES app.b (id)';
  expect(told(lint(foreign, { allowForeignKeys: true }))).toEqual(['QUALIFIED_NAME b']);
  expect(told(lint('DROP TABLE a; ALTER TABLE t DROP b', { dataLoss: false }))).toEqual([]);
  expect(told(lint('CREATE VIEW v AS SELECT 1; DROP VIEW w', { sharded: true }))).toEqual([
    'UNSUPPORTED_SHARDED_FEATURE v',
  ]);
});

it('a statement can break several rules, each told at its line of the file', () => {
  const findings = lint(`-- A file.
ALTER TABLE app.drafts
  ADD COLUMN score FLOAT
    NOT NULL,
  /* a
     comment */ DROP body,
  RENAME TO app.texts,
  LOCK=NONE;

INSERT INTO drafts VALUES (1);
`);
  expect(findings.map(({ code, table, column, line, severity }) => [code, table, column, line, severity])).toEqual([
    ['NOT_A_SCHEMA_CHANGE', null, null, 10, 'error'],
    ['QUALIFIED_NAME', 'drafts', null, 2, 'error'],
    ['RENAME_TABLE', 'drafts', null, 7, 'error'],
    ['DDL_ALGORITHM', 'drafts', null, 8, 'warning'],
    ['DATA_LOSS', 'drafts', 'body', 6, 'warning'],
    ['IMPLICIT_DEFAULT', 'drafts', 'score', 3, 'warning'],
    ['QUALIFIED_NAME', 'texts', null, 7, 'error'],
  ]);
});

it('hints are SQL to write instead, with the names quoted where they have to be', () => {
  const hints = (sql: string): string[] => lint(sql).map(({ hint }) => hint);
  expect(hints('ALTER TABLE t CHANGE `the body` `text` LONGTEXT NOT NULL DEFAULT (1)')).toEqual([
    'ALTER TABLE t ADD COLUMN text LONGTEXT NOT NULL DEFAULT (1); deploy that; write both columns; fill the new one from `the body`; read the new one; then DROP COLUMN `the body` in a later deploy request.',
  ]);
  expect(hints('ALTER TABLE t ADD a INT UNSIGNED NOT NULL AFTER b')[0]).toMatch(
    /^ADD COLUMN a INT UNSIGNED NOT NULL DEFAULT …, /,
  );
  expect(hints('ALTER TABLE `my app`.`t` ADD INDEX i (a)')).toEqual(['Write t, without `my app` and the dot.']);
  expect(hints('RENAME TABLE a TO b')[0]).toMatch(/^CREATE TABLE b LIKE a; .* then DROP TABLE a /);
});
