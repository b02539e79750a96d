import type { Logger } from 'pino';
import type { Branches } from './branches.js';
import type { Check } from './check.js';
import type { Databases } from './databases.js';
import { HOLDING } from './deploy-states.js';
import { takeTo } from './migrate-production.js';
import type { State } from './state.js';
import type { DeployRequestRow } from './state-tables.js';

/** How far an operation gets while the tables are copied; then it is cut over. */
const PROGRESS = [25, 50, 75, 100];
const BEHIND_ANOTHER_MS = 50;

export interface DeployStepsOptions {
  readonly databases: Databases;
  readonly state: State;
  readonly branches: Branches;
  readonly check: Check;
  readonly stepMs: number;
  readonly revertWindowMs: number;
  /** Deletes a branch whose request said so, with its passwords. */
  readonly deleteBranch: (name: string) => Promise<void>;
  readonly log: Logger;
}

/** The steps of `deploy-states.ts`. */
export interface DeploySteps {
  /** How long a deployment stays in its state before the step is taken. */
  pauseBefore(request: DeployRequestRow): Promise<number>;
  /** Takes the step from the state of the request; where that was changed meanwhile, nothing is. */
  take(request: DeployRequestRow): Promise<void>;
}

type Changes = Partial<DeployRequestRow>;

