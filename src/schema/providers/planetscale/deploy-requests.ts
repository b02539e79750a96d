import { HooklineError } from '../../../errors.js';
import type { DeployRequest, DeployRequests, NewDeployRequest, Review } from '../../provider.js';
import { getBranch, isoOf } from './branch-routes.js';
import { asNotDeployable } from './deploy-errors.js';
import {
  deployRequestOf,
  known,
  listRequests,
  openRequestOf,
  operationsOf,
  orNoRequest,
  requestPath,
} from './deploy-request-routes.js';
import { createDeployments } from './deployments.js';
import { untilChecked } from './follow.js';
import { refusedWith, wordsOf } from './http/api-error.js';
import type { Api } from './http/client.js';
import { once } from './http/once.js';
import { operationOf } from './progress.js';
import { type ApiDeployRequest, type ApiReview, DeployRequestShape, ReviewShape } from './shapes.js';
import { type Wait, within } from './waiting.js';

/** Deploy requests at PlanetScale. What each method throws stands at DeployRequests. */
export function createDeployRequests(api: Api, pollMs: number): DeployRequests {
  /** A branch has one open request, so after a lost answer an open one is ours. */
  async function make(request: NewDeployRequest, { signal }: Wait): Promise<ApiDeployRequest> {
    const { branch, intoBranch, notes, autoDeleteBranch } = request;
    const open = await openRequestOf(api, branch, signal);
    if (open !== undefined) throw requestExists(open);
    const body = {
      branch,
      into_branch: intoBranch,
      notes,
      auto_cutover: true,
      auto_delete_branch: autoDeleteBranch,
    };
    const send = () => api.send('POST', '/deploy-requests', DeployRequestShape, { body, signal });
    const look = () => openRequestOf(api, branch, signal);
    try {
      return await once(send, look, { pauseMs: pollMs, signal });
    } catch (error) {
      throw await whyNotMade(error, request, signal);
    }
  }

  async function whyNotMade(error: unknown, { branch, intoBranch }: NewDeployRequest, signal: AbortSignal) {
    const status = refusedWith(error);
    if (status !== 404 && status !== 422 && status !== 409) return error;
    for (const name of [branch, intoBranch]) await getBranch(api, name, signal);
    const open = await openRequestOf(api, branch, signal);
    if (open !== undefined) return requestExists(open);
    if (!/safe migrations|production/i.test(wordsOf(error))) return error;
    return new HooklineError('planetscale_refused', error instanceof Error ? error.message : undefined, {
      hint: `Make ${intoBranch} a production branch with safe migrations, in its settings at PlanetScale.`,
      cause: error,
    });
  }

  async function get(number: number): Promise<DeployRequest> {
    const { request, deployment, problems } = await known(api, number);
    return deployRequestOf(request, deployment, problems);
  }

  const reviewsOf = (number: number) =>
    orNoRequest(api, number, api.list(`${requestPath(number)}/reviews`, ReviewShape));

  return {
    async create(request, waiting) {
      return within(waiting, `PlanetScale to look at the deploy request of ${request.branch}`, async (wait) => {
        const { number } = await make(request, wait);
        wait.tell(`deploy request #${number}: pending`);
        const checked = await untilChecked(api, number, pollMs, wait);
        return deployRequestOf(checked.request, checked.deployment, checked.problems);
      });
    },

    async list(filter = {}) {
      return (await listRequests(api, filter)).map((request) => deployRequestOf(request));
    },

    get,

    async operations(number) {
      return (await operationsOf(api, number)).map(operationOf);
    },

    async reviews(number) {
      return (await reviewsOf(number)).map(reviewOf);
    },

    async review(number, { state, body }) {
      const before = new Set((await reviewsOf(number)).map(({ id }) => id));
      const send = () => api.send('POST', `${requestPath(number)}/reviews`, ReviewShape, { body: { state, body } });
      const look = async (): Promise<ApiReview | undefined> =>
        (await reviewsOf(number)).find(
          (review) => !before.has(review.id) && review.state === state && (review.body ?? '') === body,
        );
      try {
        return reviewOf(await once(send, look, { pauseMs: pollMs }));
      } catch (error) {
        throw reviewRefused(error, number, state);
      }
    },

    async close(number) {
      const { request } = await known(api, number);
      if (request.state === 'closed') return get(number);
      const send = () => api.send('PATCH', requestPath(number), DeployRequestShape, { body: { state: 'closed' } });
      const look = async (): Promise<ApiDeployRequest | undefined> => {
        const now = (await known(api, number)).request;
        return now.state === 'closed' ? now : undefined;
      };
      try {
        await once(send, look, { pauseMs: pollMs });
      } catch (error) {
        throw asNotDeployable(error, await known(api, number), 'close');
      }
      return get(number);
    },

    ...createDeployments(api, pollMs),
  };
}

function reviewOf({ state, body, actor, created_at }: ApiReview): Review {
  return {
    state: state === 'approved' ? 'approved' : 'commented',
    body: body ?? '',
    actor: actor?.display_name ?? '',
    createdAt: isoOf(created_at),
  };
}

function requestExists({ number, branch }: ApiDeployRequest): HooklineError {
  return new HooklineError('deploy_request_exists', `Deploy request #${number} of branch ${branch} is open.`, {
    hint: `Use it, or close it: \`hookline schema deploy-request close ${number}\`.`,
  });
}

function reviewRefused(error: unknown, number: number, state: Review['state']): unknown {
  const status = refusedWith(error);
  if (status !== 422 && status !== 403) return error;
  const words = wordsOf(error);
  const hint =
    state === 'approved'
      ? 'Where an organization has several administrators, another than the one who made the request has to approve it; the service token needs approve_deploy_request.'
      : 'The service token needs approve_deploy_request, and the deploy request has to be open.';
  const did = state === 'approved' ? 'an approval of' : 'a comment on';
  return new HooklineError(
    'planetscale_refused',
    `PlanetScale refused ${did} deploy request #${number} (${status}): ${words || 'it gives no reason'}`,
    { hint, cause: error },
  );
}
