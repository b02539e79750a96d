import { describe, expect, it } from 'vitest';
import { refusal, rows } from './mysql-helpers.js';
import { startMysqlProxy } from './mysql-proxy.js';
import { useTwoTables, WAITING } from './schema-mysql-helpers.js';

const ANY = { instant: false } as const;

describe('deploy requests on a plain MySQL, once they are deployed', () => {
  const ctx = useTwoTables();

  it('tell before, and until they are, that the server could not make the way back', async () => {
    const { deployRequests } = ctx().provider;
    await ctx().branch('one', 'ALTER TABLE a MODIFY name VARCHAR(300)');
    const number = await ctx().request('one');
    const told = [{ code: 'NOT_REVERTIBLE', severity: 'warning', table: 'a' }];
    expect(await deployRequests.get(number)).toMatchObject({ deployable: true, problems: told });
    expect(await deployRequests.deploy(number, ANY, WAITING)).toMatchObject({
      deploymentState: 'complete_pending_revert',
      problems: told,
    });
    expect((await refusal(deployRequests.revert(number, WAITING))).code).toBe('online_ddl_refused');
  });

  it('delete no branch that was made since under the same name', async () => {
    const { provider } = ctx();
    await ctx().branch('one', 'ALTER TABLE a ADD x INT');
    const number = await ctx().request('one', { autoDeleteBranch: true });
    await provider.deployRequests.deploy(number, ANY, WAITING);
    await provider.deleteBranch('one');
    await ctx().branch('one', '');
    await provider.deployRequests.skipRevert(number);
    expect((await provider.listBranches()).map(({ name }) => name)).toEqual(['main', 'one']);
  });

  it('delete no branch whose tables cannot be read any more, and no command fails for it', async () => {
    const { provider, pool, database } = ctx();
    for (const name of ['gone', 'odd']) {
      await ctx().branch(name, `CREATE TABLE ${name} (id INT PRIMARY KEY)`);
      const number = await ctx().request(name, { autoDeleteBranch: true });
      await provider.deployRequests.deploy(number, ANY, WAITING);
      if (name === 'gone') await pool.query(`DROP DATABASE ${database}__gone`);
      else await pool.query(`CREATE SEQUENCE ${database}__odd.s`);
      await provider.deployRequests.skipRevert(number);
    }
    expect((await provider.listBranches()).map(({ name }) => name)).toEqual(['main', 'gone', 'odd']);
    await provider.deleteBranch('gone');
    expect(await ctx().databases('odd')).toHaveLength(1);
  });

  it('delete a branch whose tables somebody has in hand by a later command', async () => {
    const { provider, url, database } = ctx();
    await ctx().branch('one', 'ALTER TABLE a ADD x INT');
    const number = await ctx().request('one', { autoDeleteBranch: true });
    await provider.deployRequests.deploy(number, ANY, WAITING);
    let onBranch = false;
    let refused = 0;
    const proxy = await startMysqlProxy(url, (sql) => {
      if (sql.startsWith('USE')) onBranch = sql === `USE \`${database}__one\``;
      if (!onBranch || !sql.startsWith('SHOW CREATE TABLE')) return 'pass';
      refused += 1;
      return { code: 1205, message: 'Lock wait timeout exceeded; try restarting transaction' };
    });
    try {
      const { deployRequests } = ctx().other({ url: proxy.url });
      expect((await deployRequests.skipRevert(number)).deploymentState).toBe('complete');
    } finally {
      await proxy.close();
    }
    expect([refused, await ctx().databases('one')]).toEqual([1, [`${database}__one`]]);
    expect((await provider.listBranches()).map(({ name }) => name)).toEqual(['main']);
    expect(await ctx().databases('one')).toEqual([]);
  });

  it('are reverted within the window: what was dropped comes back empty, and that is told', async () => {
    const { provider, pool } = ctx();
    const { deployRequests } = provider;
    const before = await provider.schemaOf('main');
    await ctx().branch('one', 'ALTER TABLE a DROP old, ADD fresh INT; DROP TABLE b;');
    const number = await ctx().request('one');
    await deployRequests.deploy(number, ANY, WAITING);
    const reverted = await deployRequests.revert(number, WAITING);
    expect(reverted).toMatchObject({ state: 'closed', deploymentState: 'complete_revert', revertUntil: null });
    expect(reverted.problems).toMatchObject([
      { code: 'DATA_NOT_RESTORED', severity: 'warning', message: expect.stringMatching(/a: column old.*table b/) },
      { code: 'DATA_DROPPED', message: expect.stringContaining('fresh') },
    ]);
    expect(await provider.schemaOf('main')).toEqual(before);
    expect(await rows(pool, 'SELECT name, old FROM a')).toEqual([{ name: 'x', old: null }]);
    // The branch's change is one again.
    expect((await deployRequests.operations(await ctx().request('one'))).map(({ table }) => table)).toEqual(['a', 'b']);
  });

  it('are not reverted after the window, nor when production changed since; the branch goes when it was asked to', async () => {
    const { provider } = ctx();
    let shift = 0;
    const { deployRequests } = ctx().other({ now: () => new Date(Date.now() + shift), revertWindowMs: 60_000 });
    await ctx().branch('one', 'ALTER TABLE a ADD x INT');
    await ctx().branch('two', 'ALTER TABLE b ADD x INT');
    const one = await ctx().request('one', { autoDeleteBranch: true });
    await deployRequests.deploy(one, ANY, WAITING);
    await ctx().production('ALTER TABLE a ADD surprise INT');
    expect(await refusal(deployRequests.revert(one))).toMatchObject({
      code: 'schema_conflict',
      message: expect.stringContaining('left it: a changed since'),
    });
    expect(await ctx().databases('one')).toHaveLength(1);
    shift = 61_000;
    expect((await refusal(deployRequests.revert(one))).code).toBe('revert_window_over');
    expect(await deployRequests.get(one)).toMatchObject({ deploymentState: 'complete', revertUntil: null });
    expect(await ctx().databases('one')).toEqual([]);
    const two = await ctx().request('two');
    await deployRequests.deploy(two, ANY, WAITING);
    expect((await deployRequests.skipRevert(two)).deploymentState).toBe('complete');
    const over = await refusal(deployRequests.revert(two));
    expect(over.code).toBe('revert_window_over');
    expect(Date.parse(over.message.replace(/.* until (.*)\.$/, '$1'))).toBeLessThanOrEqual(Date.now() + shift);
    expect((await provider.listBranches()).map(({ name }) => name)).toEqual(['main', 'two']);
  });
});
