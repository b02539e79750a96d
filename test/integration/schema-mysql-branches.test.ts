import { beforeEach, describe, expect, it } from 'vitest';
import { lockName } from '../../src/schema/providers/mysql/names.js';
import { toProviderError } from '../../src/schema/providers/mysql/server-errors.js';
import type { FileStatement } from '../../src/schema/table/schema.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { waitUntil } from '../harness/wait-until.js';
import { refusal, rows } from './mysql-helpers.js';
import { isDdl, startMysqlProxy } from './mysql-proxy.js';
import { clean, columnsOf, useSchemaDatabase, WAITING } from './schema-mysql-helpers.js';

describe('branches on a plain MySQL', () => {
  const ctx = useSchemaDatabase();
  beforeEach(async () => {
    await clean(ctx());
    // In the order of names the child comes first, and it has a foreign key.
    await ctx().production(
      "CREATE TABLE parent (id INT PRIMARY KEY, `a``b` VARCHAR(10) DEFAULT '?')",
      'CREATE TABLE child (id INT PRIMARY KEY, parent_id INT, FOREIGN KEY (parent_id) REFERENCES parent (id))',
      "INSERT INTO parent VALUES (1, 'x')",
    );
  });

  it('are made with the tables of their parent and without its rows, listed, and deleted with their database', async () => {
    const { provider, pool, database } = ctx();
    const made = await provider.createBranch({ name: 'one', from: 'main' }, WAITING);
    expect(made).toMatchObject({ name: 'one', parentBranch: 'main', production: false, ready: true });
    await ctx().apply('one', 'ALTER TABLE parent ADD COLUMN extra INT');
    await provider.createBranch({ name: 'two', from: 'one' }, WAITING);
    expect(columnsOf(await provider.schemaOf('two'))).toEqual({
      child: ['id', 'parent_id'],
      parent: ['id', 'a`b', 'extra'],
    });
    expect(await rows(pool, `SELECT * FROM ${database}__one.parent`)).toEqual([]);
    expect(columnsOf(await provider.schemaOf('main'))['parent']).toEqual(['id', 'a`b']);
    expect(
      (await provider.listBranches()).map(({ name, parentBranch, production }) => [name, parentBranch, production]),
    ).toEqual([
      ['main', null, true],
      ['one', 'main', false],
      ['two', 'one', false],
    ]);
    expect(await provider.lintOf('two')).toEqual([]);
    await provider.deleteBranch('one');
    expect(await ctx().databases()).toEqual([`${database}__hookline`, `${database}__two`]);
    expect(await refusal(provider.schemaOf('one'))).toMatchObject({ code: 'branch_not_found' });
  });

  it('are not called by what is no name', async () => {
    const names = [
      'main',
      'Ä',
      'Up',
      'a__b',
      '-a',
      'a-',
      'hookline',
      'hookline_scratch_1',
      '',
      'a b',
      'a`; --',
      '../x',
    ];
    for (const name of [...names, 'x'.repeat(41), 'x'.repeat(9_000)]) {
      const error = await refusal(ctx().provider.createBranch({ name, from: 'main' }, WAITING));
      expect([name, error.code, error.message.length < 250]).toEqual([name, 'invalid_branch_name', true]);
    }
  });

  it('are refused under a name that is taken, too long for a database, or of a parent that is not there', async () => {
    const { provider, pool, database } = ctx();
    await ctx().branch('one', '');
    const create = (name: string, from = 'main') => refusal(provider.createBranch({ name, from }, WAITING));
    expect((await create('one')).code).toBe('branch_exists');
    expect((await create('three', 'two')).code).toBe('branch_not_found');
    expect((await create('x'.repeat(40))).hint).toContain("longer than MySQL's 64 characters");
    await pool.query(`CREATE DATABASE ${database}__theirs`);
    await pool.query(`CREATE TABLE ${database}__theirs.kept (id INT)`);
    expect(await create('theirs')).toMatchObject({
      code: 'branch_exists',
      message: expect.stringContaining('no branch of Hookline'),
    });
    expect((await refusal(provider.deleteBranch('theirs'))).code).toBe('branch_not_found');
    expect(await rows(pool, `SELECT * FROM ${database}__theirs.kept`)).toEqual([]);
    expect((await refusal(provider.deleteBranch('main'))).code).toBe('branch_protected');
  });

  it.each(['deleted', 'made anew'])('whose making was broken off say so, and are %s', async (then) => {
    const { provider } = ctx();
    const proxy = await startMysqlProxy(ctx().url, (sql) =>
      sql.startsWith('CREATE TABLE `parent`') ? 'break-before' : 'pass',
    );
    try {
      const broken = ctx().other({ url: proxy.url });
      const error = await refusal(broken.createBranch({ name: 'half', from: 'main' }, WAITING));
      expect(error.code).toBe('database_unavailable');
    } finally {
      await proxy.close();
    }
    expect(await refusal(provider.schemaOf('half'))).toMatchObject({
      code: 'branch_not_found',
      message: expect.stringContaining('broken off'),
    });
    expect((await provider.listBranches()).find(({ name }) => name === 'half')?.ready).toBe(false);
    if (then === 'deleted') {
      await provider.deleteBranch('half');
      expect(await ctx().databases('half')).toEqual([]);
      return;
    }
    await provider.createBranch({ name: 'half', from: 'main' }, WAITING);
    expect(columnsOf(await provider.schemaOf('half'))).toEqual(columnsOf(await provider.schemaOf('main')));
  });

  it('whose snapshot before a broken off file is damaged stand in nobody’s way', async () => {
    const { provider, pool, database } = ctx();
    await ctx().branch('one', '');
    await pool.query(`UPDATE ${database}__hookline.branches SET before_apply = '{' WHERE name = 'one'`);
    expect((await provider.listBranches()).map(({ name }) => name)).toEqual(['main', 'one']);
    await provider.deleteBranch('one');
    expect(await ctx().databases('one')).toEqual([]);
  });

  it('take a file as a whole or not at all', async () => {
    const { provider } = ctx();
    await ctx().branch('one', '');
    const before = await provider.schemaOf('one');
    const file = 'ALTER TABLE child ADD COLUMN ok INT;\n\n-- wrong\nALTER TABLE parent ADD COLUMN\n  x NOSUCHTYPE;';
    const error = await refusal(ctx().apply('one', file));
    expect(error).toMatchObject({
      code: 'schema_apply_failed',
      message: expect.stringMatching(/^Line 4: ALTER TABLE parent ADD COLUMN x NOSUCHTYPE: .*NOSUCHTYPE/),
      hint: expect.stringContaining('Nothing was changed'),
    });
    expect(await provider.schemaOf('one')).toEqual(before);
    // Works on the copy without rows alone: the first statement is taken back.
    await ctx().pool.query(`INSERT INTO ${ctx().database}__one.parent VALUES (1, 'x'), (2, 'x')`);
    const onRows = 'ALTER TABLE child ADD COLUMN ok INT; ALTER TABLE parent ADD UNIQUE KEY u (`a``b`);';
    const applied: FileStatement[] = [];
    const late = await refusal(provider.apply('one', splitStatements(onRows), (one) => applied.push(one)));
    expect([late.code, applied.length]).toEqual(['schema_apply_failed', 1]);
    expect(late.hint).toContain('as they were before');
    expect(await provider.schemaOf('one')).toEqual(before);
    expect(await ctx().databases('hookline_scratch')).toEqual([]);
    const dropping = 'ALTER TABLE parent DROP COLUMN `a``b`; ALTER TABLE parent ADD more INT NOT NULL UNIQUE;';
    expect((await refusal(ctx().apply('one', dropping))).hint).toContain(
      'without what the branch had stored in: parent: column a`b',
    );
    expect(await provider.schemaOf('one')).toEqual(before);
  });

  it('are brought back by the next command when nothing could be done any more in the middle of a file', async () => {
    const { provider, database } = ctx();
    await ctx().branch('one', '');
    const before = await provider.schemaOf('one');
    let onBranch = false;
    let gone = false;
    const proxy = await startMysqlProxy(ctx().url, (sql) => {
      if (sql.startsWith('USE')) onBranch = sql === `USE \`${database}__one\``;
      if (gone) return 'break-before';
      gone = onBranch && isDdl(sql) && sql.includes('second');
      return gone ? 'break-before' : 'pass';
    });
    const file = 'ALTER TABLE child ADD COLUMN first INT; ALTER TABLE parent ADD COLUMN second INT;';
    try {
      const lost = ctx().other({ url: proxy.url });
      const error = await refusal(lost.apply('one', splitStatements(file), () => undefined));
      expect(error.hint).toContain('the next command tries that again');
    } finally {
      await proxy.close();
    }
    expect(await ctx().pool.query('SELECT first FROM ??', [`${database}__one.child`])).toBeDefined();
    await waitUntil(async () => !columnsOf(await provider.schemaOf('one'))['child']?.includes('first'), {
      message: 'the branch to be as it was',
    });
    expect(await provider.schemaOf('one')).toEqual(before);
    await ctx().apply('one', file);
    expect(columnsOf(await provider.schemaOf('one'))['child']).toContain('first');
  });

  it('tell of a server that takes no writes', () => {
    const said = 'The MariaDB server is running with the --read-only option so it cannot execute this statement';
    expect(toProviderError(Object.assign(new Error(said), { errno: 1290 }))).toMatchObject({
      code: 'database_refused',
      message: expect.stringContaining('read-only'),
    });
  });

  it('are brought back by another connection when theirs is lost between two statements', async () => {
    const { provider, database } = ctx();
    await ctx().branch('one', '');
    const before = await provider.schemaOf('one');
    const broken: string[] = [];
    let onBranch = false;
    const proxy = await startMysqlProxy(ctx().url, (sql) => {
      if (sql.startsWith('USE')) onBranch = sql === `USE \`${database}__one\``;
      if (!onBranch || !isDdl(sql) || !sql.includes('second') || sql.includes('DROP') || broken.length > 0)
        return 'pass';
      broken.push(sql);
      return 'break-after';
    });
    try {
      const lost = ctx().other({ url: proxy.url });
      const file = 'ALTER TABLE child ADD COLUMN first INT; ALTER TABLE parent ADD COLUMN second INT;';
      const error = await refusal(lost.apply('one', splitStatements(file), () => undefined));
      expect([error.code, broken.length]).toEqual(['schema_apply_failed', 1]);
      expect(error.hint).toContain('as they were before');
    } finally {
      await proxy.close();
    }
    expect(await provider.schemaOf('one')).toEqual(before);
  });

  it('run nothing but DDL on their own tables', async () => {
    await ctx().branch('one', '');
    const refused: readonly [string, RegExp][] = [
      ['INSERT INTO parent VALUES (9, NULL)', /no DDL/],
      ['DROP DATABASE x', /no DDL/],
      ['CREATE TRIGGER t BEFORE INSERT ON parent FOR EACH ROW SET @a = 1', /no DDL/],
      ['/*!50000 SET GLOBAL read_only = 1 */', /no DDL/],
      ['DROP TABLE main.parent', /name of a database/],
      ['ALTER TABLE `main` . `parent` ADD x INT', /name of a database/],
      ['RENAME TABLE parent TO main.1e5', /name of a database/],
      ['CREATE TABLE copied AS SELECT * FROM parent', /bring data/],
    ];
    for (const [sql, says] of refused) {
      const error = await refusal(ctx().apply('one', sql.replaceAll('main', ctx().database)));
      expect([error.code, error.message]).toEqual(['schema_apply_failed', expect.stringMatching(says)]);
    }
  });

  it('take numbers with points, and no file on production', async () => {
    await ctx().branch('one', 'ALTER TABLE parent ADD price DECIMAL(5,2) DEFAULT .5, ADD q FLOAT DEFAULT 1.5');
    expect(columnsOf(await ctx().provider.schemaOf('one'))['parent']).toContain('q');
    expect((await refusal(ctx().apply('main', 'DROP TABLE child'))).code).toBe('branch_protected');
  });

  it('are connected to in UTC, a reader without writing, and the receiver stores in them', async () => {
    const { provider } = ctx();
    await ctx().branch('one', '');
    const writer = await provider.connect('one', 'readwriter');
    const reader = await provider.connect('one', 'reader');
    try {
      expect(await writer.sql.run('INSERT INTO parent VALUES (5, ?)', ['é'])).toBe(1);
      expect(await reader.sql.rows('SELECT id, @@time_zone AS zone FROM parent')).toEqual([{ id: 5, zone: '+00:00' }]);
      await expect(reader.sql.run('DELETE FROM parent')).rejects.toThrow(/READ ONLY/);
    } finally {
      await writer.close();
      await reader.close();
    }
    expect((await refusal(provider.connect('nope', 'reader'))).code).toBe('branch_not_found');
  });

  it('lose the scratch databases of dead processes, and no living one’s', async () => {
    const { provider, pool, database } = ctx();
    await provider.listBranches();
    const names = ['aaaaaa', 'bbbbbb', 'notes'].map((end) => `${database}__hookline_scratch_${end}`);
    for (const name of names) await pool.query('CREATE DATABASE ??', [name]);
    const living = await pool.getConnection();
    await living.query('SELECT GET_LOCK(?, 0)', [lockName('scratch', names[1] ?? '')]);
    await provider.listBranches();
    expect(await ctx().databases('hookline_scratch_')).toEqual(names.slice(1));
    living.destroy();
    await waitUntil(
      async () => {
        await provider.listBranches();
        return (await ctx().databases('hookline_scratch_')).length === 1;
      },
      { message: 'the second to be dropped' },
    );
  });
});
