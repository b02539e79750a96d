import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { MYSQL_MIGRATIONS, migrateMysql } from '../../src/db/mysql/migrate.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { definition, MIGRATIONS, rows } from './mysql-helpers.js';

interface Vschema {
  readonly sharded: boolean;
  readonly vindexes: Readonly<Record<string, { readonly type: string }>>;
  readonly tables: Readonly<
    Record<
      string,
      {
        readonly column_vindexes: readonly { readonly column: string; readonly name: string }[];
        readonly auto_increment?: { readonly column: string; readonly sequence: string };
      }
    >
  >;
}

const shipped = (name: string): Promise<string> => readFile(new URL(name, MYSQL_MIGRATIONS), 'utf8');

it('the files for a sharded keyspace make a table that the migrations complete and the vschema fits', async () => {
  const database = await newMariadbDatabase({ migrated: false });
  try {
    for (const name of ['unsharded_keyspace.sql', 'sharded_keyspace.sql']) {
      const statements = (await shipped(`sharded/${name}`))
        .split(/;\s*\n/)
        .filter((statement) => statement.trim() !== '');
      // Twice, since an operator may.
      for (const statement of [...statements, ...statements]) await database.pool.query(statement);
    }
    expect(await rows(database.pool, 'SELECT id, next_id, cache FROM ai_content_seq')).toEqual([
      { id: 0, next_id: 1, cache: 1000 },
    ]);
    expect(await migrateMysql(database)).toEqual({ applied: [MIGRATIONS[1]], pending: [] });
    const sharded = await definition(database.pool);
    expect(sharded).not.toContain('AUTO_INCREMENT');
    expect(sharded).toMatch(/`idempotency_key` char\(64\) [^,]*NOT NULL/);

    const vschema: Vschema = JSON.parse(await shipped('vschema.json'));
    expect(vschema.sharded).toBe(true);
    const tables = Object.entries(vschema.tables);
    expect(tables.map(([table]) => table)).toEqual(['ai_content', 'hookline_migrations']);
    for (const [table, { column_vindexes, auto_increment }] of tables) {
      const made = (await definition(database.pool, table)) ?? '';
      const [primary] = column_vindexes;
      expect(vschema.vindexes[primary?.name ?? '']).toEqual({ type: 'xxhash' });
      // Uniqueness holds in one shard: the unique key has to be the column that chooses it.
      expect(made).toMatch(new RegExp(`(UNIQUE|PRIMARY) KEY [^(]*\\(\`${primary?.column}\`\\)`));
      expect(made).toMatch(new RegExp(`\`${primary?.column}\` [^,]*NOT NULL`));
      if (auto_increment) expect(made).toContain(`PRIMARY KEY (\`${auto_increment.column}\`)`);
    }
    expect(vschema.tables['ai_content']?.auto_increment?.sequence).toBe('ai_content_seq');
  } finally {
    await database.drop();
  }
});

it('the table for a sharded keyspace has the specified columns', async () => {
  const column = /^ {2}(\w+) .*$/gm;
  const columnsOf = async (name: string) => [...(await shipped(name)).matchAll(column)].map(([line]) => line);
  const specified = await columnsOf(MIGRATIONS[0]);
  const sharded = await columnsOf('sharded/sharded_keyspace.sql');
  expect(sharded[0]).toBe('  id BIGINT PRIMARY KEY,');
  expect(sharded.slice(1, 9)).toEqual(specified.slice(1, 9));
});
