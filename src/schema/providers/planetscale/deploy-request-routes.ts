import { HooklineError } from '../../../errors.js';
import type { DeployRequest, LintFinding } from '../../provider.js';
import { checkDatabase, isoOf } from './branch-routes.js';
import { refusedWith } from './http/api-error.js';
import type { Api } from './http/client.js';
import { problemsOf } from './lint-findings.js';
import {
  type ApiDeployment,
  type ApiDeployRequest,
  type ApiOperation,
  DeploymentShape,
  DeployRequestShape,
  OperationShape,
} from './shapes.js';

/** PlanetScale keeps what it takes to revert for so long after the deployment. */
const REVERT_WINDOW_MS = 30 * 60_000;

export function requestPath(number: number): string {
  return `/deploy-requests/${number}`;
}

/** What `request` gives, of a route of one deploy request. Throws `deploy_request_not_found` for a 404, but PlanetScale's refusal when nothing can be seen. */
export async function orNoRequest<T>(api: Api, number: number, request: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (refusedWith(error) !== 404) throw error;
    await checkDatabase(api, signal);
    throw new HooklineError('deploy_request_not_found', `There is no deploy request #${number}.`, {
      hint: 'hookline schema deploy-request list names them.',
      cause: error,
    });
  }
}

/** Deploy requests, the newest first. */
export async function listRequests(
  api: Api,
  filter: { readonly state?: 'open' | 'closed'; readonly branch?: string } = {},
  signal?: AbortSignal,
): Promise<ApiDeployRequest[]> {
  const query = new URLSearchParams(filter).toString();
  const found = await api.list(`/deploy-requests${query === '' ? '' : `?${query}`}`, DeployRequestShape, signal);
  const { state, branch } = filter;
  const fitting = found.filter(
    (request) =>
      (state === undefined || request.state === state) && (branch === undefined || request.branch === branch),
  );
  // One that is made between two pages moves others onto the next.
  return [...new Map(fitting.map((request) => [request.number, request])).values()].sort((a, b) => b.number - a.number);
}

export async function openRequestOf(
  api: Api,
  branch: string,
  signal?: AbortSignal,
): Promise<ApiDeployRequest | undefined> {
  return (await listRequests(api, { state: 'open', branch }, signal))[0];
}

/** A deploy request with its deployment as it is now, and what its operations failed of where it failed. */
export interface Known {
  readonly request: ApiDeployRequest;
  readonly deployment: ApiDeployment;
  readonly problems: readonly LintFinding[];
}

/**
 * @param seen the deployment as it was seen a moment ago, for a caller that decides by it
 * Throws `deploy_request_not_found`.
 */
export async function known(api: Api, number: number, signal?: AbortSignal, seen?: ApiDeployment): Promise<Known> {
  const request = await orNoRequest(api, number, api.get(requestPath(number), DeployRequestShape, signal), signal);
  const deployment = seen ?? (await deploymentOf(api, number, signal));
  const failed = /error|failed|cancel/.test(deployment.state);
  const operations = failed ? await operationsOf(api, number, signal) : [];
  return { request, deployment, problems: problemsOf(deployment, operations) };
}

/** Throws `deploy_request_not_found`. */
export async function deploymentOf(api: Api, number: number, signal?: AbortSignal): Promise<ApiDeployment> {
  return orNoRequest(api, number, api.get(`${requestPath(number)}/deployment`, DeploymentShape, signal), signal);
}

/** Throws `deploy_request_not_found`. */
export async function operationsOf(api: Api, number: number, signal?: AbortSignal): Promise<ApiOperation[]> {
  return orNoRequest(api, number, api.list(`${requestPath(number)}/operations`, OperationShape, signal), signal);
}

/** PlanetScale's deploy request in Hookline's terms. In a list it may lack its deployment. */
export function deployRequestOf(
  request: ApiDeployRequest,
  deployment: ApiDeployment | null | undefined = request.deployment,
  problems: readonly LintFinding[] = problemsOf(deployment),
): DeployRequest {
  const state = deployment?.state ?? request.deployment_state;
  return {
    number: request.number,
    branch: request.branch,
    intoBranch: request.into_branch,
    state: request.state,
    deploymentState: state,
    approved: request.approved ?? false,
    notes: request.notes ?? '',
    deployable: deployment?.deployable ?? state === 'ready',
    instantDdlEligible: deployment?.instant_ddl_eligible ?? false,
    problems,
    revertUntil: state === 'complete_pending_revert' ? revertUntil(request, deployment) : null,
    createdAt: isoOf(request.created_at),
    deployedAt: isoOrNull(request.deployed_at),
    closedAt: isoOrNull(request.closed_at),
    url: request.html_url ?? null,
  };
}

function revertUntil(request: ApiDeployRequest, deployment: ApiDeployment | null | undefined): string | null {
  const end = Date.parse(deployment?.finished_at ?? request.deployed_at ?? '');
  return Number.isNaN(end) ? null : new Date(end + REVERT_WINDOW_MS).toISOString();
}

function isoOrNull(time: string | null | undefined): string | null {
  return time ? isoOf(time) : null;
}
