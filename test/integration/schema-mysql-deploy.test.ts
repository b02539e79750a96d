import { describe, expect, it } from 'vitest';
import type { DeployRequest } from '../../src/schema/provider.js';
import { refusal, rows } from './mysql-helpers.js';
import { columnsOf, holdTable, useTwoTables, WAITING } from './schema-mysql-helpers.js';

const ANY = { instant: false } as const;

describe('deploy requests on a plain MySQL', () => {
  const ctx = useTwoTables();

  it('bring a branch to production with the cheapest algorithms, and are kept with notes and reviews as they were written', async () => {
    const { provider } = ctx();
    const { deployRequests } = provider;
    await ctx().branch(
      'one',
      'ALTER TABLE a ADD q FLOAT; CREATE INDEX k ON b (note(20)); CREATE TABLE c (id INT PRIMARY KEY);',
    );
    const notes = `'); DROP TABLE a; -- \\ \u0000 😀 ${'n'.repeat(9_900)}`;
    const number = await ctx().request('one', { notes });
    expect(await deployRequests.get(number)).toMatchObject({
      state: 'open',
      deploymentState: 'ready',
      deployable: true,
      instantDdlEligible: false,
      notes,
      problems: [],
      approved: false,
    });
    await deployRequests.review(number, { state: 'commented', body: notes });
    await deployRequests.review(number, { state: 'approved', body: '' });
    expect(
      (await deployRequests.reviews(number)).map(({ state, body, actor }) => [state, body === notes, actor]),
    ).toEqual([
      ['commented', true, 'ada@test'],
      ['approved', false, 'ada@test'],
    ]);
    expect((await refusal(provider.deleteBranch('one'))).code).toBe('branch_in_use');
    expect((await refusal(ctx().request('one'))).code).toBe('deploy_request_exists');
    const progress: string[] = [];
    const deployed = await deployRequests.deploy(number, ANY, {
      ...WAITING,
      onProgress: (text) => progress.push(text),
    });
    expect(deployed).toMatchObject({
      state: 'closed',
      deploymentState: 'complete_pending_revert',
      approved: true,
      problems: [],
    });
    expect(Date.parse(deployed.revertUntil ?? '') - Date.parse(deployed.deployedAt ?? '')).toBe(30 * 60_000);
    const operations = await deployRequests.operations(number);
    expect(operations.map(({ table, operation, algorithm, state }) => [table, operation, algorithm, state])).toEqual([
      ['c', 'CREATE', null, 'complete'],
      ['a', 'ALTER', 'INSTANT', 'complete'],
      ['b', 'ALTER', 'NOCOPY', 'complete'],
    ]);
    expect(progress.join()).toContain('3 of 3');
    expect(await provider.schemaOf('main')).toEqual(await provider.schemaOf('one'));
    expect(await rows(ctx().pool, 'SELECT name, q FROM a')).toEqual([{ name: 'x', q: null }]);
    // The next request of the same branch has its new changes alone.
    await ctx().production('ALTER TABLE b ADD elsewhere INT');
    await ctx().apply('one', 'ALTER TABLE a ADD later INT');
    const next = await ctx().request('one');
    expect((await deployRequests.operations(next)).map(({ table }) => table)).toEqual(['a']);
    await deployRequests.deploy(next, ANY, WAITING);
    expect((await deployRequests.list()).map((one) => one.number)).toEqual([next, number]);
    await ctx().apply('one', 'ALTER TABLE a ADD last INT');
    const third = await ctx().request('one');
    expect((await deployRequests.operations(third)).map(({ table }) => table)).toEqual(['a']);
    expect((await deployRequests.list({ state: 'open' })).map((one) => one.number)).toEqual([third]);
    expect(await deployRequests.list({ branch: 'none' })).toEqual([]);
  });

  it('merge with what production became since, and tell what collides', async () => {
    const { provider } = ctx();
    const { deployRequests } = provider;
    const outcome = async (branch: string, onBranch: string, onMain: string) => {
      await ctx().branch(branch, onBranch);
      await ctx().production(onMain);
      return deployRequests.get(await ctx().request(branch));
    };
    const fits = await outcome('fits', 'ALTER TABLE a ADD ours INT', 'ALTER TABLE a ADD theirs INT');
    expect(fits).toMatchObject({ deploymentState: 'ready', problems: [] });
    await deployRequests.deploy(fits.number, ANY, WAITING);
    expect(columnsOf(await provider.schemaOf('main'))['a']?.toSorted()).toEqual([
      'id',
      'name',
      'old',
      'ours',
      'theirs',
    ]);

    expect(await outcome('twice', 'ALTER TABLE a ADD x INT', 'ALTER TABLE a ADD x VARCHAR(9)')).toMatchObject({
      deploymentState: 'error',
      deployable: false,
      problems: [
        {
          code: 'SCHEMA_CONFLICT',
          table: 'a',
          column: 'x',
          message: expect.stringMatching(/adds it as int.*production adds it as varchar/),
        },
      ],
    });
    const gone = await outcome('gone', 'DROP TABLE b', 'ALTER TABLE b ADD more INT');
    expect(gone.problems).toMatchObject([
      {
        code: 'SCHEMA_CONFLICT',
        table: 'b',
        message: expect.stringMatching(/dropped on the branch and changed in production/),
      },
    ]);
    expect((await refusal(deployRequests.deploy(gone.number, ANY, WAITING))).code).toBe('schema_conflict');
    expect(columnsOf(await provider.schemaOf('main'))['b']).toEqual(['id', 'note', 'more']);
    expect(await outcome('same', 'ALTER TABLE b ADD shared INT', 'ALTER TABLE b ADD `shared` INT')).toMatchObject({
      deploymentState: 'no_changes',
    });
    expect(await ctx().databases('hookline_scratch')).toEqual([]);
  });

  it('are refused when the branch has moved, when they conflict by then, and in a state that does not allow it', async () => {
    const { deployRequests } = ctx().provider;
    await ctx().branch('moved', 'ALTER TABLE a ADD q INT');
    const moved = await ctx().request('moved');
    await ctx().apply('moved', 'ALTER TABLE a ADD r INT');
    expect(await refusal(deployRequests.deploy(moved, ANY, WAITING))).toMatchObject({
      code: 'branch_moved',
      hint: expect.stringContaining('make a new one'),
    });
    expect(await deployRequests.close(moved)).toMatchObject({ state: 'closed', deployable: false });
    for (const doing of [
      () => deployRequests.deploy(moved, ANY, WAITING),
      () => deployRequests.cancel(moved),
      () => deployRequests.revert(moved),
      () => deployRequests.skipRevert(moved),
      () => deployRequests.close(moved),
      () => deployRequests.apply(moved),
    ]) {
      expect((await refusal(doing())).code).toBe('deploy_request_not_deployable');
    }
    const later = await ctx().request('moved');
    await ctx().production('ALTER TABLE a ADD q TEXT');
    expect((await refusal(deployRequests.deploy(later, ANY, WAITING))).code).toBe('schema_conflict');
    expect(await deployRequests.get(later)).toMatchObject({ deploymentState: 'error', deployable: false });
    for (const number of [999, -1, 1.5])
      expect((await refusal(deployRequests.get(number))).code).toBe('deploy_request_not_found');
    const asked = { branch: 'moved', intoBranch: 'main', autoDeleteBranch: false };
    expect((await refusal(deployRequests.create({ ...asked, notes: 'x'.repeat(10_001) }, WAITING))).code).toBe(
      'invalid_parameter',
    );
    expect((await refusal(deployRequests.create({ ...asked, branch: 'none', notes: '' }, WAITING))).code).toBe(
      'branch_not_found',
    );
  });

  it('refuse what the server cannot do while others write, before anything is done', async () => {
    const { provider } = ctx();
    const { deployRequests } = provider;
    const before = await provider.schemaOf('main');
    await ctx().branch('one', 'ALTER TABLE b ADD x INT; ALTER TABLE a MODIFY old VARCHAR(20);');
    const number = await ctx().request('one');
    expect(await deployRequests.get(number)).toMatchObject({
      deploymentState: 'error',
      deployable: false,
      problems: [{ code: 'ONLINE_DDL_REFUSED', table: 'a', hint: expect.stringContaining('Add a column') }],
    });
    const error = await refusal(deployRequests.deploy(number, ANY, WAITING));
    expect([error.code, error.message]).toEqual([
      'online_ddl_refused',
      expect.stringMatching(/a without blocking it: .*ALGORITHM/),
    ]);
    expect(await provider.schemaOf('main')).toEqual(before);
    await deployRequests.close(number);

    await ctx().branch('two', 'CREATE INDEX k ON a (name)');
    const index = await ctx().request('two');
    expect(await refusal(deployRequests.deploy(index, { instant: true }, WAITING))).toMatchObject({
      code: 'online_ddl_refused',
      message: expect.stringContaining('not instant'),
    });
    expect(await provider.schemaOf('main')).toEqual(before);
    expect((await deployRequests.get(index)).deployable).toBe(true);
    expect((await deployRequests.deploy(index, ANY, WAITING)).deploymentState).toBe('complete_pending_revert');
  });

  it('warn of what PlanetScale would refuse, and deploy it', async () => {
    const { deployRequests } = ctx().provider;
    await ctx().branch('one', 'CREATE TABLE c (id INT)');
    const number = await ctx().request('one');
    const warning = { code: 'NO_UNIQUE_KEY', severity: 'warning', table: 'c' };
    const message = expect.stringContaining('PlanetScale would refuse');
    expect(await deployRequests.get(number)).toMatchObject({ deployable: true, problems: [{ ...warning, message }] });
    expect((await deployRequests.deploy(number, ANY, WAITING)).deploymentState).toBe('complete_pending_revert');
  });

  it('are deployed one at a time', async () => {
    const { deployRequests } = ctx().provider;
    await ctx().branch('one', 'ALTER TABLE a ADD x INT');
    await ctx().branch('two', 'ALTER TABLE b ADD x INT');
    const [one, two] = [await ctx().request('one'), await ctx().request('two')];
    const held = await holdTable(ctx().url, 'a');
    let waits: (() => void) | undefined;
    const waiting = new Promise<void>((resolve) => {
      waits = resolve;
    });
    const first = deployRequests.deploy(one, ANY, {
      ...WAITING,
      onProgress: (text) => text.startsWith('waits') && waits?.(),
    });
    try {
      await waiting;
      const error = await refusal(ctx().other({ actor: 'bob@test' }).deployRequests.deploy(two, ANY, WAITING));
      expect([error.code, error.message]).toEqual([
        'deploy_in_progress',
        expect.stringMatching(new RegExp(`#${one} of the branch one .*since \\d{4}-.*ada@test`)),
      ]);
      expect((await refusal(deployRequests.close(one))).code).toBe('deploy_request_not_deployable');
      expect((await deployRequests.get(one)).problems).toEqual([]);
    } finally {
      await held.release();
    }
    expect((await first).deploymentState).toBe('complete_pending_revert');
    expect((await deployRequests.deploy(two, ANY, WAITING)).deploymentState).toBe('complete_pending_revert');
  });

  it('are not deployed when they are closed while they are looked at', async () => {
    const { provider } = ctx();
    await ctx().branch('one', 'ALTER TABLE a ADD x INT');
    const number = await ctx().request('one');
    const before = await provider.schemaOf('main');
    let closed: Promise<DeployRequest> | undefined;
    const deployed = refusal(
      provider.deployRequests.deploy(number, ANY, {
        ...WAITING,
        onProgress: () => {
          closed ??= provider.deployRequests.close(number);
        },
      }),
    );
    expect((await deployed).code).toBe('deploy_request_not_deployable');
    expect((await closed)?.state).toBe('closed');
    expect(await provider.schemaOf('main')).toEqual(before);
  });

  it('are not deployed where a trigger of production needs what goes, and tell of views', async () => {
    const { provider, pool, database } = ctx();
    const { deployRequests } = provider;
    const trigger = 'CREATE TRIGGER counts BEFORE INSERT ON a FOR EACH ROW SET NEW.`old` = 1';
    await ctx().production(trigger, 'CREATE VIEW notes AS SELECT note FROM b');
    try {
      await ctx().branch('one', 'ALTER TABLE a DROP COLUMN old');
      const number = await ctx().request('one');
      const told = { code: 'TRIGGER_AFFECTED', message: expect.stringContaining('counts names the column old of a') };
      expect(await deployRequests.get(number)).toMatchObject({ deployable: false, problems: [told] });
      expect((await refusal(deployRequests.deploy(number, ANY, WAITING))).code).toBe('deploy_request_not_deployable');
      await pool.query('INSERT INTO a (id) VALUES (2)');
      await ctx().production('DROP TRIGGER counts');
      await deployRequests.deploy(number, ANY, WAITING);

      await ctx().branch('two', 'DROP TABLE b; CREATE TABLE c (id INT PRIMARY KEY)');
      const other = await ctx().request('two');
      expect(await deployRequests.get(other)).toMatchObject({
        deploymentState: 'ready',
        problems: [{ code: 'VIEW_AFFECTED', severity: 'warning', message: expect.stringContaining('notes') }],
      });
      await deployRequests.deploy(other, ANY, WAITING);
      await ctx().production('CREATE TRIGGER since BEFORE INSERT ON c FOR EACH ROW SET @c = 1');
      expect(await refusal(deployRequests.revert(other, WAITING))).toMatchObject({
        code: 'deploy_request_not_deployable',
        message: expect.stringContaining('The trigger since would go with its table c'),
      });
    } finally {
      await pool.query('DROP VIEW IF EXISTS ??', [`${database}.notes`]);
    }
  });

  it('are refused where the partitions change, which MariaDB does by a copy also when it is asked for INSTANT', async () => {
    const { deployRequests } = ctx().provider;
    await ctx().production('CREATE TABLE p (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2');
    const changes = ['REMOVE PARTITIONING', "COMMENT='x' PARTITION BY HASH (id) PARTITIONS 4"];
    for (const [at, change] of changes.entries()) {
      await ctx().branch(`p${at}`, `ALTER TABLE p ${change}`);
      const { problems } = await deployRequests.get(await ctx().request(`p${at}`));
      expect(problems).toMatchObject([{ code: 'ONLINE_DDL_REFUSED', table: 'p' }]);
    }
  });
});
