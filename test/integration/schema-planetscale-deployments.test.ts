import { afterEach, describe, expect, it } from 'vitest';
import { DEPLOYMENT_STATES } from '../../src/schema/provider.js';
import type { Answer } from '../harness/receiver-server.js';
import {
  type Answers,
  failure,
  json,
  MAIN,
  page,
  refusal,
  type ScriptedApi,
  startScriptedApi,
} from './schema-planetscale-helpers.js';

const LINT_ERROR = {
  lint_error: 'NO_UNIQUE_KEY',
  subject_type: 'table',
  table_name: 'notes',
  column_name: null,
  error_description: 'table notes has no unique key',
  docs_url: 'https://planetscale.com/docs/no-unique-key',
};
const WAITING = { timeoutMs: 20_000 };

/** A state, or a deployment with more in it. */
type Step = string | Readonly<Record<string, unknown>>;

let api: ScriptedApi;
afterEach(() => api.close());

/**
 * Deploy request 7, whose deployment is one step further each time it is asked for; the last step stays. `orders` are the answers to POST; without one it is carried out.
 */
async function startRequest(
  steps: readonly Step[],
  {
    orders = {},
    operations = [],
    request = {},
  }: {
    orders?: Readonly<Record<string, Answers>>;
    operations?: readonly object[];
    request?: object;
  } = {},
): Promise<ScriptedApi> {
  let step = 0;
  const deploymentOf = (given: Step): { state: string } => ({
    ...{ id: 'd', deployable: true, lint_errors: [], deploy_check_errors: null, instant_ddl_eligible: false },
    ...{ preceding_deployments: [], finished_at: null, into_branch: 'main' },
    ...(typeof given === 'string' ? { state: given } : { state: 'ready', ...given }),
  });
  const stepAt = (index: number): Step => steps[Math.min(index, steps.length - 1)] ?? 'ready';
  const requestNow = (): Answer => {
    const { state } = deploymentOf(stepAt(step));
    return json({
      ...{ id: 'r', number: 7, branch: 'x', into_branch: 'main', state: 'open', deployment_state: state },
      ...{ approved: false, notes: 'why', html_url: 'https://app/7', created_at: '2026-11-01T10:00:00Z' },
      ...{ closed_at: null, deployed_at: null, ...request },
    });
  };
  api = await startScriptedApi({
    'GET /branches': page([MAIN]),
    'GET /deploy-requests/7': requestNow,
    'GET /deploy-requests/7/deployment': () => json(deploymentOf(stepAt(step++))),
    'GET /deploy-requests/7/operations': page(operations),
    'POST /deploy-requests/7/deploy': requestNow,
    'POST /deploy-requests/7/apply-deploy': requestNow,
    'POST /deploy-requests/7/cancel': requestNow,
    'POST /deploy-requests/7/revert': requestNow,
    'POST /deploy-requests/7/skip-revert': requestNow,
    ...orders,
  });
  return api;
}

function posts(): string[] {
  return api.asked().filter((request) => request.startsWith('POST'));
}

const ordered = (route: string): string => `POST /deploy-requests/7/${route}`;
const deploy = (instant = false) => api.provider.deployRequests.deploy(7, { instant }, WAITING);

