import { HooklineError } from '../../../errors.js';
import { ofTable } from '../../diff/of-table.js';
import type { DeployOperation, DeployRequest, LintFinding } from '../../provider.js';
import type { PlannedOperation } from './plan.js';
import type { Work } from './work.js';

/** What is run for a deploy request: its deployment, or the way back. */
export type Phase = 'deploy' | 'revert';

export interface RequestRow {
  readonly number: number;
  readonly branch: string;
  readonly into_branch: string;
  readonly open_branch: string | null;
  readonly deployment_state: string;
  readonly notes: string;
  readonly auto_delete_branch: number;
  readonly deployable: number;
  readonly instant_eligible: number;
  readonly problems: string;
  readonly branch_hash: string;
  readonly branch_schema: string;
  readonly base_schema: string;
  readonly before_schema: string | null;
  readonly after_schema: string | null;
  readonly instant: number;
  readonly runner: string | null;
  readonly runner_since: string | null;
  readonly revert_until: string | null;
  readonly created_at: string;
  readonly deployed_at: string | null;
  readonly closed_at: string | null;
  /** Whether an approving review was written. */
  readonly approved: number | string;
}

export interface OperationRow {
  readonly position: number;
  readonly table_name: string;
  readonly operation: 'CREATE' | 'ALTER' | 'DROP';
  readonly statement: string;
  readonly can_drop_data: number;
  readonly losses: string;
  readonly algorithm: string | null;
  readonly state: string;
  readonly error: string | null;
  readonly table_before: string | null;
  readonly table_after: string | null;
}

/** Requests that fulfil a condition, the newest first. */
export function requestRows(
  work: Work,
  condition: string,
  values: readonly (string | number)[],
): Promise<RequestRow[]> {
  return work.rows<RequestRow>(
    `SELECT r.*, EXISTS (SELECT 1 FROM ${work.state.reviews} v WHERE v.request = r.number AND v.state = 'approved') AS approved
     FROM ${work.state.requests} r WHERE ${condition} ORDER BY r.number DESC`,
    values,
  );
}

/** Throws `deploy_request_not_found`. */
export async function requestRow(work: Work, number: number): Promise<RequestRow> {
  const [row] = Number.isSafeInteger(number) ? await requestRows(work, 'r.number = ?', [number]) : [];
  if (row !== undefined) return row;
  throw new HooklineError('deploy_request_not_found', `There is no deploy request #${number}.`, {
    hint: 'hookline schema deploy-request list names them.',
  });
}

export function operationRows(work: Work, number: number, phase: Phase): Promise<OperationRow[]> {
  return work.rows<OperationRow>(
    `SELECT * FROM ${work.state.operations} WHERE request = ? AND phase = ? ORDER BY position`,
    [number, phase],
  );
}

/** Writes the operations of a phase in the place of those that were there. */
export async function writeOperations(
  work: Work,
  number: number,
  phase: Phase,
  operations: readonly PlannedOperation[],
): Promise<void> {
  await work.run(`DELETE FROM ${work.state.operations} WHERE request = ? AND phase = ?`, [number, phase]);
  for (const [position, one] of operations.entries()) {
    await work.run(
      `INSERT INTO ${work.state.operations} (request, phase, position, table_name, operation, statement, can_drop_data, losses,
         algorithm, state, error, table_before, table_after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?)`,
      [
        number,
        phase,
        position,
        one.table,
        one.operation,
        one.statement,
        Number(one.canDropData),
        JSON.stringify(one.losses),
        one.algorithm,
        one.refused,
        one.before,
        one.after,
      ],
    );
  }
}

type Column = Exclude<keyof RequestRow, 'number' | 'approved'>;

/** Writes columns of a request. */
export async function updateRequest(
  work: Work,
  number: number,
  columns: Partial<Pick<RequestRow, Column>>,
): Promise<void> {
  const entries = Object.entries(columns);
  const assignments = entries.map(([name]) => `${name} = ?`).join(', ');
  await work.run(`UPDATE ${work.state.requests} SET ${assignments} WHERE number = ?`, [
    ...entries.map(([, value]) => value),
    number,
  ]);
}

/** As the provider tells it; `problems` beside those of the row are what was found out just now. */
export function toDeployRequest(row: RequestRow, problems: readonly LintFinding[] = []): DeployRequest {
  return {
    number: Number(row.number),
    branch: row.branch,
    intoBranch: row.into_branch,
    state: row.open_branch === null ? 'closed' : 'open',
    deploymentState: row.deployment_state,
    approved: Number(row.approved) === 1,
    notes: row.notes,
    deployable: row.deployable === 1,
    instantDdlEligible: row.instant_eligible === 1,
    problems: [...problemsOf(row), ...problems],
    revertUntil: row.deployment_state === 'complete_pending_revert' ? row.revert_until : null,
    createdAt: row.created_at,
    deployedAt: row.deployed_at,
    closedAt: row.closed_at,
    url: null,
  };
}

export function problemsOf(row: Pick<RequestRow, 'problems'>): LintFinding[] {
  return JSON.parse(row.problems) as LintFinding[];
}

/** What operations would lose, or have lost, with the tables that it is of. */
export function lossesOf(operations: readonly Pick<OperationRow, 'table_name' | 'losses'>[]): string[] {
  return operations.flatMap(({ table_name: table, losses }) => ofTable(table, JSON.parse(losses) as string[]));
}

export function toDeployOperation(row: OperationRow): DeployOperation {
  return {
    table: row.table_name,
    operation: row.operation,
    statement: row.statement,
    state: row.state,
    progressPercentage: row.state === 'complete' ? 100 : 0,
    etaSeconds: null,
    canDropData: row.can_drop_data === 1,
    losses: JSON.parse(row.losses) as string[],
    algorithm: row.algorithm,
    error: row.error,
  };
}
