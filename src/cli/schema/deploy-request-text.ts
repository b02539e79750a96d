import type { DeployOperation, DeployRequest, Review } from '../../schema/provider.js';
import { requiresReplay } from '../../schema/replay/requirement.js';
import { printable } from '../printable.js';
import { type Cell, pairsOf, tableOf } from '../table.js';
import { minuteOf } from '../times.js';
import { findingsTable } from './findings.js';

/** The line of a replay's comment that is for `deploy` to read; `--json` has it. */
const REPLAY_VERDICT = /^hookline-replay \{.*$/m;

export interface Details {
  readonly request: DeployRequest;
  readonly operations: readonly DeployOperation[];
  readonly reviews: readonly Review[];
}

export function deployRequestTable(requests: readonly DeployRequest[]): string {
  const rows = requests.map((request): Cell[] => [
    request.number,
    request.branch,
    request.intoBranch,
    request.state,
    request.deploymentState,
    request.approved,
    minuteOf(request.createdAt),
  ]);
  return tableOf(['#', 'branch', 'into', 'state', 'deployment', 'approved', 'created (utc)'], rows);
}

/** All that is known of one, with its statements, its reviews, and what stands in its way. */
export function detailsText({ request, operations, reviews }: Details): string {
  const pairs: (readonly [string, Cell])[] = [
    ['Deploy request', `#${request.number}`],
    ['Branch', `${request.branch}, into ${request.intoBranch}`],
    ['State', request.state],
    ['Deployment', request.deploymentState],
    ['Deployable', request.deployable],
    ['Approved', request.approved],
    ['Instant DDL', request.instantDdlEligible ? 'possible' : 'not possible'],
    ['Created', request.createdAt],
    ...optional('Deployed', request.deployedAt),
    ...optional('Revert until', request.revertUntil),
    ...optional('Closed', request.closedAt),
    ...optional('Notes', request.notes || null),
    ...optional('URL', request.url),
  ];
  return [
    pairsOf(pairs),
    ...(operations.length > 0 ? [operationTable(operations)] : []),
    ...(request.problems.length > 0 ? [findingsTable(request.problems)] : []),
    ...(reviews.length > 0 ? [reviewTable(reviews)] : []),
  ].join('\n\n');
}

function operationTable(operations: readonly DeployOperation[]): string {
  const rows = operations.map((operation): Cell[] => [
    operation.table,
    operation.operation,
    operation.state,
    progressOf(operation),
    operation.algorithm,
    operation.canDropData,
    operation.error,
  ]);
  return tableOf(['table', 'operation', 'state', 'progress', 'algorithm', 'drops data', 'error'], rows);
}

/** What a deploy request has become: its state, what that means, and what may be done next. */
export function stateSentence(request: DeployRequest): string {
  return printable(`Deploy request #${request.number}: ${request.deploymentState}. ${meaningOf(request)}`);
}

/** What `deploy` is going to ask for, where it does: nobody shall learn that from its refusal. */
export function conditionsOf(
  request: DeployRequest,
  operations: readonly Pick<DeployOperation, 'canDropData'>[],
): string[] {
  if (request.deploymentState !== 'ready') return [];
  const replay = `Before that a replay has to pass: \`hookline schema replay --branch ${request.branch}\`.`;
  const loss = 'It takes away stored data, so `deploy` asks for --allow-data-loss.';
  return [
    ...(requiresReplay(request) ? [printable(replay)] : []),
    ...(operations.some(({ canDropData }) => canDropData) ? [loss] : []),
  ];
}

/** The same with what stands in its way. */
export function stateText(request: DeployRequest): string {
  const { problems } = request;
  return [stateSentence(request), ...(problems.length > 0 ? [findingsTable(problems)] : [])].join('\n\n');
}

function meaningOf({ number, deploymentState: state, revertUntil, intoBranch, problems }: DeployRequest): string {
  const command = (name: string): string => `\`hookline schema deploy-request ${name} ${number}\``;
  switch (state) {
    case 'ready':
      return `It can be deployed: ${command('deploy')}.`;
    case 'no_changes':
      return `Its branch and ${intoBranch} are the same. ${command('close')} puts it away.`;
    case 'pending_cutover':
      return `${command('apply')} switches over.`;
    case 'complete':
      return `It is deployed into ${intoBranch}.`;
    case 'complete_pending_revert':
      return `It is deployed into ${intoBranch}; ${command('revert')} takes it back${revertUntil === null ? '' : ` until ${revertUntil}`}.`;
    case 'complete_revert':
      return `The schema of ${intoBranch} is as it was before.`;
    case 'complete_cancel':
    case 'cancelled':
      return 'It was not deployed.';
    default:
      return problems.length > 0 ? 'Something stands in its way.' : `${command('show')} tells how far it is.`;
  }
}

function reviewTable(reviews: readonly Review[]): string {
  const rows = reviews.map(({ state, actor, createdAt, body }): Cell[] => [
    state,
    actor,
    minuteOf(createdAt),
    body.replace(REPLAY_VERDICT, '').trimEnd(),
  ]);
  return tableOf(['review', 'by', 'at (utc)', 'comment'], rows);
}

function progressOf({ progressPercentage, etaSeconds, state }: DeployOperation): string {
  const eta = etaSeconds !== null && etaSeconds > 0 && state === 'in_progress' ? `, ${etaSeconds} s left` : '';
  return `${progressPercentage} %${eta}`;
}

function optional(name: string, value: string | null): (readonly [string, Cell])[] {
  return value === null ? [] : [[name, value]];
}
