import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateMysql } from '../../src/db/mysql/migrate.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { definition, ledger, MIGRATIONS, migrationsIn, rows, SPECIFIED } from './mysql-helpers.js';

const NOTHING = { applied: [], pending: [] };

describe('migrations of a MySQL store', () => {
  let database: MariadbDatabase;
  beforeEach(async () => {
    database = await newMariadbDatabase({ migrated: false });
  });
  afterEach(() => database.drop());

  it('make the table, are told one by one, and are not applied again', async () => {
    const told: string[] = [];
    const result = await migrateMysql(database, { onApply: (name) => told.push(name) });
    expect(result).toEqual({ applied: [...MIGRATIONS], pending: [] });
    expect(told).toEqual([...MIGRATIONS]);
    const made = await definition(database.pool);
    expect(await migrateMysql(database, { onApply: (name) => expect.unreachable(name) })).toEqual(NOTHING);
    expect(await migrateMysql(database, { dryRun: true })).toEqual(NOTHING);
    expect(await definition(database.pool)).toBe(made);
    expect(await ledger(database.pool)).toEqual([...MIGRATIONS]);
  });

  it('leave the specified columns and indexes as the specification has them', async () => {
    await database.pool.query(SPECIFIED.replace('ai_content', 'specified'));
    await migrateMysql(database);
    const columns = (table: string) =>
      rows(
        database.pool,
        `SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, COLUMN_KEY, CHARACTER_SET_NAME
         FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
        [table],
      );
    const specified = await columns('specified');
    expect((await columns('ai_content')).slice(0, specified.length)).toEqual(specified);
    for (const index of ['PRIMARY KEY (`id`)', 'KEY `idx_channel` (`channel_id`)', 'KEY `idx_event` (`event_name`)']) {
      expect(await definition(database.pool)).toContain(index);
    }
  });

  it('keep a table of the specification with its rows, and make of it what they make of nothing', async () => {
    await database.pool.query(SPECIFIED);
    const insert =
      "INSERT INTO ai_content (title, metadata, channel_id) VALUES ('Grüße 🎈', ?, 'c1'), ('Two', '{}', 'c1')";
    await database.pool.query(insert, ['{"n": 1.10}']);
    const before = await rows(database.pool, 'SELECT * FROM ai_content ORDER BY id');

    expect(await migrateMysql(database)).toEqual({ applied: [MIGRATIONS[1]], pending: [] });
    const after = await rows(database.pool, 'SELECT * FROM ai_content ORDER BY id');
    expect(after).toHaveLength(2);
    after.forEach((row, index) => void expect(row).toMatchObject(before[index] ?? {}));
    expect(after[0]).toMatchObject({ idempotency_key: null, repeats: 0, callback_state: null, event_attempts: 0 });

    const other = await newMariadbDatabase();
    const made = await definition(other.pool);
    await other.drop();
    expect(await definition(database.pool)).toBe(made);
  });

  it('take one row for a key, and keys that differ in case or trailing blanks as two', async () => {
    await migrateMysql(database);
    const insert = (key: string | null) =>
      database.pool.query("INSERT INTO ai_content (title, idempotency_key) VALUES ('x', ?)", [key]);
    await insert('a'.repeat(64));
    await expect(insert('a'.repeat(64))).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
    await insert('A'.repeat(64));
    // Rows from before have none.
    await insert(null);
    await insert(null);
    expect(await rows(database.pool, 'SELECT id FROM ai_content')).toHaveLength(4);
  });

  it('add only what a table lacks, beside columns of its owner', async () => {
    await database.pool.query(SPECIFIED);
    await database.pool.query(`ALTER TABLE ai_content ADD COLUMN embedding_id VARCHAR(100), ADD COLUMN payload LONGTEXT,
      ADD COLUMN event_state VARCHAR(20), MODIFY COLUMN body MEDIUMTEXT, MODIFY COLUMN category VARCHAR(200)`);
    expect(await migrateMysql(database, { dryRun: true })).toEqual({ applied: [], pending: [MIGRATIONS[1]] });
    expect(await migrateMysql(database)).toEqual({ applied: [MIGRATIONS[1]], pending: [] });
    const made = await definition(database.pool);
    for (const part of [
      '`embedding_id` varchar(100)',
      '`event_state` varchar(20)',
      '`body` mediumtext',
      '`event_id`',
    ]) {
      expect(made).toContain(part);
    }
    expect(made).toContain('UNIQUE KEY `ai_content_idempotency_key`');
  });

  it('only write the ledger where a deploy request brought the schema', async () => {
    await migrateMysql(database);
    await database.pool.query('DELETE FROM hookline_migrations');
    expect(await migrateMysql(database, { dryRun: true })).toEqual(NOTHING);
    expect(await migrateMysql(database, { onApply: (name) => expect.unreachable(name) })).toEqual(NOTHING);
    expect(await ledger(database.pool)).toEqual([...MIGRATIONS]);
  });

  it('are only listed by a dry run', async () => {
    expect(await migrateMysql(database, { dryRun: true })).toEqual({ applied: [], pending: [...MIGRATIONS] });
    expect(await rows(database.pool, 'SHOW TABLES')).toEqual([]);
  });

  it('are applied once when five processes start at once', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => migrateMysql(database)));
    expect(results.flatMap(({ applied }) => applied)).toEqual([...MIGRATIONS]);
    expect(results.every(({ pending }) => pending.length === 0)).toBe(true);
    expect(await ledger(database.pool)).toEqual([...MIGRATIONS]);
  });

  it('wait for a migrator of the same database, and for no other’s', async () => {
    const other = await newMariadbDatabase({ migrated: false });
    const holder = await database.pool.getConnection();
    try {
      // The lock is held by a migrator that waits for a row of a table that another transaction holds.
      await database.pool.query(SPECIFIED);
      await database.pool.query("INSERT INTO ai_content (title) VALUES ('x')");
      await holder.query('BEGIN');
      await holder.query("UPDATE ai_content SET title = 'y'");
      const waiting = [migrateMysql(database), migrateMysql(database)];
      expect((await migrateMysql(other)).applied).toEqual([...MIGRATIONS]);
      expect(await ledger(database.pool)).not.toContain(MIGRATIONS[1]);
      await holder.query('COMMIT');
      expect((await Promise.all(waiting)).flatMap(({ applied }) => applied)).toEqual([MIGRATIONS[1]]);
    } finally {
      holder.release();
      await other.drop();
    }
  });

  it('are the same ones when they were checked out with CRLF', async () => {
    await migrateMysql(database);
    const folder = await migrationsIn((text) => text.replaceAll('\n', '\r\n'));
    expect(await migrateMysql(database, { folder })).toEqual(NOTHING);
  });

  it('go on with what is new, after what is there', async () => {
    await migrateMysql(database);
    const folder = await migrationsIn();
    await writeFile(
      new URL('0003_more.sql', folder),
      'ALTER TABLE ai_content\n  ADD COLUMN score DECIMAL(6, 3) NULL,\n  ADD INDEX by_score (score, id);\n',
    );
    expect(await migrateMysql(database, { folder })).toEqual({ applied: ['0003_more.sql'], pending: [] });
    expect(await definition(database.pool)).toContain('`score` decimal(6,3)');
  });
});
