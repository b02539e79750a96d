import { notFound, unprocessable } from './api-error.js';
import type { Branches } from './branches.js';
import type { Check } from './check.js';
import { CANCELLABLE, CHECKED, HOLDING } from './deploy-states.js';
import type { Deployer } from './deployer.js';
import { newId } from './names.js';
import type { State } from './state.js';
import type { DeployRequestRow, ReviewRow } from './state-tables.js';

export interface NewDeployRequest {
  readonly branch: string;
  readonly into: string;
  readonly notes: string;
  readonly autoCutover: boolean;
  readonly autoDeleteBranch: boolean;
}

/** What is asked of deploy requests. Every method with a number throws 404, and 422 in a state that does not allow it. */
export interface DeployRequests {
  create(request: NewDeployRequest): Promise<DeployRequestRow>;
  /** The newest first. */
  list(filter: Partial<Pick<DeployRequestRow, 'state' | 'branch' | 'into_branch'>>): Promise<DeployRequestRow[]>;
  /** Checked again when a branch has moved since. */
  get(number: number): Promise<DeployRequestRow>;
  deploy(number: number, options: { readonly instant: boolean }): Promise<DeployRequestRow>;
  apply(number: number): Promise<DeployRequestRow>;
  cancel(number: number): Promise<DeployRequestRow>;
  revert(number: number): Promise<DeployRequestRow>;
  skipRevert(number: number): Promise<DeployRequestRow>;
  close(number: number): Promise<DeployRequestRow>;
  review(number: number, review: Pick<ReviewRow, 'state' | 'body' | 'actor'>): Promise<ReviewRow>;
}

export interface DeployRequestsOptions {
  readonly state: State;
  readonly branches: Branches;
  readonly check: Check;
  readonly deployer: Deployer;
  /** Deletes a branch whose request said so, with its passwords. */
  readonly deleteBranch: (name: string) => Promise<void>;
  readonly requireApproval: boolean;
}

type Changes = Partial<DeployRequestRow>;

const CLOSED_BY_ITS_END = 'complete_pending_revert';

export function createDeployRequests(options: DeployRequestsOptions): DeployRequests {
  const { state, branches, check, deployer, deleteBranch, requireApproval } = options;

  async function load(number: number): Promise<DeployRequestRow> {
    const row = await state.one('deploy_requests', { number });
    if (row === undefined) throw notFound();
    return row;
  }

  /** Read first: the deployer moves it on while the answer is still on its way. */
  async function loadAndWake(number: number): Promise<DeployRequestRow> {
    const row = await load(number);
    deployer.wake(number);
    return row;
  }

  async function get(number: number): Promise<DeployRequestRow> {
    const row = await load(number);
    if (row.state === 'closed' || !CHECKED.has(row.deployment_state)) return row;
    if ((await check.hashOf(row)) === row.checked_hash) return row;
    await state.update(
      'deploy_requests',
      { number, deployment_state: row.deployment_state },
      { deployment_state: 'pending' },
    );
    return loadAndWake(number);
  }

  async function moveFrom(
    number: number,
    from: readonly string[],
    changes: Changes,
    refusal: string,
  ): Promise<DeployRequestRow> {
    const { deployment_state } = await load(number);
    const updated_at = new Date().toISOString();
    const moved =
      from.includes(deployment_state) &&
      (await state.update('deploy_requests', { number, deployment_state }, { ...changes, updated_at }));
    if (!moved) throw unprocessable(refusal);
    return loadAndWake(number);
  }

  return {
    async create({ branch, into, notes, autoCutover, autoDeleteBranch }) {
      await branches.getReady(branch);
      const target = await branches.get(into);
      if (target.production === 0) throw unprocessable('into_branch must be a production branch');
      if (target.safe_migrations === 0) throw unprocessable('Safe migrations must be enabled on into_branch');
      if (branch === into) throw unprocessable('branch and into_branch must be different');
      if ((await state.one('deploy_requests', { branch, state: 'open' })) !== undefined) {
        throw unprocessable('There is already an open deploy request for this branch');
      }
      const created_at = new Date().toISOString();
      const number = await state.insert('deploy_requests', {
        id: newId(),
        branch,
        into_branch: into,
        state: 'open',
        notes,
        auto_cutover: autoCutover ? 1 : 0,
        auto_delete_branch: autoDeleteBranch ? 1 : 0,
        created_at,
        updated_at: created_at,
        deployment_id: newId(),
        deployment_state: 'pending',
        lint_errors: '[]',
      });
      return loadAndWake(number);
    },
    list: async (filter) => (await state.find('deploy_requests', filter)).reverse(),
    get,
    async deploy(number, { instant }) {
      const row = await get(number);
      if (row.state === 'closed') throw unprocessable('The deploy request is closed');
      if (row.deployment_state !== 'ready') {
        throw unprocessable(`The deploy request cannot be deployed while it is ${row.deployment_state}`);
      }
      if (instant && row.instant_ddl_eligible === 0) throw unprocessable('The changes cannot be deployed instantly');
      if (
        requireApproval &&
        (await state.one('reviews', { deploy_request: number, state: 'approved' })) === undefined
      ) {
        throw unprocessable('The deploy request must be approved before it is deployed');
      }
      const queued_at = new Date().toISOString();
      const changes = { deployment_state: 'queued', queued_at, instant_ddl: instant ? 1 : 0 };
      const queued = await moveFrom(number, ['ready'], changes, 'The deploy request has already been deployed');
      await state.update('operations', { deploy_request: number }, { state: 'queued' });
      return queued;
    },
    apply: (number) =>
      moveFrom(
        number,
        ['pending_cutover'],
        { deployment_state: 'in_progress_cutover', cutover_at: new Date().toISOString() },
        'The deployment is not waiting to be applied',
      ),
    cancel: (number) =>
      moveFrom(number, CANCELLABLE, { deployment_state: 'in_progress_cancel' }, 'The deployment cannot be cancelled'),
    revert: (number) =>
      moveFrom(
        number,
        [CLOSED_BY_ITS_END],
        { deployment_state: 'in_progress_revert' },
        'The deployment cannot be reverted',
      ),
    async skipRevert(number) {
      const refusal = 'The deployment is not in its revert period';
      const row = await moveFrom(number, [CLOSED_BY_ITS_END], { deployment_state: 'complete' }, refusal);
      if (row.auto_delete_branch === 1) await deleteBranch(row.branch);
      return row;
    },
    async close(number) {
      const row = await load(number);
      if (row.state === 'closed') return row;
      if (HOLDING.has(row.deployment_state)) throw unprocessable('The deploy request is being deployed');
      const closed_at = new Date().toISOString();
      await state.update('deploy_requests', { number }, { state: 'closed', closed_at, updated_at: closed_at });
      return load(number);
    },
    async review(number, { state: given, body, actor }) {
      const row = await load(number);
      if (given === 'approved' && row.state === 'closed') throw unprocessable('The deploy request is closed');
      const id = newId();
      const review = { id, deploy_request: number, state: given, body, actor, created_at: new Date().toISOString() };
      await state.insert('reviews', review);
      return review;
    },
  };
}
