import { HooklineError } from '../../../errors.js';
import type { LintFinding, Waiting } from '../../provider.js';
import { schemaHash } from '../../table/schema-hash.js';
import { type BranchRow, removeBranch } from './branch-database.js';
import { emptyAgain, notNow } from './deploy.js';
import { whileDeploying } from './deploy-lock.js';
import { underLock } from './locks.js';
import { lockName } from './names.js';
import { planChanges } from './plan.js';
import { errorCodeOf, inWords, problem } from './problems.js';
import { phaseUnderWay } from './progress.js';
import {
  lossesOf,
  operationRows,
  type RequestRow,
  requestRow,
  requestRows,
  updateRequest,
  writeOperations,
} from './request-rows.js';
import { OperationFailed, runOperations } from './run-operations.js';
import { isConnectionLost, isLocked } from './server-errors.js';
import { differingTables, fromSnapshot } from './snapshot.js';
import { undoOperations } from './undo.js';
import type { Work } from './work.js';

/**
 * Takes production back to what it was before the deployment, or goes on with a revert that was broken off. Columns and tables that the deployment dropped come back
 * without their data, which the request's problems tell.
 * Throws `deploy_in_progress`, `deploy_request_not_deployable`, `revert_window_over`, `schema_conflict`, `online_ddl_refused`, `deploy_failed`, `schema_timeout`.
 */
export async function revert(work: Work, number: number, waiting?: Waiting): Promise<RequestRow> {
  return whileDeploying(work, number, async (row) => {
    if (phaseUnderWay(row.deployment_state) !== 'revert') await begin(work, row);
    const begun = await requestRow(work, number);
    try {
      await runOperations(work, begun, 'revert', waiting);
    } catch (error) {
      if (!(error instanceof OperationFailed)) throw error;
      throw await failed(work, begun, error);
    }
    await finish(work, begun);
    return requestRow(work, number);
  });
}

async function begin(work: Work, row: RequestRow): Promise<void> {
  if (row.deployment_state === 'complete' && row.revert_until !== null) throw windowOver(row);
  if (row.deployment_state !== 'complete_pending_revert') throw notNow(row);
  if (row.revert_until === null || row.revert_until <= (await work.time()).toISOString()) throw windowOver(row);
  const production = await work.schemaIn(work.names.production);
  const changed = differingTables(production, fromSnapshot(row.after_schema ?? '[]'));
  if (changed.length > 0) {
    const message = `Production is not as deploy request #${row.number} left it: ${changed.join(', ')} changed since.`;
    throw new HooklineError('schema_conflict', message, {
      hint: 'Nothing was changed. Revert what was deployed after it first, or take the change back by a deploy request of a new branch.',
    });
  }
  const plan = await planChanges(work, production, fromSnapshot(row.before_schema ?? '[]'));
  const [refused] = plan.problems.filter(({ severity }) => severity === 'error');
  if (refused !== undefined) {
    throw new HooklineError(errorCodeOf(refused), inWords(plan.problems), {
      hint: `Nothing was changed. ${refused.hint}`,
    });
  }
  await work.transaction(async () => {
    await writeOperations(work, row.number, 'revert', plan.operations);
    await updateRequest(work, row.number, { deployment_state: 'in_progress_revert', instant: 0 });
  });
}

function windowOver({ number, revert_until }: RequestRow): HooklineError {
  return new HooklineError('revert_window_over', `Deploy request #${number} could be reverted until ${revert_until}.`, {
    hint: 'Take the change back by a deploy request of a new branch.',
  });
}

/** Takes back what a failed revert has done, so that the deployment stands as a whole again; the error to tell. */
async function failed(work: Work, row: RequestRow, { reason }: OperationFailed): Promise<HooklineError> {
  const { left, emptied } = await undoOperations(work, row, 'revert');
  const problems: LintFinding[] = left.map((what) =>
    problem('NOT_UNDONE', `Not undone: ${what}.`, 'Mend this table by hand.'),
  );
  if (emptied.length > 0) problems.push(emptyAgain(emptied));
  await updateRequest(work, row.number, {
    deployment_state: left.length === 0 ? 'complete_pending_revert' : 'complete_revert_error',
    problems: JSON.stringify(problems),
  });
  const stands = left.length === 0 ? 'Production is as the deployment left it.' : inWords(problems);
  return new HooklineError(reason.code, `${reason.message} ${stands}`, {
    hint: reason.hint ?? 'Mend the cause, and revert again.',
    cause: reason,
  });
}

