import { HooklineError } from '../../../errors.js';
import type { LintFinding, Waiting } from '../../provider.js';
import { schemaHash } from '../../table/schema-hash.js';
import { branchSchema } from './branches.js';
import { whileDeploying } from './deploy-lock.js';
import { evaluate } from './evaluate.js';
import { errorCodeOf, inWords, NOT_REVERTIBLE, problem } from './problems.js';
import { phaseUnderWay } from './progress.js';
import { problemsOf, type RequestRow, requestRow, updateRequest, writeOperations } from './request-rows.js';
import { OperationFailed, runOperations } from './run-operations.js';
import { fromSnapshot, toSnapshot } from './snapshot.js';
import { undoOperations } from './undo.js';
import type { Work } from './work.js';

/*
 * pending, ready, error, complete_error ─begin─▶ in_progress ─▶ complete_pending_revert ─▶ complete
 *                                                    │  ▲            └─ revert ─▶ in_progress_revert ─▶ complete_revert
 *                                a statement failed, │  └ broken off: deploy goes on; cancel goes back ─▶ complete_cancel
 *                                all was undone      └─▶ complete_error (open still: deploy tries again)
 */

/**
 * Brings a request's merged schema to production, or goes on with a deployment that was broken off. A statement that fails takes back those before it.
 * Throws `deploy_in_progress`, `deploy_request_not_deployable`, `branch_not_found`, `branch_moved`, `schema_conflict`, `online_ddl_refused`, `deploy_failed`,
 * `schema_timeout`.
 */
export async function deploy(
  work: Work,
  number: number,
  { instant }: { readonly instant: boolean },
  waiting?: Waiting,
): Promise<RequestRow> {
  return whileDeploying(work, number, async (row) => {
    if (phaseUnderWay(row.deployment_state) !== 'deploy') {
      if (row.open_branch === null || phaseUnderWay(row.deployment_state) !== undefined) throw notNow(row);
      await begin(work, row, instant, waiting);
    }
    const begun = await requestRow(work, number);
    try {
      await runOperations(work, begun, 'deploy', waiting);
    } catch (error) {
      if (!(error instanceof OperationFailed)) throw error;
      throw await failed(work, begun, error);
    }
    await finish(work, begun);
    return requestRow(work, number);
  });
}

async function begin(work: Work, row: RequestRow, instant: boolean, waiting?: Waiting): Promise<void> {
  waiting?.onProgress?.('checks the branch against production as it is now');
  const branch = await branchSchema(work, row.branch);
  if (schemaHash(branch) !== row.branch_hash) {
    throw new HooklineError(
      'branch_moved',
      `The branch ${row.branch} has changed since deploy request #${row.number} was made.`,
      {
        hint: 'Close it, and make a new one of the branch as it is now.',
      },
    );
  }
  const production = await work.schemaIn(work.names.production);
  const schemas = { base: fromSnapshot(row.base_schema), branch, production };
  const { state, plan, problems } = await evaluate(work, schemas, { instantOnly: instant });
  const refusedAsInstant = instant && problems.some(({ code }) => code === 'NOT_INSTANT');
  if (!refusedAsInstant) {
    await updateRequest(work, row.number, {
      deployment_state: state,
      deployable: Number(state === 'ready'),
      problems: JSON.stringify(problems),
    });
  }
  if (plan === undefined || state !== 'ready') throw standsInTheWay(row, state, problems);
  await work.transaction(async () => {
    // To close a request takes no lock but its row's: it may have been closed while it was looked at.
    const [open] = await work.rows<{ open_branch: string | null }>(
      `SELECT open_branch FROM ${work.state.requests} WHERE number = ? FOR UPDATE`,
      [row.number],
    );
    if (open?.open_branch == null) throw notNow({ ...row, open_branch: null });
    await writeOperations(work, row.number, 'deploy', plan.operations);
    await updateRequest(work, row.number, {
      deployment_state: 'in_progress',
      before_schema: toSnapshot(production),
      after_schema: toSnapshot(plan.after),
      instant: Number(instant),
      instant_eligible: Number(plan.instant),
    });
  });
}

