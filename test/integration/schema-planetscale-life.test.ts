import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeployRequest, Provider } from '../../src/schema/provider.js';
import { createPlanetscaleProvider } from '../../src/schema/providers/planetscale/provider.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { startTestPlanetscaleApi, type TestPlanetscaleApi } from '../harness/planetscale-api.js';
import { waitUntil } from '../harness/wait-until.js';
import { failure } from './schema-planetscale-helpers.js';

const WAITING = { timeoutMs: 20_000 };

let api: TestPlanetscaleApi;
let provider: Provider;
beforeAll(async () => {
  api = await startTestPlanetscaleApi();
  await api.database.pool.query('CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT)');
  provider = createPlanetscaleProvider({ ...api.settings, pollMs: 10 });
});
afterAll(async () => {
  await provider?.close();
  await api?.close();
});

/** A branch with a change, and its deploy request. */
async function propose(name: string, sql: string, at = provider): Promise<DeployRequest> {
  await change(name, sql, at);
  return at.deployRequests.create({ branch: name, intoBranch: 'main', notes: '', autoDeleteBranch: false }, WAITING);
}

async function change(name: string, sql: string, at = provider): Promise<void> {
  await at.createBranch({ name, from: 'main' }, WAITING);
  await at.apply(name, splitStatements(sql), () => undefined);
}

const deploy = (number: number, at = provider, instant = false) =>
  at.deployRequests.deploy(number, { instant }, WAITING);
const columns = async (): Promise<string[] | undefined> =>
  (await provider.schemaOf('main')).get('notes')?.columns.map(({ name }) => name);

