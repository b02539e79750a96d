import { describe, expect, it } from 'vitest';
import { refusal } from './mysql-helpers.js';
import { startMysqlProxy } from './mysql-proxy.js';
import { holdTable, useTwoTables, WAITING } from './schema-mysql-helpers.js';

const ANY = { instant: false } as const;

describe('deployments on a plain MySQL that wait, or are broken off', () => {
  const ctx = useTwoTables();

  it('wait for a table that a transaction holds without stopping others, and undo what was done when it does not end', async () => {
    const { provider, pool } = ctx();
    const before = await provider.schemaOf('main');
    await ctx().branch('one', 'ALTER TABLE a ADD x INT; ALTER TABLE b ADD x INT;');
    const number = await ctx().request('one');
    const impatient = ctx().other({ tableWaitMs: 2_500 });
    const held = await holdTable(ctx().url, 'b');
    try {
      let inserted = 0;
      let deploying = true;
      const deployed = refusal(impatient.deployRequests.deploy(number, ANY, WAITING)).finally(() => {
        deploying = false;
      });
      for (; deploying; inserted++) await pool.query('INSERT INTO b (id) VALUES (?)', [inserted]);
      expect(await deployed).toMatchObject({
        code: 'deploy_failed',
        message: expect.stringMatching(/transaction has held the table b.*undone \(a\)/),
        hint: expect.stringMatching(/oldest open transactions: connection \d+/),
      });
      expect(inserted).toBeGreaterThan(5);
    } finally {
      await held.release();
    }
    expect(await provider.schemaOf('main')).toEqual(before);
    expect(await provider.deployRequests.get(number)).toMatchObject({
      state: 'open',
      deploymentState: 'complete_error',
      deployable: true,
      problems: [{ code: 'DEPLOYMENT_FAILED' }],
    });
    expect((await provider.deployRequests.deploy(number, ANY, WAITING)).deploymentState).toBe(
      'complete_pending_revert',
    );
  });

  it('stop when they are told to while a transaction holds a table, and go on later', async () => {
    const { deployRequests } = ctx().provider;
    await ctx().branch('one', 'ALTER TABLE a ADD x INT; ALTER TABLE b ADD x INT;');
    const number = await ctx().request('one');
    const held = await holdTable(ctx().url, 'b');
    const enough = new AbortController();
    try {
      const onProgress = (text: string) => text.startsWith('waits') && enough.abort();
      const stopped = deployRequests.deploy(number, ANY, { ...WAITING, signal: enough.signal, onProgress });
      expect(await refusal(stopped)).toMatchObject({
        code: 'schema_timeout',
        message: 'It was stopped when a transaction held the table b.',
      });
    } finally {
      await held.release();
    }
    expect(await deployRequests.get(number)).toMatchObject({
      deploymentState: 'in_progress',
      problems: [{ code: 'DEPLOYMENT_INTERRUPTED', message: expect.stringContaining('1 of 2') }],
    });
    expect((await deployRequests.deploy(number, ANY, WAITING)).deploymentState).toBe('complete_pending_revert');
  });

  it('take longer than the server lets queries take', async () => {
    const { pool, database } = ctx();
    await ctx().branch('one', 'ALTER TABLE a ADD x INT');
    const number = await ctx().request('one');
    await pool.query("CREATE USER ?@'%' IDENTIFIED BY 'short' WITH MAX_STATEMENT_TIME 0.3", [database]);
    const held = await holdTable(ctx().url, 'a');
    try {
      await pool.query(`GRANT ALL ON \`${database}%\`.* TO ?@'%'`, [database]);
      const url = Object.assign(new URL(ctx().url), { username: database, password: 'short' }).href;
      const deployed = await ctx()
        .other({ url })
        .deployRequests.deploy(number, ANY, {
          ...WAITING,
          onProgress: (text) => void (text.startsWith('waits') && held.release()),
        });
      expect(deployed.deploymentState).toBe('complete_pending_revert');
    } finally {
      await held.release().catch(() => undefined);
      await pool.query("DROP USER ?@'%'", [database]);
    }
  });

  it('tell what stays where the way back fails, and of it no more', async () => {
    const { deployRequests } = ctx().provider;
    await ctx().production("INSERT INTO b VALUES (1, 'same'), (2, 'same')");
    const unique = 'ALTER TABLE b DROP note, ADD x INT NOT NULL UNIQUE';
    await ctx().branch('one', `ALTER TABLE a MODIFY name VARCHAR(300), DROP old; ${unique};`);
    const number = await ctx().request('one');
    expect((await refusal(deployRequests.deploy(number, ANY, WAITING))).code).toBe('deploy_failed');
    expect((await deployRequests.get(number)).problems).toMatchObject([
      { code: 'DEPLOYMENT_FAILED' },
      { code: 'NOT_UNDONE', message: expect.stringContaining('a keeps what the deployment made of it') },
    ]);
  });

  it('go on after a lost connection from what production shows, not from what was written last', async () => {
    const { provider } = ctx();
    await ctx().branch('one', 'ALTER TABLE a ADD x INT; ALTER TABLE b ADD x INT;');
    const number = await ctx().request('one');
    const main = `USE \`${ctx().database}\``;
    let before = '';
    const proxy = await startMysqlProxy(ctx().url, (sql) => {
      const here = before === main && sql.startsWith('ALTER TABLE `a`');
      before = sql;
      return here ? 'break-after' : 'pass';
    });
    try {
      const lost = ctx().other({ url: proxy.url });
      expect((await refusal(lost.deployRequests.deploy(number, ANY, WAITING))).code).toBe('database_unavailable');
    } finally {
      await proxy.close();
    }
    expect(await provider.deployRequests.get(number)).toMatchObject({
      deploymentState: 'in_progress',
      problems: [
        { code: 'DEPLOYMENT_INTERRUPTED', message: expect.stringContaining('1 of 2 operations were applied (a)') },
      ],
    });
    expect((await refusal(provider.deployRequests.revert(number))).code).toBe('deploy_request_not_deployable');
    expect((await provider.deployRequests.deploy(number, ANY, WAITING)).deploymentState).toBe(
      'complete_pending_revert',
    );
    expect(await provider.schemaOf('main')).toEqual(await provider.schemaOf('one'));
  });
});
