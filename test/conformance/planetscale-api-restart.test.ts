import { connect } from '@planetscale/database';
import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { startTestPlanetscaleApi, type TestPlanetscaleApi } from '../harness/planetscale-api.js';

const TABLE = 'CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20))';
const ADD = 'ALTER TABLE things ADD COLUMN more INT';

const stateOf = async (api: TestPlanetscaleApi, number = 1) =>
  (await api.call('GET', `/deploy-requests/${number}`)).body['deployment_state'];
const until = (api: TestPlanetscaleApi, state: string) =>
  expect.poll(() => stateOf(api), { timeout: 20_000, interval: 20 }).toBe(state);
const act = (api: TestPlanetscaleApi, action: string) => api.call('POST', `/deploy-requests/1/${action}`);
const tables = async (api: TestPlanetscaleApi, branch = 'main') =>
  JSON.stringify((await api.call('GET', `/branches/${branch}/schema`)).body);

/** A stand-in with a branch `dev` on which the statements were run, and deploy request 1 of it, ready. */
async function withRequest(
  options: NonNullable<Parameters<typeof startTestPlanetscaleApi>[0]>,
  statements: readonly string[],
  request: object = {},
): Promise<TestPlanetscaleApi> {
  const api = await startTestPlanetscaleApi(options);
  await api.database.pool.query(TABLE);
  await api.call('POST', '/branches', { name: 'dev', parent_branch: 'main' });
  await api.run('dev', ...statements);
  await api.call('POST', '/deploy-requests', { branch: 'dev', into_branch: 'main', ...request });
  await until(api, 'ready');
  return api;
}

async function databasesOf({ database }: TestPlanetscaleApi): Promise<number> {
  const [rows] = await database.pool.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [
    `${new URL(database.url).pathname.slice(1)}\\_\\_ps%`,
  ]);
  return rows.length;
}

describe('a stand-in of PlanetScale’s API that is started again', () => {
  it('goes on with a deployment, keeps branches and passwords, and drops everything at its end', {
    timeout: 60_000,
  }, async () => {
    // A state is left later than it takes to end the stand-in, to start it, and to look.
    const delays = { stepMs: 2_500 };
    let api = await withRequest({ delays }, [ADD]);
    try {
      const { url } = await api.gateway('dev', 'readwriter');
      await act(api, 'deploy');
      await until(api, 'in_progress');
      await api.stop();
      await expect(connect({ url }).execute('SELECT 1')).rejects.toThrow();
      expect(await databasesOf(api)).toBe(2);
      api = await api.restart();
      expect(await stateOf(api)).toBe('in_progress');
      expect(await tables(api)).not.toContain('more');
      await connect({ url }).execute("INSERT INTO things (name) VALUES ('a')");
      await until(api, 'complete_pending_revert');
      expect(await tables(api)).toBe(await tables(api, 'dev'));
      await api.stop();
      delays.stepMs = 20;
      api = await api.restart();
      await act(api, 'revert');
      await until(api, 'complete_revert');
      expect(await tables(api)).not.toContain('more');
      await api.closeApi();
      expect(await databasesOf(api)).toBe(0);
    } finally {
      await api.close();
    }
  });

  it('goes on where a killed one stopped between two statements, or in the middle of a branch', async () => {
    let api = await withRequest({}, [ADD, 'CREATE TABLE a_first (id INT PRIMARY KEY)'], { auto_cutover: false });
    try {
      await act(api, 'deploy');
      await until(api, 'pending_cutover');
      await api.stop();
      const { pool } = api.database;
      const state = `${new URL(api.database.url).pathname.slice(1)}__ps_state`;
      await pool.query("UPDATE ??.deploy_requests SET deployment_state = 'in_progress_cutover'", [state]);
      await pool.query('CREATE TABLE a_first (id INT PRIMARY KEY)');
      await pool.query('UPDATE ??.branches SET ready_at = NULL WHERE production = 0', [state]);
      await pool.query('DROP DATABASE ??', [state.replace('state', 'dev')]);
      api = await api.restart();
      await until(api, 'complete_pending_revert');
      expect(await tables(api)).toMatch(/a_first.*`more`/);
      expect(await tables(api, 'dev')).toContain('things');
      const { body } = await api.call('GET', '/deploy-requests/1/operations');
      expect(body).toMatchObject({ data: [{ state: 'complete' }, { state: 'complete' }] });
    } finally {
      await api.close();
    }
  });
});

describe('deployments of a stand-in of PlanetScale’s API', () => {
  it('wait for the approval of another administrator, complete after their window, and delete their branch', async () => {
    const settings = { administrators: 2, requireApproval: true, revertWindowMs: 100 };
    const api = await withRequest(settings, [ADD], { auto_delete_branch: true });
    try {
      const own = await api.call('POST', '/deploy-requests/1/reviews', { state: 'approved', body: '' });
      expect(own).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
      expect(await act(api, 'deploy')).toMatchObject({
        status: 422,
        body: { message: expect.stringMatching(/approved/) },
      });
      await api.reviewAs('ada', 1, { state: 'approved', body: 'yes' });
      expect((await api.call('GET', '/deploy-requests/1')).body).toMatchObject({ approved: true });
      expect((await act(api, 'deploy')).status).toBe(200);
      await until(api, 'complete');
      await expect.poll(async () => (await api.call('GET', '/branches/dev')).status, { timeout: 10_000 }).toBe(404);
      expect((await act(api, 'revert')).status).toBe(422);
      expect((await api.call('GET', '/deploy-requests/1')).body).toMatchObject({ branch_deleted: true });
    } finally {
      await api.close();
    }
  });

  it('wait for transactions without keeping writers waiting behind them', async () => {
    const api = await withRequest({}, [ADD]);
    const holder = await api.database.pool.getConnection();
    try {
      await holder.query("INSERT INTO things (name) VALUES ('held')");
      await holder.query('START TRANSACTION');
      await holder.query('SELECT * FROM things');
      await act(api, 'deploy');
      await until(api, 'in_progress_cutover');
      for (let index = 0; index < 20; index += 1)
        await api.database.pool.query("INSERT INTO things (name) VALUES ('x')");
      expect(await stateOf(api)).toBe('in_progress_cutover');
      await holder.query('COMMIT');
      await until(api, 'complete_pending_revert');
    } finally {
      holder.release();
      await api.close();
    }
  });
});