describe('The life of a deploy request at PlanetScale', () => {
  it('goes from its making over review and deployment to its revert', async () => {
    const { deployRequests } = provider;
    await change('tags', 'ALTER TABLE notes ADD COLUMN tag VARCHAR(9); CREATE TABLE tags (id INT PRIMARY KEY)');
    const request = { branch: 'tags', intoBranch: 'main', notes: 'why', autoDeleteBranch: false };
    const made = await deployRequests.create(request, WAITING);
    expect(made).toMatchObject({
      ...{ branch: 'tags', intoBranch: 'main', state: 'open', deploymentState: 'ready', notes: 'why' },
      ...{ approved: false, deployable: true, problems: [], revertUntil: null, deployedAt: null, closedAt: null },
    });
    const { number } = made;
    expect(await deployRequests.get(number)).toEqual(made);
    expect(await deployRequests.list({ state: 'open' })).toEqual([made]);
    expect(await deployRequests.list({ branch: 'other' })).toEqual([]);
    const operations = await deployRequests.operations(number);
    expect(operations.sort((one, other) => one.table.localeCompare(other.table))).toMatchObject([
      { table: 'notes', operation: 'ALTER', state: 'pending', progressPercentage: 0, canDropData: false, error: null },
      { table: 'tags', operation: 'CREATE', state: 'pending' },
    ]);

    await deployRequests.review(number, { state: 'commented', body: 'replayed' });
    await deployRequests.review(number, { state: 'approved', body: '' });
    expect((await deployRequests.reviews(number)).map(({ state, body }) => [state, body]).sort()).toEqual([
      ['approved', ''],
      ['commented', 'replayed'],
    ]);
    expect(await deployRequests.get(number)).toMatchObject({ approved: true });

    const told = new Set<string>();
    const waiting = { ...WAITING, onProgress: (text: string) => told.add(text.split(': ')[1] ?? '') };
    const deployed = await deployRequests.deploy(number, { instant: false }, waiting);
    expect(deployed).toMatchObject({ deploymentState: 'complete_pending_revert', deployedAt: expect.any(String) });
    const windowMs = Date.parse(deployed.revertUntil ?? '') - Date.now();
    expect(windowMs).toBeGreaterThan(28 * 60_000);
    expect(windowMs).toBeLessThanOrEqual(30 * 60_000);
    expect([...told].length).toBeGreaterThan(0);
    expect(await columns()).toEqual(['id', 'body', 'tag']);
    expect((await deployRequests.operations(number)).map(({ state }) => state)).toEqual(['complete', 'complete']);
    expect(await failure(deploy(number))).toMatchObject({ code: 'deploy_request_not_deployable' });

    expect(await deployRequests.revert(number, WAITING)).toMatchObject({ deploymentState: 'complete_revert' });
    expect(await columns()).toEqual(['id', 'body']);
  });

  it('is one at a time for a branch, which stays until it is closed', async () => {
    const { number } = await propose('busy', 'ALTER TABLE notes ADD COLUMN busy INT');
    const request = { branch: 'busy', intoBranch: 'main', notes: '', autoDeleteBranch: false };
    expect(await failure(provider.deployRequests.create(request, WAITING))).toMatchObject({
      code: 'deploy_request_exists',
      hint: expect.stringContaining(`close ${number}`),
    });
    expect(await failure(provider.deleteBranch('busy'))).toMatchObject({ code: 'branch_in_use' });
    expect(await provider.deployRequests.close(number)).toMatchObject({
      state: 'closed',
      closedAt: expect.any(String),
    });
    expect(await provider.deployRequests.close(number)).toMatchObject({ state: 'closed' });
    expect(await failure(deploy(number))).toMatchObject({ code: 'deploy_request_not_deployable' });
    await provider.deleteBranch('busy');
  });

  it('is refused between branches that are not there, or not for production', async () => {
    const create = (branch: string, intoBranch: string) =>
      failure(provider.deployRequests.create({ branch, intoBranch, notes: '', autoDeleteBranch: false }, WAITING));
    await provider.createBranch({ name: 'from', from: 'main' }, WAITING);
    await provider.createBranch({ name: 'into', from: 'main' }, WAITING);
    expect(await create('nowhere', 'main')).toMatchObject({
      code: 'branch_not_found',
      message: expect.stringContaining('nowhere'),
    });
    expect(await create('from', 'nirvana')).toMatchObject({
      code: 'branch_not_found',
      message: expect.stringContaining('nirvana'),
    });
    expect(await create('from', 'into')).toMatchObject({
      code: 'planetscale_refused',
      hint: expect.stringContaining('safe migrations'),
    });
  });

  it('cannot be deployed without a change, with lint errors, or against a change of main', async () => {
    const same = await provider.createBranch({ name: 'same', from: 'main' }, WAITING);
    const nothing = await provider.deployRequests.create(
      { branch: same.name, intoBranch: 'main', notes: '', autoDeleteBranch: false },
      WAITING,
    );
    expect(nothing).toMatchObject({ deploymentState: 'no_changes' });
    expect(await failure(deploy(nothing.number))).toMatchObject({ code: 'deploy_request_not_deployable' });

    const keyless = await propose('keyless', 'CREATE TABLE keyless (id INT)');
    expect(keyless).toMatchObject({ deploymentState: 'error', deployable: false });
    expect(keyless.problems).toMatchObject([{ code: 'NO_UNIQUE_KEY', severity: 'error', table: 'keyless' }]);
    expect(await failure(deploy(keyless.number))).toMatchObject({
      code: 'deploy_request_not_deployable',
      message: expect.stringContaining('NO_UNIQUE_KEY'),
    });

    await change('late', 'ALTER TABLE notes ADD COLUMN both_have_it INT');
    const early = await propose('early', 'ALTER TABLE notes ADD COLUMN both_have_it VARCHAR(9)');
    await deploy(early.number);
    await provider.deployRequests.skipRevert(early.number);
    const late = await provider.deployRequests.create(
      { branch: 'late', intoBranch: 'main', notes: '', autoDeleteBranch: false },
      WAITING,
    );
    expect(late).toMatchObject({ deployable: false, problems: [{ code: 'SCHEMA_CONFLICT' }] });
    expect(await failure(deploy(late.number))).toMatchObject({ code: 'schema_conflict' });
  });

  it('is deployed instantly where that can be, and then not reverted', async () => {
    const { number, instantDdlEligible } = await propose('quick', 'ALTER TABLE notes ADD COLUMN quick INT');
    expect(instantDdlEligible).toBe(true);
    expect(await deploy(number, provider, true)).toMatchObject({ deploymentState: 'complete', revertUntil: null });
    expect(await failure(provider.deployRequests.revert(number, WAITING))).toMatchObject({
      code: 'revert_window_over',
    });
    expect(await columns()).toContain('quick');
  });

  it('comes to its end over lost answers, errors and a rate limit', async () => {
    const faults = [
      api.faults.add({ kind: 'drop', match: '^POST .*/branches$' }),
      api.faults.add({ kind: 'drop', match: '^POST .*/deploy-requests$' }),
      api.faults.add({ kind: 'html', when: 'after', match: '^POST .*/deploy$' }),
      api.faults.add({ kind: 'html', match: '^GET .*/deployment$', times: 2 }),
      api.faults.add({ kind: 'rate_limited', match: '^GET .*/operations', times: 2 }),
      api.faults.add({ kind: 'drop', match: '^POST .*/skip-revert$' }),
    ];
    try {
      const { number } = await propose('rough', 'ALTER TABLE notes ADD COLUMN rough INT');
      expect(await deploy(number)).toMatchObject({ deploymentState: 'complete_pending_revert' });
      expect(await provider.deployRequests.skipRevert(number)).toMatchObject({ deploymentState: 'complete' });
      await provider.deployRequests.operations(number);
      expect(faults.map((fault) => fault.state().left)).toEqual([0, 0, 0, 0, 0, 0]);
      expect((await provider.deployRequests.list({ branch: 'rough' })).map((request) => request.number)).toEqual([
        number,
      ]);
    } finally {
      api.faults.clear();
    }
  });
});

