import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { captureLog } from '../harness/captured-log.js';
import { startTestPlanetscaleApi, type TestPlanetscaleApi } from '../harness/planetscale-api.js';

const captured = captureLog();

interface DeployRequest {
  readonly number: number;
  readonly state: string;
  readonly deployment_state: string;
  readonly approved: boolean;
  readonly deployed_at: string | null;
  readonly closed_at: string | null;
  readonly deployment: Deployment;
}

interface Deployment {
  readonly state: string;
  readonly deployable: boolean;
  readonly deploy_check_errors: string | null;
  readonly lint_errors: readonly { readonly lint_error: string }[];
  readonly instant_ddl_eligible: boolean;
  readonly preceding_deployments: readonly { readonly deploy_request_number: number }[];
}

describe('deploy requests of the stand-in of PlanetScale’s API', () => {
  let api: TestPlanetscaleApi;
  let branches = 0;
  beforeAll(async () => {
    api = await startTestPlanetscaleApi({ log: captured.log, revertWindowMs: 600_000 });
    await api.database.pool.query('CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20))');
    await api.database.pool.query("INSERT INTO things (name) VALUES ('a'), ('a')");
  });
  afterAll(() => api.close());
  afterEach(async () => {
    // What is in its revert window holds the queue.
    const { body } = await api.call<{ data: DeployRequest[] }>('GET', '/deploy-requests?per_page=100');
    for (const { number, deployment_state, state } of body.data) {
      if (deployment_state === 'complete_pending_revert') await act(number, 'skip-revert');
      if (state === 'open') await api.call('PATCH', `/deploy-requests/${number}`, { state: 'closed' });
    }
  });

  const branchWith = async (...statements: string[]): Promise<string> => {
    branches += 1;
    const name = `dev-${branches}`;
    await api.call('POST', '/branches', { name, parent_branch: 'main' });
    await api.run(name, ...statements);
    return name;
  };
  const get = async (number: number): Promise<DeployRequest> =>
    (await api.call<DeployRequest>('GET', `/deploy-requests/${number}`)).body;
  const until = async (number: number, ...states: string[]): Promise<DeployRequest> => {
    await expect.poll(async () => (await get(number)).deployment_state, { timeout: 20_000 }).toBeOneOf(states);
    return get(number);
  };
  const open = async (branch: string, more: object = {}): Promise<DeployRequest> => {
    const made = await api.call<DeployRequest>('POST', '/deploy-requests', { branch, into_branch: 'main', ...more });
    expect(made).toMatchObject({ status: 201, body: { deployment_state: 'pending', state: 'open' } });
    return until(made.body.number, 'ready', 'no_changes', 'error');
  };
  const act = (number: number, action: string, body?: object) =>
    api.call<DeployRequest & { readonly code: string; readonly message: string }>(
      'POST',
      `/deploy-requests/${number}/${action}`,
      body,
    );
  const deploy = async (number: number, body?: object): Promise<DeployRequest> => {
    expect((await act(number, 'deploy', body)).status).toBe(200);
    return until(number, 'complete_pending_revert', 'complete', 'complete_error');
  };
  const tables = async (branch = 'main'): Promise<string> =>
    JSON.stringify((await api.call('GET', `/branches/${branch}/schema`)).body);
  const seen = (number: number): unknown[] =>
    captured
      .lines('planetscale_api.deployment')
      .filter((line) => line['number'] === number)
      .map((line) => line['to']);
  const operations = async (number: number) =>
    (await api.call<{ data: Record<string, unknown>[] }>('GET', `/deploy-requests/${number}/operations`)).body.data;

  it('goes through PlanetScale’s states, changes production, and is reverted', async () => {
    const branch = await branchWith(
      'ALTER TABLE things ADD COLUMN embedding_id VARCHAR(100), ADD COLUMN quality_score FLOAT',
      'CREATE TABLE notes (id INT PRIMARY KEY)',
    );
    const before = await tables();
    const { number, deployment, ...request } = await open(branch, { notes: 'why' });
    expect(request).toMatchObject({
      type: 'DeployRequest',
      branch,
      into_branch: 'main',
      notes: 'why',
      approved: false,
      closed_at: null,
      deployed_at: null,
      actor: { display_name: expect.any(String) },
      html_url: expect.stringMatching(/deploy-requests\/\d+$/),
    });
    expect(deployment).toMatchObject({
      state: 'ready',
      deployable: true,
      deploy_check_errors: null,
      lint_errors: [],
      instant_ddl: false,
      auto_cutover: true,
      into_branch: 'main',
      deploy_request_number: number,
      queued_at: null,
    });
    expect(await operations(number)).toMatchObject([
      { table_name: 'notes', operation_name: 'CREATE', state: 'pending', can_drop_data: false },
      { table_name: 'things', operation_name: 'ALTER', state: 'pending', progress_percentage: 0, deploy_errors: null },
    ]);
    const done = await deploy(number);
    expect(done).toMatchObject({ state: 'closed', closed_at: expect.any(String), deployed_at: expect.any(String) });
    // The state is to be read before the stand-in has heard that it is stored, and tells of it.
    await expect
      .poll(() => seen(number))
      .toEqual(['ready', 'submitting', 'in_progress', 'in_progress_cutover', 'complete_pending_revert']);
    expect(await tables()).toBe(await tables(branch));
    expect(await operations(number)).toMatchObject([
      { state: 'complete', progress_percentage: 100 },
      { state: 'complete', progress_percentage: 100 },
    ]);
    const times = (await api.call('GET', `/deploy-requests/${number}/deployment`)).body;
    const inOrder = ['queued_at', 'submitted_at', 'started_at', 'ready_to_cutover_at', 'cutover_at', 'finished_at'];
    const found = inOrder.map((name) => Date.parse(String(times[name])));
    expect(found).toEqual(found.toSorted((a, b) => a - b));

    expect((await act(number, 'revert')).body.deployment_state).toBe('in_progress_revert');
    await until(number, 'complete_revert');
    expect(await tables()).toBe(before);
    expect((await act(number, 'revert')).status).toBe(422);
    const [rows] = await api.database.pool.query('SELECT * FROM things');
    expect(rows).toHaveLength(2);
  });

  it('tells a request without changes, one that lint refuses, and what is wrong with a new one', async () => {
    const branch = await branchWith();
    const { number, deployment } = await open(branch);
    expect(deployment).toMatchObject({ state: 'no_changes', deployable: false });
    expect(await act(number, 'deploy')).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    expect(await api.call('POST', '/deploy-requests', { branch, into_branch: 'main' })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('already an open deploy request') },
    });
    // The request follows its branch.
    await api.run(branch, 'CREATE TABLE keyless (a INT)');
    const refused = await until(number, 'error');
    expect(refused.deployment).toMatchObject({ deployable: false, lint_errors: [{ lint_error: 'NO_UNIQUE_KEY' }] });
    expect((await act(number, 'deploy')).status).toBe(422);
    await api.run(branch, 'ALTER TABLE keyless ADD PRIMARY KEY (a)');
    await until(number, 'ready');

    for (const [body, status] of [
      [{ branch: 'nope', into_branch: 'main' }, 404],
      [{ branch, into_branch: 'nope' }, 404],
      [{ branch: 'main', into_branch: branch }, 422],
      [{ branch: 'main', into_branch: 'main' }, 422],
      [{ branch }, 422],
    ] as const) {
      expect((await api.call('POST', '/deploy-requests', body)).status, JSON.stringify(body)).toBe(status);
    }
    for (const path of ['9999', '9999/deployment', '9999/operations', '9999/reviews']) {
      expect((await api.call('GET', `/deploy-requests/${path}`)).status).toBe(404);
    }
    for (const action of ['deploy', 'cancel', 'revert', 'skip-revert', 'apply-deploy']) {
      expect((await act(9999, action)).status, action).toBe(404);
      if (action !== 'deploy') expect((await act(number, action)).status, action).toBe(422);
    }
    const closed = await api.call('PATCH', `/deploy-requests/${number}`, { state: 'closed' });
    expect(closed).toMatchObject({ status: 200, body: { state: 'closed', closed_at: expect.any(String) } });
    expect((await act(number, 'deploy')).status).toBe(422);
    expect((await api.call('PATCH', `/deploy-requests/${number}`, { state: 'open' })).status).toBe(422);
  });

  it('is listed by its state and branch, the newest first', async () => {
    const [one, two] = [await open(await branchWith()), await open(await branchWith())];
    const list = async (query: string) => {
      const { body } = await api.call<{ data: (DeployRequest & { branch: string })[] }>(
        'GET',
        `/deploy-requests${query}`,
      );
      return body.data.map(({ number }) => number);
    };
    expect(await list('?state=open')).toEqual([two.number, one.number]);
    expect(await list('?state=open&per_page=1&page=2')).toEqual([one.number]);
    expect(await list(`?branch=dev-${branches}`)).toEqual([two.number]);
    expect(await list('?into_branch=other')).toEqual([]);
    expect((await api.call('GET', '/deploy-requests?state=x')).status).toBe(422);
  });

  it('refuses changes that do not fit what production became, and merges those that do', async () => {
    const fits = await branchWith('ALTER TABLE things ADD COLUMN mine INT');
    const clashes = await branchWith('ALTER TABLE things MODIFY name VARCHAR(30)');
    const first = await open(await branchWith('ALTER TABLE things MODIFY name VARCHAR(25), ADD COLUMN theirs INT'));
    const early = await open(clashes);
    expect(early.deployment.state).toBe('ready');
    await deploy(first.number);
    await act(first.number, 'skip-revert');
    const late = await until(early.number, 'error');
    expect(late.deployment).toMatchObject({
      deployable: false,
      deploy_check_errors: expect.stringMatching(/things.*name/),
    });
    expect((await act(early.number, 'deploy')).status).toBe(422);
    const { number } = await open(fits);
    await deploy(number);
    expect(await tables()).toMatch(/`mine` int.*/);
    expect(await tables()).toContain('`theirs` int');
    expect(await tables()).toContain('`name` varchar(25)');
    await act(number, 'revert');
    await until(number, 'complete_revert');
    expect(await tables()).not.toContain('`mine`');
    expect(await tables()).toContain('`theirs` int');
  });

  it('is reviewed, by comments and approvals', async () => {
    const { number } = await open(await branchWith('ALTER TABLE things ADD COLUMN reviewed INT'));
    const path = `/deploy-requests/${number}/reviews`;
    expect(await api.call('POST', path, { state: 'commented', body: 'hm' })).toMatchObject({
      status: 201,
      body: { id: expect.any(String), state: 'commented', body: 'hm', actor: { display_name: 'token-id-1' } },
    });
    expect((await get(number)).approved).toBe(false);
    expect((await api.call('POST', path, { state: 'approved', body: 'good' })).status).toBe(201);
    expect((await get(number)).approved).toBe(true);
    const list = await api.call('GET', path);
    expect(list.body).toMatchObject({ type: 'list', data: [{ body: 'hm' }, { body: 'good', state: 'approved' }] });
    for (let more = 0; more < 100; more += 1) await api.call('POST', path, { state: 'commented', body: '' });
    const lengthOf = async (query: string) =>
      (await api.call<{ data: unknown[] }>('GET', path + query)).body.data.length;
    expect(await lengthOf('')).toBe(25);
    expect(await lengthOf('?page=5')).toBe(2);
    expect(await lengthOf('?per_page=1000')).toBe(100);
    expect((await api.call('POST', path, { state: 'loved' })).status).toBe(422);
  });

  it('waits to be applied without auto_cutover, and can be cancelled until then', async () => {
    const branch = await branchWith('ALTER TABLE things ADD COLUMN gated INT');
    const { number } = await open(branch, { auto_cutover: false });
    await act(number, 'deploy');
    await until(number, 'pending_cutover');
    expect(await tables()).not.toContain('gated');
    expect((await act(number, 'cancel')).body.deployment_state).toBe('in_progress_cancel');
    expect(await until(number, 'complete_cancel')).toMatchObject({ state: 'open', deployment: { deployable: false } });
    expect(await operations(number)).toMatchObject([{ state: 'cancelled' }]);
    expect((await act(number, 'deploy')).status).toBe(422);
    await api.call('PATCH', `/deploy-requests/${number}`, { state: 'closed' });

    const again = await open(branch, { auto_cutover: false, auto_delete_branch: true });
    await act(again.number, 'deploy');
    await until(again.number, 'pending_cutover');
    expect((await act(again.number, 'apply-deploy')).body.deployment_state).toBe('in_progress_cutover');
    await until(again.number, 'complete_pending_revert');
    expect(await tables()).toContain('gated');
    expect((await api.call('GET', `/branches/${branch}`)).status).toBe(200);
    expect((await act(again.number, 'skip-revert')).body.deployment_state).toBe('complete');
    expect((await api.call('GET', `/branches/${branch}`)).status).toBe(404);
    expect((await act(again.number, 'revert')).status).toBe(422);
  });

  it('deploys instantly what can be, without a revert', async () => {
    const { number, deployment } = await open(await branchWith('ALTER TABLE things ADD COLUMN fast INT'));
    expect(deployment.instant_ddl_eligible).toBe(true);
    expect((await deploy(number, { instant_ddl: true })).deployment_state).toBe('complete');
    await expect.poll(() => seen(number)).toEqual(['ready', 'submitting', 'in_progress', 'complete']);
    const slow = await open(await branchWith('ALTER TABLE things ADD KEY by_name (name)'));
    expect(slow.deployment.instant_ddl_eligible).toBe(false);
    expect((await act(slow.number, 'deploy', { instant_ddl: true })).status).toBe(422);
  });

  it('deploys one after another', async () => {
    const one = await open(await branchWith('ALTER TABLE things ADD COLUMN first INT'), { auto_cutover: false });
    const two = await open(await branchWith('ALTER TABLE things ADD COLUMN second INT'));
    await act(one.number, 'deploy');
    await until(one.number, 'pending_cutover');
    await act(two.number, 'deploy');
    const waiting = (await get(two.number)).deployment;
    expect(waiting).toMatchObject({
      state: 'queued',
      preceding_deployments: [{ deploy_request_number: one.number, state: 'pending_cutover' }],
    });
    await act(one.number, 'apply-deploy');
    await until(one.number, 'complete_pending_revert');
    expect((await get(two.number)).deployment_state).toBe('queued');
    await act(one.number, 'skip-revert');
    await until(two.number, 'complete_pending_revert');
    expect(await tables()).toMatch(/first.*second/);
  });

  it('leaves production as it was when the server refuses a statement, and says its words', async () => {
    const branch = await branchWith(
      'CREATE TABLE a_first (id INT PRIMARY KEY)',
      'ALTER TABLE things ADD UNIQUE KEY unique_name (name)',
    );
    const before = await tables();
    const { number } = await open(branch);
    expect((await deploy(number)).deployment_state).toBe('complete_error');
    expect(await tables()).toBe(before);
    expect((await operations(number)).map(({ deploy_errors }) => deploy_errors)).toContainEqual(
      expect.stringContaining('Duplicate entry'),
    );
  });
});
