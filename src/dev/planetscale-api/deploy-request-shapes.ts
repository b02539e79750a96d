import { queuesBefore } from './deploy-steps.js';
import { actorOf, htmlUrl, type Names } from './shapes.js';
import type { State } from './state.js';
import type { DeployRequestRow, OperationRow, ReviewRow } from './state-tables.js';

/** Bound to one stand-in, since answers tell of rows beside the request's. */
export interface DeployRequestShapes {
  deployRequest(row: DeployRequestRow): Promise<object>;
  deployment(row: DeployRequestRow): Promise<object>;
  operation(row: OperationRow): object;
  review(row: ReviewRow): object;
}

const WHILE_COPYING_S = 1;

export function createDeployRequestShapes(state: State, names: Names): DeployRequestShapes {
  function operation(row: OperationRow): object {
    return {
      id: row.id,
      type: 'DeployOperation',
      state: row.state,
      keyspace_name: names.database,
      table_name: row.table_name,
      operation_name: row.operation_name,
      eta_seconds: row.state === 'in_progress' ? WHILE_COPYING_S : 0,
      progress_percentage: row.progress_percentage,
      ddl_statement: row.ddl_statement,
      can_drop_data: row.can_drop_data === 1,
      deploy_errors: row.deploy_errors,
      table_locked: false,
      created_at: row.created_at,
      updated_at: row.updated_at,
    };
  }

  async function precedingOf(row: DeployRequestRow): Promise<object[]> {
    if (row.deployment_state !== 'queued') return [];
    const all = await state.find('deploy_requests', { into_branch: row.into_branch });
    return all
      .filter((other) => queuesBefore(other, row))
      .map((other) => ({
        id: other.deployment_id,
        type: 'Deployment',
        state: other.deployment_state,
        deploy_request_number: other.number,
        into_branch: other.into_branch,
        queued_at: other.queued_at,
      }));
  }

  async function deployment(row: DeployRequestRow): Promise<object> {
    const operations = await state.find('operations', { deploy_request: row.number });
    return {
      id: row.deployment_id,
      type: 'Deployment',
      state: row.deployment_state,
      deployable: row.state === 'open' && row.deployment_state === 'ready',
      lint_errors: JSON.parse(row.lint_errors),
      deploy_check_errors: row.deploy_check_errors,
      instant_ddl_eligible: row.instant_ddl_eligible === 1,
      instant_ddl: row.instant_ddl === 1,
      auto_cutover: row.auto_cutover === 1,
      auto_delete_branch: row.auto_delete_branch === 1,
      preceding_deployments: await precedingOf(row),
      deploy_operations: operations.map(operation),
      into_branch: row.into_branch,
      deploy_request_number: row.number,
      created_at: row.created_at,
      updated_at: row.updated_at,
      queued_at: row.queued_at,
      submitted_at: row.submitted_at,
      started_at: row.started_at,
      ready_to_cutover_at: row.ready_to_cutover_at,
      cutover_at: row.cutover_at,
      cutover_expiring: false,
      finished_at: row.finished_at,
      schema_last_updated_at: row.schema_last_updated_at,
      table_locked: false,
      locking_table_name: null,
    };
  }

  return {
    operation,
    deployment,
    async deployRequest(row) {
      const approval = await state.one('reviews', { deploy_request: row.number, state: 'approved' });
      return {
        id: row.id,
        type: 'DeployRequest',
        number: row.number,
        actor: actorOf(names.actor),
        closed_by: row.closed_at === null ? null : actorOf(names.actor),
        branch: row.branch,
        branch_deleted: (await state.one('branches', { name: row.branch })) === undefined,
        into_branch: row.into_branch,
        approved: approval !== undefined,
        state: row.state,
        deployment_state: row.deployment_state,
        deployment: await deployment(row),
        notes: row.notes,
        html_url: htmlUrl(names, `deploy-requests/${row.number}`),
        created_at: row.created_at,
        updated_at: row.updated_at,
        closed_at: row.closed_at,
        deployed_at: row.deployed_at,
      };
    },
    review: (row) => ({
      id: row.id,
      type: 'DeployRequestReview',
      state: row.state,
      body: row.body,
      html_body: row.body,
      actor: actorOf(row.actor),
      created_at: row.created_at,
      updated_at: row.created_at,
    }),
  };
}
