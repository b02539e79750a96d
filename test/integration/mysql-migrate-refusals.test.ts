import { rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateMysql } from '../../src/db/mysql/migrate.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { definition, ledger, MIGRATIONS, migrationsIn, refusal, rows, SPECIFIED } from './mysql-helpers.js';
import { DIRECT_DDL_DISABLED, isDdl, startMysqlProxy } from './mysql-proxy.js';

describe('migrations of a MySQL store refuse', () => {
  let database: MariadbDatabase;
  let folder: URL;
  beforeEach(async () => {
    database = await newMariadbDatabase({ migrated: false });
    folder = await migrationsIn();
  });
  afterEach(() => database.drop());

  const write = (name: string, sql: string) => writeFile(new URL(name, folder), sql);

  /** Expects a run and a dry run to refuse with one and the same error. */
  async function refused() {
    const error = await refusal(migrateMysql(database, { folder }));
    const dry = await refusal(migrateMysql(database, { folder, dryRun: true }));
    expect([dry.code, dry.message]).toEqual([error.code, error.message]);
    return error;
  }

  it('a file that was changed after it was applied', async () => {
    await migrateMysql(database, { folder });
    folder = await migrationsIn((text) => text.replace('VARCHAR(36)', 'VARCHAR(40)'));
    await write('0003_more.sql', 'ALTER TABLE ai_content\n  ADD COLUMN more INT NULL;');
    const error = await refused();
    expect([error.code, error.message]).toEqual(['migration_changed', expect.stringContaining(MIGRATIONS[0])]);
    expect(await definition(database.pool)).not.toContain('more');
  });

  it('a ledger with a migration that is not there, and a number before the last that was applied', async () => {
    await write('0005_five.sql', 'CREATE TABLE IF NOT EXISTS five (\n  n INT PRIMARY KEY\n);');
    await migrateMysql(database, { folder });
    await write('0004_four.sql', 'CREATE TABLE IF NOT EXISTS four (\n  n INT PRIMARY KEY\n);');
    expect(await refused()).toMatchObject({
      code: 'migration_missing',
      message: expect.stringContaining('0004_four.sql'),
    });
    await rm(new URL('0005_five.sql', folder));
    expect(await refused()).toMatchObject({
      code: 'migration_missing',
      message: expect.stringContaining('0005_five.sql'),
    });
    expect(await definition(database.pool, 'four')).toBeUndefined();
  });

  it.each([
    [
      'two statements',
      'ALTER TABLE ai_content\n  ADD COLUMN a INT NULL;\nALTER TABLE ai_content\n  ADD COLUMN b INT NULL;',
    ],
    ['a column renamed', 'ALTER TABLE ai_content\n  RENAME COLUMN title TO name;'],
    ['a column dropped', 'ALTER TABLE ai_content\n  DROP COLUMN title;'],
    ['a key without a name', 'ALTER TABLE ai_content\n  ADD COLUMN a INT NULL,\n  ADD UNIQUE (a);'],
    ['two statements in a line', 'ALTER TABLE ai_content\n  ADD COLUMN a INT NULL; DROP TABLE ai_content;'],
    ['a foreign key', 'ALTER TABLE ai_content\n  ADD CONSTRAINT other FOREIGN KEY (id) REFERENCES other (id);'],
    ['no clause', 'ALTER TABLE ai_content\n;'],
    ['rows', "INSERT INTO ai_content (title) VALUES ('x');"],
    ['a table that must be new', 'CREATE TABLE a (\n  n INT PRIMARY KEY\n);'],
    ['no semicolon', 'ALTER TABLE ai_content\n  ADD COLUMN a INT NULL'],
    ['nothing', '-- later\n'],
  ])('a file with %s, before anything is run', async (_what, sql) => {
    await write('0003_more.sql', sql);
    const error = await refused();
    expect([error.code, error.message]).toEqual(['migration_failed', expect.stringMatching(/^0003_more\.sql is no /)]);
    expect(await rows(database.pool, 'SHOW TABLES')).toEqual([]);
  });

  it.each([
    [
      'lacks columns',
      'CREATE TABLE ai_content (id BIGINT PRIMARY KEY, words TEXT)',
      /title is missing; body is missing/,
      /ADD COLUMN title VARCHAR\(500\) NOT NULL/,
    ],
    [
      'has a shorter one',
      SPECIFIED.replace('VARCHAR(500)', 'VARCHAR(50)'),
      /title is varchar\(50\) and has to be varchar\(500\)/,
      /MODIFY COLUMN title VARCHAR\(500\) NOT NULL/,
    ],
    [
      'has another kind',
      SPECIFIED.replace('metadata JSON', 'metadata BLOB'),
      /metadata is blob and has to be json/,
      /MODIFY COLUMN metadata JSON/,
    ],
    [
      'cannot hold every character',
      `${SPECIFIED} DEFAULT CHARACTER SET latin1`,
      /title is in latin1/,
      /CONVERT TO CHARACTER SET utf8mb4/,
    ],
  ])('a table that %s, and tell what mends it', async (_what, sql, message, mend) => {
    await database.pool.query(sql);
    const before = await definition(database.pool);
    const error = await refused();
    expect([error.code, error.message, error.hint]).toEqual([
      'migration_failed',
      expect.stringMatching(message),
      expect.stringMatching(mend),
    ]);
    expect(await definition(database.pool)).toBe(before);
    const statement = /ALTER TABLE [^;]+;/.exec(error.hint ?? '')?.[0] ?? '';
    await database.pool.query(statement);
    expect((await migrateMysql(database, { folder })).applied).toContain(MIGRATIONS[1]);
  });

  it('a column or an index of theirs that is another’s', async () => {
    await database.pool.query(SPECIFIED);
    await database.pool.query(`ALTER TABLE ai_content ADD COLUMN payload JSON, ADD COLUMN event_id INT,
      ADD COLUMN idempotency_key CHAR(64), ADD INDEX ai_content_idempotency_key (idempotency_key)`);
    const error = await refused();
    expect(error.message).toMatch(
      /event_id is int\S* and has to be char\(36\); ai_content_idempotency_key is another index/,
    );
    // MariaDB's JSON is a longtext, which keeps every digit.
    expect(error.message).not.toContain('payload');
    await database.pool.query('ALTER TABLE ai_content DROP COLUMN event_id, DROP INDEX ai_content_idempotency_key');
    await migrateMysql(database, { folder });
    expect(await definition(database.pool)).toContain('UNIQUE KEY `ai_content_idempotency_key` (`idempotency_key`)');
  });

  it('to go on after a statement that fails, and keep what was before it', async () => {
    await write('0003_more.sql', 'ALTER TABLE ai_content\n  ADD COLUMN a INT NULL,\n  ADD INDEX by_b (b);');
    await write('0004_later.sql', 'ALTER TABLE ai_content\n  ADD COLUMN c INT NULL;');
    const told: string[] = [];
    const error = await refusal(migrateMysql(database, { folder, onApply: (name) => told.push(name) }));
    expect([error.code, error.message]).toEqual(['migration_failed', expect.stringMatching(/0003_more\.sql.*'b'/)]);
    expect(error.hint).toMatch(/\S/);
    expect([told, await ledger(database.pool)]).toEqual([[...MIGRATIONS], [...MIGRATIONS]]);
    expect(await definition(database.pool)).not.toMatch(/`a`|`c`/);
    await write(
      '0003_more.sql',
      'ALTER TABLE ai_content\n  ADD COLUMN a INT NULL,\n  ADD COLUMN b INT NULL,\n  ADD INDEX by_b (b);',
    );
    expect((await migrateMysql(database, { folder })).applied).toEqual(['0003_more.sql', '0004_later.sql']);
  });

  it('where safe migrations are on, name the deploy request, and go through once it brought the schema', async () => {
    const proxy = await startMysqlProxy(database.url, (sql) => (isDdl(sql) ? DIRECT_DDL_DISABLED : 'pass'));
    try {
      const error = await refusal(migrateMysql(proxy));
      expect(error.code).toBe('direct_ddl_disabled');
      expect(error.message).toMatch(/deploy requests/);
      expect(error.hint).toContain('pscale deploy-request create <database> <branch>');
      expect(await rows(database.pool, 'SHOW TABLES')).toEqual([]);
      expect(proxy.heard.filter(isDdl)).toHaveLength(1);
      expect((await migrateMysql(proxy, { dryRun: true })).pending).toEqual([...MIGRATIONS]);

      // A deploy request brings tables, not their rows.
      await migrateMysql(database);
      await database.pool.query('DELETE FROM hookline_migrations');
      expect(await migrateMysql(proxy)).toEqual({ applied: [], pending: [] });
      expect(await ledger(database.pool)).toEqual([...MIGRATIONS]);

      // One that was made by hand brings no ledger.
      await database.pool.query('DROP TABLE hookline_migrations');
      expect(await migrateMysql(proxy)).toEqual({ applied: [], pending: [] });

      // A later version has more to change.
      await write('0003_more.sql', 'ALTER TABLE ai_content\n  ADD COLUMN more INT NULL;');
      await migrateMysql(database);
      expect((await refusal(migrateMysql(proxy, { folder }))).code).toBe('direct_ddl_disabled');
      expect(await ledger(database.pool)).toEqual([...MIGRATIONS]);
    } finally {
      await proxy.close();
    }
  });

  it('a login that may only read and write', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const user = `hookline_test_${name.slice(-8)}`;
    await database.pool.query('CREATE USER ?? IDENTIFIED BY ?', [user, 'pass word']);
    try {
      await database.pool.query('GRANT SELECT, INSERT, UPDATE ON ??.* TO ??', [name, user]);
      const url = new URL(database.url);
      url.username = user;
      url.password = 'pass%20word';
      const error = await refusal(migrateMysql({ url: url.href }));
      expect([error.code, error.hint]).toEqual(['database_refused', expect.stringContaining('CREATE, ALTER, INDEX')]);
      expect(await rows(database.pool, 'SHOW TABLES')).toEqual([]);
      expect((await migrateMysql({ url: url.href }, { dryRun: true })).pending).toEqual([...MIGRATIONS]);
    } finally {
      await database.pool.query('DROP USER ??', [user]);
    }
  });
});
