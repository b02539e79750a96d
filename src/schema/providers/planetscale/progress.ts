import type { DeployOperation } from '../../provider.js';
import type { ApiDeployment, ApiOperation } from './shapes.js';

/** PlanetScale's operation in Hookline's terms. It does not tell how it runs one. */
export function operationOf(operation: ApiOperation): DeployOperation {
  return {
    table: operation.table_name ?? '',
    operation: operation.operation_name ?? '',
    statement: operation.ddl_statement ?? '',
    state: operation.state,
    progressPercentage: operation.progress_percentage ?? (operation.state === 'complete' ? 100 : 0),
    etaSeconds: operation.eta_seconds ?? null,
    canDropData: operation.can_drop_data ?? false,
    losses: null,
    algorithm: null,
    error: operation.deploy_errors || null,
  };
}

/** How far a deployment is, on one line: `in_progress: ai_content 40 %, about 12 s left`. */
export function progressOf({ state, ...deployment }: ApiDeployment, operations: readonly ApiOperation[]): string {
  const before = deployment.preceding_deployments?.length ?? 0;
  const parts = operations.filter((operation) => operation.state === 'in_progress').map(partOf);
  // One within its revert window holds the queue, too.
  if (before > 0 && state === 'queued')
    parts.unshift(`behind ${before} that ${before === 1 ? 'is' : 'are'} not complete`);
  if (deployment.locking_table_name) parts.push(`${deployment.locking_table_name} is locked`);
  return parts.length === 0 ? state : `${state}: ${parts.join('; ')}`;
}

function partOf(operation: ApiOperation): string {
  const { table, progressPercentage, etaSeconds } = operationOf(operation);
  const left = etaSeconds === null || etaSeconds <= 0 ? '' : `, about ${Math.ceil(etaSeconds)} s left`;
  return `${table} ${Math.floor(progressPercentage)} %${left}`;
}