export function createDeploySteps(options: DeployStepsOptions): DeploySteps {
  const { databases, state, branches, check, stepMs, revertWindowMs, deleteBranch, log } = options;

  /** False when another has changed the state. */
  async function move(request: DeployRequestRow, to: string, changes: Changes = {}): Promise<boolean> {
    const { number, deployment_state } = request;
    const updated_at = new Date().toISOString();
    const moved = await state.update(
      'deploy_requests',
      { number, deployment_state },
      { ...changes, deployment_state: to, updated_at },
    );
    if (moved) log.info({ number, from: deployment_state, to }, 'planetscale_api.deployment');
    return moved;
  }

  function setOperations(
    { number }: DeployRequestRow,
    changes: Partial<{ state: string; progress_percentage: number }>,
  ) {
    return state.update('operations', { deploy_request: number }, { ...changes, updated_at: new Date().toISOString() });
  }

  async function databaseInto({ into_branch }: DeployRequestRow): Promise<string> {
    return (await branches.get(into_branch)).database_name;
  }

  /** The deployment before it may have changed production: what is deployed is made out now. */
  async function submit(request: DeployRequestRow): Promise<void> {
    const found = await check.run(request);
    const now = new Date().toISOString();
    if (found === 'error') {
      await setOperations(request, { state: 'error' });
      await move(request, 'complete_error', { finished_at: now });
    } else if (await move(request, 'in_progress', { started_at: now })) {
      await setOperations(request, { state: 'in_progress' });
    }
  }

  async function progress(request: DeployRequestRow): Promise<void> {
    const operations = await state.find('operations', { deploy_request: request.number });
    const done = Math.min(100, ...operations.map(({ progress_percentage }) => progress_percentage));
    const next = PROGRESS.find((percentage) => percentage > done);
    if (next !== undefined && request.instant_ddl === 0) {
      await setOperations(request, { progress_percentage: next });
      return;
    }
    const now = new Date().toISOString();
    if (request.instant_ddl === 1) await cutOver(request, now);
    else if (request.auto_cutover === 1) {
      await move(request, 'in_progress_cutover', { ready_to_cutover_at: now, cutover_at: now });
    } else await move(request, 'pending_cutover', { ready_to_cutover_at: now });
  }

  async function cutOver(request: DeployRequestRow, now: string): Promise<void> {
    try {
      await takeTo(databases, await databaseInto(request), JSON.parse(request.target_schema ?? '[]'), (table, error) =>
        tell(request, table, error),
      );
    } catch (error) {
      log.warn({ err: error, number: request.number }, 'planetscale_api.deployment_failed');
      await putBack(request);
      await move(request, 'complete_error', { finished_at: new Date().toISOString() });
      return;
    }
    // A table that a killed process had done is told here.
    await setOperations(request, { state: 'complete', progress_percentage: 100 });
    const base_before = (await state.one('branches', { name: request.branch }))?.base ?? '[]';
    const finished = { state: 'closed', closed_at: now, deployed_at: now, finished_at: now, cutover_at: now } as const;
    const next = request.instant_ddl === 1 ? 'complete' : 'complete_pending_revert';
    if (!(await move(request, next, { ...finished, base_before }))) return;
    // What the branch changed from now on is a change to what it is now.
    await state.update('branches', { name: request.branch }, { base: request.branch_schema ?? '[]' });
    if (next === 'complete') await finish(request);
  }

  async function tell({ number }: DeployRequestRow, table: string, error: unknown): Promise<void> {
    const changes =
      error === undefined
        ? { state: 'complete', progress_percentage: 100 }
        : { state: 'error', deploy_errors: error instanceof Error ? error.message : String(error) };
    const where = { deploy_request: number, table_name: table };
    await state.update('operations', where, { ...changes, updated_at: new Date().toISOString() });
  }

  async function putBack(request: DeployRequestRow): Promise<void> {
    if (request.before_schema === null) return;
    await takeTo(databases, await databaseInto(request), JSON.parse(request.before_schema));
  }

  async function cancel(request: DeployRequestRow): Promise<void> {
    // Nothing was done before the cut-over, but by an instant deployment.
    if (request.instant_ddl === 1 && request.started_at !== null) await putBack(request);
    await setOperations(request, { state: 'cancelled' });
    await move(request, 'complete_cancel', { finished_at: new Date().toISOString() });
  }

  async function revert(request: DeployRequestRow): Promise<void> {
    try {
      await putBack(request);
    } catch (error) {
      log.warn({ err: error, number: request.number }, 'planetscale_api.revert_failed');
      await move(request, 'complete_revert_error');
      return;
    }
    const base = request.base_before ?? '[]';
    if (await move(request, 'complete_revert')) await state.update('branches', { name: request.branch }, { base });
  }

  async function finish(request: DeployRequestRow): Promise<void> {
    if (request.auto_delete_branch === 1) await deleteBranch(request.branch);
  }

  async function isBehindAnother(request: DeployRequestRow): Promise<boolean> {
    const all = await state.find('deploy_requests', { into_branch: request.into_branch });
    return all.some((other) => queuesBefore(other, request));
  }

  return {
    async pauseBefore(request) {
      if (request.deployment_state === 'complete_pending_revert') {
        return Math.max(0, Date.parse(request.finished_at ?? '') + revertWindowMs - Date.now());
      }
      if (request.deployment_state === 'queued' && (await isBehindAnother(request))) return BEHIND_ANOTHER_MS;
      return request.deployment_state === 'in_progress' ? stepMs / PROGRESS.length : stepMs;
    },
    async take(request) {
      switch (request.deployment_state) {
        case 'pending':
          await move(request, await check.run(request));
          return;
        case 'queued':
          if (await isBehindAnother(request)) return;
          await move(request, 'submitting', { submitted_at: new Date().toISOString() });
          return;
        case 'submitting':
          return submit(request);
        case 'in_progress':
          return progress(request);
        case 'in_progress_cutover':
          return cutOver(request, new Date().toISOString());
        case 'complete_pending_revert':
          if (await move(request, 'complete')) await finish(request);
          return;
        case 'in_progress_cancel':
          return cancel(request);
        case 'in_progress_revert':
          return revert(request);
      }
    },
  };
}

/** Whether a deployment holds the queue before another. */
export function queuesBefore(other: DeployRequestRow, request: DeployRequestRow): boolean {
  if (other.number === request.number || !HOLDING.has(other.deployment_state)) return false;
  if (other.deployment_state !== 'queued') return true;
  const [theirs, ours] = [other.queued_at ?? '', request.queued_at ?? ''];
  return theirs === ours ? other.number < request.number : theirs < ours;
}
