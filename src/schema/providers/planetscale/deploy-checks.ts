import { HooklineError } from '../../../errors.js';
import { blocked, deployFailed, notDeployable } from './deploy-errors.js';
import type { Known } from './deploy-request-routes.js';
import { isBefore, isCancelled, isDeployed, isDeploying, isFailed, isKnown, isReverting } from './deployment-states.js';

/** On its way, so that it is only followed. */
export function isRunning(state: string): boolean {
  return isDeploying(state) || state === 'pending_cutover' || !isKnown(state);
}

/**
 * Throws `deploy_request_not_deployable`, `schema_conflict` or `online_ddl_refused` where a deployment need not even be asked for. What was cancelled or failed
 * is asked for: PlanetScale knows whether it may be tried again.
 */
export function checkDeployable(now: Known, instant: boolean): void {
  const { request, deployment } = now;
  const { number } = request;
  const { state } = deployment;
  if (isDeployed(state)) throw inState(now, 'was deployed already');
  if (request.state === 'closed') throw notDeployable(`Deploy request #${number} is closed.`, 'Make a new one.');
  if (state === 'no_changes') throw inState(now, 'changes nothing');
  if (isReverting(state) || state.startsWith('complete_revert') || state === 'in_progress_cancel') {
    throw inState(now, 'cannot be deployed');
  }
  if ((isBefore(state) || state === 'error') && deployment.deployable === false) throw blocked(now);
  if (instant && deployment.instant_ddl_eligible !== true) {
    throw new HooklineError('online_ddl_refused', `Deploy request #${number} cannot be deployed by INSTANT DDL.`, {
      hint: 'Deploy it without --instant: PlanetScale then copies the table in the background.',
    });
  }
}

/** Throws `deploy_failed`, or `deploy_request_not_deployable` when there was nothing to do, for the end of a deployment. */
export function checkDeployed(end: Known, doing: string): void {
  const { state } = end.deployment;
  if (state === 'no_changes') throw inState(end, 'changes nothing');
  if (isFailed(state) || isCancelled(state) || state === 'complete_revert') throw deployFailed(end, doing);
}

/** `deploy_request_not_deployable`, with the state. */
export function inState({ request, deployment }: Known, what: string): HooklineError {
  return notDeployable(
    `Deploy request #${request.number} ${what}; its state is ${deployment.state}.`,
    `\`hookline schema deploy-request show ${request.number}\` tells how it stands.`,
  );
}

/** `revert_window_over`. */
export function windowOver(number: number, cause?: unknown): HooklineError {
  return new HooklineError('revert_window_over', `Deploy request #${number} can no longer be reverted.`, {
    hint: 'PlanetScale reverts for 30 minutes after a deployment, and no instant one: change the schema back on a branch, and deploy that.',
    cause,
  });
}