describe('A database at PlanetScale with several administrators and slow deployments', () => {
  let strict: TestPlanetscaleApi;
  let own: Provider;
  beforeAll(async () => {
    strict = await startTestPlanetscaleApi({ administrators: 2, requireApproval: true, delays: { stepMs: 400 } });
    await strict.database.pool.query('CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT)');
    own = createPlanetscaleProvider({ ...strict.settings, pollMs: 10 });
  });
  afterAll(async () => {
    await own?.close();
    await strict?.close();
  });

  it('lets another approve, follows a deployment that somebody else ordered, and cancels it', async () => {
    const { number } = await propose('strict', 'ALTER TABLE notes ADD COLUMN tag VARCHAR(9)', own);
    expect(await failure(own.deployRequests.review(number, { state: 'approved', body: '' }))).toMatchObject({
      code: 'planetscale_refused',
      message: expect.stringContaining('refused an approval'),
      hint: expect.stringContaining('several administrators'),
    });
    expect(await failure(deploy(number, own))).toMatchObject({
      code: 'deploy_request_not_deployable',
      hint: expect.stringContaining('approve'),
    });
    await strict.reviewAs('somebody', number, { state: 'approved', body: '' });
    const ordered = await own.deployRequests.deploy(number, { instant: false });
    expect(ordered.deploymentState).toMatch(/^(queued|submitting|in_progress)$/);
    let told = (): void => undefined;
    const isFollowed = new Promise<void>((resolve) => {
      told = resolve;
    });
    const following = failure(own.deployRequests.deploy(number, { instant: false }, { ...WAITING, onProgress: told }));
    await isFollowed;
    const cancelled = await own.deployRequests.cancel(number, WAITING);
    expect(cancelled).toMatchObject({ deploymentState: 'complete_cancel' });
    expect(await following).toMatchObject({
      code: 'deploy_failed',
      message: expect.stringContaining('complete_cancel'),
    });
    expect((await own.schemaOf('main')).get('notes')?.columns).toHaveLength(2);
  });

  it('ends a wait at once by the signal, while the deployment goes on', async () => {
    const { number } = await propose('left', 'CREATE TABLE gone_on (id INT PRIMARY KEY)', own);
    await strict.reviewAs('somebody', number, { state: 'approved', body: '' });
    const stop = new AbortController();
    const waiting = { ...WAITING, signal: stop.signal, onProgress: () => stop.abort(new Error('stopped')) };
    await expect(own.deployRequests.deploy(number, { instant: false }, waiting)).rejects.toThrow('stopped');
    await waitUntil(async () => (await own.schemaOf('main')).has('gone_on'), { message: 'the deployment' });
  });
});