describe('A deployment at PlanetScale', () => {
  it('is followed through every state to its end, and told', async () => {
    await startRequest(
      [
        'ready',
        'queued',
        'submitting',
        'in_progress',
        'in_progress_vschema',
        'half_hearted',
        'in_progress_cutover',
        'complete',
      ],
      {
        operations: [
          { state: 'in_progress', table_name: 'ai_content', progress_percentage: 40.7, eta_seconds: 11.2 },
          { state: 'queued', table_name: 'notes' },
        ],
      },
    );
    const told: string[] = [];
    const waiting = { ...WAITING, onProgress: (text: string) => told.push(text) };
    const ended = await api.provider.deployRequests.deploy(7, { instant: false }, waiting);
    expect(ended).toMatchObject({ number: 7, deploymentState: 'complete', problems: [] });
    expect(posts()).toEqual([ordered('deploy')]);
    const states = [
      'queued',
      'submitting',
      'in_progress',
      'in_progress_vschema',
      'half_hearted',
      'in_progress_cutover',
    ];
    expect(told).toEqual(states.map((state) => `deploy request #7: ${state}: ai_content 40 %, about 12 s left`));
  });

  const begin = { pending: ['pending', 'ready'], ready: ['ready'] };
  it.each(Object.entries(begin))('begins when it is %s, and is asked for once', async (_state, steps) => {
    await startRequest([...steps, 'complete_pending_revert']);
    expect(await deploy()).toMatchObject({ deploymentState: 'complete_pending_revert' });
    expect(posts()).toEqual([ordered('deploy')]);
    expect(JSON.parse(api.server.requests.find(({ method }) => method === 'POST')?.body.toString() ?? '')).toEqual({
      instant_ddl: false,
    });
  });

  const running = DEPLOYMENT_STATES.filter(
    (state) => /^(queued|submitting|in_progress)/.test(state) && !/cancel|revert/.test(state),
  );
  it.each([...running, 'of_tomorrow'])('that is %s already is followed, and not asked for', async (state) => {
    await startRequest([state, state, 'complete']);
    expect(await deploy()).toMatchObject({ deploymentState: 'complete' });
    expect(posts()).toEqual([]);
  });

  it('that waits to switch over comes back, and says how it goes on', async () => {
    await startRequest(['ready', 'in_progress', 'pending_cutover']);
    const told: string[] = [];
    const waiting = { ...WAITING, onProgress: (text: string) => told.push(text) };
    const ended = await api.provider.deployRequests.deploy(7, { instant: false }, waiting);
    expect(ended.deploymentState).toBe('pending_cutover');
    expect(told.at(-1)).toContain('hookline schema deploy-request apply 7');
  });

  it.each([
    'complete_error',
    'error',
    'failed',
    'complete_cancel',
    'cancelled',
    'complete_revert',
    'complete_revert_error',
  ])('that ends in %s has failed, with all that PlanetScale says of it', async (state) => {
    const end = { state, lint_errors: [LINT_ERROR], deploy_check_errors: 'main was changed' };
    await startRequest(['ready', 'in_progress', end], {
      operations: [{ state: 'error', table_name: 'ai_content', deploy_errors: 'Duplicate entry 1' }],
    });
    const error = await failure(deploy());
    expect(error).toMatchObject({ code: 'deploy_failed', message: expect.stringContaining(`ended in ${state}`) });
    expect(error.message).toContain('notes: table notes has no unique key (NO_UNIQUE_KEY)');
    expect(error.message).toContain('main was changed');
    if (!/revert$/.test(state)) expect(error.message).toContain('ai_content: Duplicate entry 1');
  });

  it.each([
    'complete',
    'complete_pending_revert',
    'no_changes',
    'in_progress_cancel',
    'in_progress_revert',
    'in_progress_revert_vschema',
    'complete_revert',
    'complete_revert_error',
  ])('is not asked for in state %s', async (state) => {
    await startRequest([state]);
    expect(await failure(deploy())).toMatchObject({
      code: 'deploy_request_not_deployable',
      message: expect.stringContaining(state),
    });
    expect(posts()).toEqual([]);
  });

  it('is not asked for with lint errors, a conflict, a closed request, or instantly where that cannot be', async () => {
    await startRequest([{ state: 'error', deployable: false, lint_errors: [LINT_ERROR] }]);
    expect(await failure(deploy())).toMatchObject({
      code: 'deploy_request_not_deployable',
      message: expect.stringContaining('no unique key'),
    });
    await api.close();
    await startRequest([{ state: 'error', deployable: false, deploy_check_errors: 'column b exists in main' }]);
    expect(await failure(deploy())).toMatchObject({
      code: 'schema_conflict',
      message: expect.stringContaining('column b exists in main'),
    });
    await api.close();
    await startRequest(['ready'], { request: { state: 'closed' } });
    expect(await failure(deploy())).toMatchObject({ code: 'deploy_request_not_deployable' });
    await api.close();
    await startRequest(['ready']);
    expect(await failure(deploy(true))).toMatchObject({ code: 'online_ddl_refused' });
    expect(posts()).toEqual([]);
  });

  it('that PlanetScale refuses is told in its words', async () => {
    const words = 'The deploy request must be approved before it is deployed';
    await startRequest(['ready'], { orders: { [ordered('deploy')]: refusal(422, 'unprocessable', words) } });
    expect(await failure(deploy())).toMatchObject({
      code: 'deploy_request_not_deployable',
      message: expect.stringContaining(words),
      hint: expect.stringContaining('deploy-request approve 7'),
    });
  });

  it('is asked for once when the answer is lost, and again when the order was', async () => {
    await startRequest(['ready', 'queued', 'complete'], { orders: { [ordered('deploy')]: 'destroy' } });
    expect(await deploy()).toMatchObject({ deploymentState: 'complete' });
    expect(posts()).toHaveLength(1);
    await api.close();
    await startRequest(['ready', 'ready', 'queued', 'complete'], {
      orders: { [ordered('deploy')]: ['destroy', json({})] },
    });
    expect(await deploy()).toMatchObject({ deploymentState: 'complete' });
    expect(posts()).toHaveLength(2);
  });

  it('is only ordered where nobody waits', async () => {
    await startRequest(['ready', 'queued', 'in_progress']);
    expect(await api.provider.deployRequests.deploy(7, { instant: false })).toMatchObject({
      deploymentState: 'queued',
    });
  });

  it('that takes longer than the time that was given goes on', async () => {
    await startRequest(['ready', 'in_progress']);
    const call = api.provider.deployRequests.deploy(7, { instant: false }, { timeoutMs: 150 });
    expect(await failure(call)).toMatchObject({ code: 'schema_timeout', hint: expect.stringContaining('goes on') });
  });
});