async function finish(work: Work, row: RequestRow): Promise<void> {
  const losses = lossesOf(await operationRows(work, row.number, 'deploy'));
  const lost = lossesOf(await operationRows(work, row.number, 'revert'));
  const problems = losses.length > 0 ? [emptyAgain(losses)] : [];
  if (lost.length > 0) problems.push(goneAgain(lost));
  await work.transaction(async () => {
    await updateRequest(work, row.number, {
      deployment_state: 'complete_revert',
      problems: JSON.stringify(problems),
    });
    // What the branch and production have in common is what it was before, unless another deployment came since.
    await work.run(`UPDATE ${work.state.branches} SET base_schema = ? WHERE name = ? AND base_schema = ?`, [
      row.base_schema,
      row.branch,
      row.branch_schema,
    ]);
  });
}

function goneAgain(losses: readonly string[]): LintFinding {
  const message = `What was written since the deployment is gone with: ${losses.join(', ')}.`;
  const hint = 'Deploy the change again to go on collecting it.';
  return problem('DATA_DROPPED', message, hint, { severity: 'warning' });
}

/** Ends the revert window now. Throws `deploy_request_not_deployable`, `deploy_in_progress`. */
export async function skipRevert(work: Work, number: number): Promise<RequestRow> {
  return whileDeploying(work, number, async (row) => {
    if (row.deployment_state !== 'complete_pending_revert') throw notNow(row);
    await updateRequest(work, number, {
      deployment_state: 'complete',
      revert_until: (await work.time()).toISOString(),
    });
    await deleteDeployed(work);
    return requestRow(work, number);
  });
}

/** What comes by itself once the revert window is over; run before every command. */
export async function settle(work: Work): Promise<void> {
  const now = (await work.time()).toISOString();
  await work.run(
    `UPDATE ${work.state.requests} SET deployment_state = 'complete' WHERE deployment_state = 'complete_pending_revert' AND revert_until <= ?`,
    [now],
  );
  await deleteDeployed(work);
}

/** Undefined when the tables cannot be read: the database is gone, or has one that no branch can have. Then it has changed. */
async function hashOf(work: Work, database: string): Promise<string | undefined> {
  try {
    return schemaHash(await work.schemaIn(database));
  } catch (error) {
    if (isConnectionLost(error) || isLocked(error)) throw error;
    return undefined;
  }
}

/** Deletes branches whose deploy request asked for it, once it is complete: not one that has changed since, or has another request open. */
async function deleteDeployed(work: Work): Promise<void> {
  for (const row of await requestRows(work, "r.auto_delete_branch = 1 AND r.deployment_state = 'complete'", [])) {
    const database = work.names.databaseOf(row.branch);
    await underLock(work, lockName('branch', database), 0, async () => {
      const [branch] = await work.rows<BranchRow>(
        `SELECT * FROM ${work.state.branches} WHERE name = ? AND state IN ('ready', 'deleting') AND created_at <= ?
           AND NOT EXISTS (SELECT 1 FROM ${work.state.requests} WHERE open_branch = ?)`,
        // One that was made since is another branch of the same name.
        [row.branch, row.created_at, row.branch],
      );
      const unchanged = branch?.state === 'ready' && (await hashOf(work, database)) === row.branch_hash;
      if (branch !== undefined && (unchanged || branch.state === 'deleting')) await removeBranch(work, branch);
      await updateRequest(work, row.number, { auto_delete_branch: 0 });
    }).catch((error: unknown) => {
      // Somebody has the branch's tables in hand: the next command looks again.
      if (!isLocked(error)) throw error;
    });
  }
}
