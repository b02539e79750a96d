import type { DeployRequest, Provider, Waiting } from '../../schema/provider.js';
import { checkReplay, requiresReplay, withRequirement } from '../../schema/replay/requirement.js';
import { statementsOf } from './changes.js';
import { checkDataLoss } from './data-loss.js';
import { conditionsOf, deployRequestTable, detailsText, stateSentence, stateText } from './deploy-request-text.js';
import { type CommonOptions, type OnSignal, withProvider } from './run.js';

export interface FollowOptions extends CommonOptions {
  readonly wait?: boolean;
  readonly timeout: number;
}

interface CreateOptions extends CommonOptions {
  readonly branch: string;
  readonly into?: string;
  readonly notes?: string;
  readonly requireReplay?: boolean;
  readonly autoDeleteBranch?: boolean;
  readonly timeout: number;
}

export async function createDeployRequest(options: CreateOptions): Promise<void> {
  const { branch, into, notes = '', requireReplay = false, autoDeleteBranch = false, timeout } = options;
  await withProvider(
    options,
    async ({ provider, waiting, result }) => {
      const request = await provider.deployRequests.create(
        {
          branch,
          intoBranch: into ?? provider.production,
          notes: requireReplay ? withRequirement(notes) : notes,
          autoDeleteBranch,
        },
        waiting(timeout),
      );
      const operations = await provider.deployRequests.operations(request.number);
      const details = { request, operations, reviews: [] };
      result(
        { ...request, operations },
        [detailsText(details), '', stateSentence(request), ...conditionsOf(request, operations)].join('\n'),
      );
    },
    { signal: 'settle' },
  );
}

export async function listDeployRequests(
  options: CommonOptions & { readonly state?: DeployRequest['state']; readonly branch?: string },
): Promise<void> {
  const { state, branch } = options;
  await withProvider(options, async ({ provider, result }) => {
    const filter = { ...(state === undefined ? {} : { state }), ...(branch === undefined ? {} : { branch }) };
    const requests = await provider.deployRequests.list(filter);
    result(requests, deployRequestTable(requests));
  });
}

export async function showDeployRequest(number: number, options: CommonOptions): Promise<void> {
  await withProvider(options, async ({ provider, result }) => {
    const request = await provider.deployRequests.get(number);
    const operations = await provider.deployRequests.operations(number);
    const reviews = await provider.deployRequests.reviews(number);
    result({ ...request, operations, reviews }, detailsText({ request, operations, reviews }));
  });
}

/** The statements that deploying it runs, or has run. */
export async function diffDeployRequest(number: number, options: CommonOptions): Promise<void> {
  await withProvider(options, async ({ provider, result }) => {
    const operations = await provider.deployRequests.operations(number);
    const changes = operations.map(({ table, operation, statement, canDropData, losses }) => ({
      table,
      operation,
      statement,
      canDropData,
      losses,
    }));
    const text = statementsOf(changes.map((change) => ({ ...change, losses: change.losses ?? [] })));
    result(changes, changes.length === 0 ? `-- Deploy request #${number} changes nothing.` : text);
  });
}

export async function approveDeployRequest(
  number: number,
  options: CommonOptions & { readonly comment?: string },
): Promise<void> {
  await withProvider(options, async ({ provider, result }) => {
    const review = await provider.deployRequests.review(number, { state: 'approved', body: options.comment ?? '' });
    result(review, `Deploy request #${number} was approved by ${review.actor}.`);
  });
}

export async function deploy(
  number: number,
  options: FollowOptions & { readonly instant?: boolean; readonly allowDataLoss?: boolean },
): Promise<void> {
  const { instant = false, allowDataLoss = false } = options;
  await step(number, options, 'deploy', async (provider, waiting) => {
    const request = await provider.deployRequests.get(number);
    if (requiresReplay(request)) await checkReplay(provider, request);
    if (!allowDataLoss) await checkDataLoss(provider, request);
    return provider.deployRequests.deploy(number, { instant }, waiting);
  });
}

export async function applyDeploy(number: number, options: FollowOptions): Promise<void> {
  await step(number, options, 'apply', (provider, waiting) => provider.deployRequests.apply(number, waiting));
}

export async function cancelDeploy(number: number, options: FollowOptions): Promise<void> {
  await step(number, options, 'cancel', (provider, waiting) => provider.deployRequests.cancel(number, waiting));
}

export async function revertDeploy(number: number, options: FollowOptions): Promise<void> {
  await step(number, options, 'revert', (provider, waiting) => provider.deployRequests.revert(number, waiting));
}

export async function skipRevert(number: number, options: CommonOptions): Promise<void> {
  await once(options, (provider) => provider.deployRequests.skipRevert(number));
}

export async function closeDeployRequest(number: number, options: CommonOptions): Promise<void> {
  await withProvider(options, async ({ provider, result }) => {
    const request = await provider.deployRequests.close(number);
    result(request, `Deploy request #${number} is closed.`);
  });
}

async function once(options: CommonOptions, act: (provider: Provider) => Promise<DeployRequest>): Promise<void> {
  await withProvider(options, async ({ provider, result }) => {
    const request = await act(provider);
    result(request, stateText(request));
  });
}

/** What may take its time: with `--wait` it is followed to its end. A plain MySQL runs nothing by itself, so there it always is. */
async function step(
  number: number,
  options: FollowOptions,
  command: string,
  act: (provider: Provider, waiting: Waiting | undefined) => Promise<DeployRequest>,
): Promise<void> {
  await withProvider(
    options,
    async ({ provider, waiting, result }) => {
      const follows = options.wait || provider.name === 'mysql';
      const request = await act(provider, follows ? waiting(options.timeout) : undefined);
      result(request, stateText(request));
    },
    brokenOff(number, command),
  );
}

function brokenOff(number: number, command: string): OnSignal {
  return {
    signal: 'settle',
    stopped: async (provider) => {
      const request = await provider.deployRequests.get(number);
      if (provider.name === 'planetscale') {
        return `Stopped waiting; what was ordered goes on at PlanetScale.\n${stateText(request)}`;
      }
      const rest = request.deploymentState.startsWith('in_progress')
        ? `\n\`hookline schema deploy-request ${command} ${number}\` goes on with it.`
        : '';
      return `Stopped. ${stateText(request)}${rest}`;
    },
  };
}