describe('A deployment that waits, is cancelled or reverted', () => {
  it('switches over', async () => {
    await startRequest(['pending_cutover', 'pending_cutover', 'in_progress_cutover', 'complete_pending_revert']);
    expect(await api.provider.deployRequests.apply(7, WAITING)).toMatchObject({
      deploymentState: 'complete_pending_revert',
    });
    expect(posts()).toEqual([ordered('apply-deploy')]);
  });

  it('has nothing to switch over in another state', async () => {
    await startRequest(['in_progress']);
    expect(await failure(api.provider.deployRequests.apply(7, WAITING))).toMatchObject({
      code: 'deploy_request_not_deployable',
    });
    expect(posts()).toEqual([]);
  });

  it('is cancelled, or was quicker', async () => {
    await startRequest(['in_progress', 'in_progress_cancel', 'complete_cancel']);
    expect(await api.provider.deployRequests.cancel(7, WAITING)).toMatchObject({ deploymentState: 'complete_cancel' });
    expect(posts()).toEqual([ordered('cancel')]);
    await api.close();
    await startRequest(['in_progress', 'in_progress_cutover', 'complete']);
    expect(await failure(api.provider.deployRequests.cancel(7, WAITING))).toMatchObject({
      code: 'deploy_request_not_deployable',
      message: expect.stringContaining('before it was cancelled'),
    });
    await api.close();
    await startRequest(['ready']);
    expect(await failure(api.provider.deployRequests.cancel(7, WAITING))).toMatchObject({
      code: 'deploy_request_not_deployable',
    });
    expect(posts()).toEqual([]);
  });

  it('is reverted within its window, which is told', async () => {
    const open = { state: 'complete_pending_revert', finished_at: '2026-11-01T11:00:00Z' };
    await startRequest([open, open, 'in_progress_revert', 'in_progress_revert_vschema', 'complete_revert']);
    expect(await api.provider.deployRequests.get(7)).toMatchObject({ revertUntil: '2026-11-01T11:30:00.000Z' });
    expect(await api.provider.deployRequests.revert(7, WAITING)).toMatchObject({
      deploymentState: 'complete_revert',
      revertUntil: null,
    });
    expect(posts()).toEqual([ordered('revert')]);
  });

  it('is not reverted after its window, nor before', async () => {
    await startRequest(['complete']);
    expect(await failure(api.provider.deployRequests.revert(7, WAITING))).toMatchObject({ code: 'revert_window_over' });
    await api.close();
    await startRequest(['in_progress']);
    expect(await failure(api.provider.deployRequests.revert(7, WAITING))).toMatchObject({
      code: 'deploy_request_not_deployable',
    });
    expect(posts()).toEqual([]);
    await api.close();
    // The window ends between the look and the order.
    const orders = { [ordered('revert')]: refusal(422, 'unprocessable', 'The deployment cannot be reverted') };
    await startRequest(['complete_pending_revert', 'complete'], { orders });
    expect(await failure(api.provider.deployRequests.revert(7, WAITING))).toMatchObject({ code: 'revert_window_over' });
  });

  it('that cannot be reverted has failed', async () => {
    await startRequest(['complete_pending_revert', 'in_progress_revert', 'complete_revert_error']);
    expect(await failure(api.provider.deployRequests.revert(7, WAITING))).toMatchObject({ code: 'deploy_failed' });
  });

  it('gives up its revert window', async () => {
    await startRequest(['complete_pending_revert', 'complete']);
    expect(await api.provider.deployRequests.skipRevert(7)).toMatchObject({ deploymentState: 'complete' });
    await api.close();
    await startRequest(['in_progress']);
    expect(await failure(api.provider.deployRequests.skipRevert(7))).toMatchObject({
      code: 'deploy_request_not_deployable',
    });
  });
});

describe('A review whose answer is lost', () => {
  const review = {
    id: 'a',
    state: 'commented',
    body: 'passed',
    actor: { display_name: 'CI' },
    created_at: '2026-11-01',
  };

  it('is written once, beside an older one of the same words', async () => {
    api = await startScriptedApi({
      'GET /deploy-requests/7/reviews': [page([review]), page([review, { ...review, id: 'b', actor: null }])],
      'POST /deploy-requests/7/reviews': 'destroy',
    });
    const written = await api.provider.deployRequests.review(7, { state: 'commented', body: 'passed' });
    expect(written).toEqual({ state: 'commented', body: 'passed', actor: '', createdAt: '2026-11-01T00:00:00.000Z' });
    expect(posts()).toHaveLength(1);
  });

  it('is written again where it was not', async () => {
    api = await startScriptedApi({
      'GET /deploy-requests/7/reviews': page([review]),
      'POST /deploy-requests/7/reviews': ['destroy', json({ ...review, id: 'b' }, 201)],
    });
    expect(await api.provider.deployRequests.review(7, { state: 'commented', body: 'passed' })).toMatchObject({
      actor: 'CI',
    });
    expect(posts()).toHaveLength(2);
  });
});