function standsInTheWay(row: RequestRow, state: string, problems: readonly LintFinding[]): HooklineError {
  const [first] = problems.filter(({ severity }) => severity === 'error');
  if (state === 'no_changes' || first === undefined) {
    return new HooklineError(
      'deploy_request_not_deployable',
      `Deploy request #${row.number} has no changes to deploy.`,
      {
        hint: 'Production has all that the branch has. Close it.',
      },
    );
  }
  return new HooklineError(errorCodeOf(first), inWords(problems), { hint: `Nothing was changed. ${first.hint}` });
}

/** Undoes what a failed deployment has done; the error to tell. */
async function failed(work: Work, row: RequestRow, { reason }: OperationFailed): Promise<HooklineError> {
  const { tables, left, emptied } = await undoOperations(work, row, 'deploy');
  const problems = [problem('DEPLOYMENT_FAILED', reason.message, reason.hint ?? 'Mend the cause, and deploy again.')];
  if (left.length > 0) {
    problems.push(
      problem('NOT_UNDONE', `Not undone: ${left.join('; ')}.`, 'Mend these tables by hand, and deploy again.'),
    );
  }
  if (emptied.length > 0) problems.push(emptyAgain(emptied));
  await updateRequest(work, row.number, {
    deployment_state: 'complete_error',
    deployable: Number(left.length === 0),
    problems: JSON.stringify(problems),
  });
  const undone = tables.length > 0 ? ` What was done before it was undone (${tables.join(', ')}).` : '';
  const stands = problems.slice(1).map(({ message }) => ` ${message}`);
  return new HooklineError(reason.code, `${reason.message}${undone}${stands.join('')}`, {
    hint: reason.hint ?? 'Mend the cause, and deploy again.',
    cause: reason,
  });
}

/** What had rows before it was dropped, and is back without them. */
export function emptyAgain(losses: readonly string[]): LintFinding {
  const hint = 'Bring the data back from a backup, if it is needed.';
  return problem('DATA_NOT_RESTORED', `Back, but without its data: ${losses.join(', ')}.`, hint, {
    severity: 'warning',
  });
}

async function finish(work: Work, row: RequestRow): Promise<void> {
  const now = await work.time();
  await work.transaction(async () => {
    await updateRequest(work, row.number, {
      deployment_state: 'complete_pending_revert',
      deployable: 0,
      problems: JSON.stringify(problemsOf(row).filter(({ code }) => code === NOT_REVERTIBLE)),
      open_branch: null,
      deployed_at: now.toISOString(),
      closed_at: now.toISOString(),
      revert_until: new Date(now.getTime() + work.revertWindowMs).toISOString(),
    });
    // What the branch and production now have in common. Production's own schema would make of its other changes ones that the branch takes back.
    await work.run(`UPDATE ${work.state.branches} SET base_schema = ? WHERE name = ?`, [row.branch_schema, row.branch]);
  });
}

/** Ends a deployment that was broken off, by taking back what it has done. Throws `deploy_request_not_deployable`, `deploy_in_progress`. */
export async function cancel(work: Work, number: number): Promise<RequestRow> {
  return whileDeploying(work, number, async (row) => {
    if (phaseUnderWay(row.deployment_state) !== 'deploy') throw notNow(row);
    const { left, emptied } = await undoOperations(work, row, 'deploy');
    const problems = left.map((what) => problem('NOT_UNDONE', `Not undone: ${what}.`, 'Mend this table by hand.'));
    if (emptied.length > 0) problems.push(emptyAgain(emptied));
    await updateRequest(work, number, {
      deployment_state: 'complete_cancel',
      deployable: 0,
      problems: JSON.stringify(problems),
      open_branch: null,
      closed_at: (await work.time()).toISOString(),
    });
    return requestRow(work, number);
  });
}

/** What a request cannot do in its state, and what it can. */
export function notNow(row: RequestRow): HooklineError {
  const { number, deployment_state: state } = row;
  const closed = row.open_branch === null ? ' and closed' : '';
  return new HooklineError('deploy_request_not_deployable', `Deploy request #${number} is ${state}${closed}.`, {
    hint: hintFor(row),
  });
}

function hintFor({ deployment_state: state, open_branch }: RequestRow): string {
  if (state === 'in_progress') return 'Its deployment was broken off: deploy goes on from there, cancel goes back.';
  if (state === 'in_progress_revert') return 'Its revert was broken off: revert goes on from there.';
  if (state === 'complete_pending_revert') return 'It can be reverted, or the window for that be ended by skip-revert.';
  if (open_branch === null) return 'Make a new deploy request of the branch.';
  return 'It can be deployed or closed.';
}
