import type { DeployRequest, DeployRequests, Waiting } from '../../provider.js';
import { checkDeployable, checkDeployed, inState, isRunning, windowOver } from './deploy-checks.js';
import { asNotDeployable, deployFailed } from './deploy-errors.js';
import { deploymentOf, deployRequestOf, type Known, known, orNoRequest, requestPath } from './deploy-request-routes.js';
import { isCancelled, isDeployed, isEnd, isReverting } from './deployment-states.js';
import { follow, untilChecked } from './follow.js';
import type { Api } from './http/client.js';
import { once } from './http/once.js';
import { AnyShape } from './shapes.js';
import { type Wait, within } from './waiting.js';

type Deployments = Pick<DeployRequests, 'deploy' | 'apply' | 'cancel' | 'revert' | 'skipRevert'>;

/** For a command that does not wait for the end: what it takes until PlanetScale has the order. */
const ORDERED_WITHIN: Waiting = { timeoutMs: 120_000 };

/** What is asked of PlanetScale for a deployment. */
interface Order {
  readonly route: 'deploy' | 'apply-deploy' | 'cancel' | 'revert' | 'skip-revert';
  /** In words, after "PlanetScale does not". */
  readonly doing: string;
  readonly body?: unknown;
  /** Whether it was carried out, by the state after it. */
  readonly happened: (state: string) => boolean;
}

/** The course of deployments at PlanetScale, which runs them by itself. */
export function createDeployments(api: Api, pollMs: number): Deployments {
  async function order(before: Known, { route, doing, body, happened }: Order, { signal }: Wait): Promise<void> {
    const { number } = before.request;
    const send = async (): Promise<true> => {
      const path = `${requestPath(number)}/${route}`;
      await orNoRequest(api, number, api.send('POST', path, AnyShape, { body, signal }), signal);
      return true;
    };
    const look = async (): Promise<true | undefined> =>
      happened((await deploymentOf(api, number, signal)).state) ? true : undefined;
    try {
      await once(send, look, { pauseMs: pollMs, signal });
    } catch (error) {
      throw asNotDeployable(error, before, doing);
    }
  }

  /** The end of what was ordered, or, for a command that does not wait, how it stands now. */
  async function ended(
    number: number,
    waiting: Waiting | undefined,
    wait: Wait,
    isOver: (state: string) => boolean,
    check: (end: Known) => void,
  ): Promise<DeployRequest> {
    const end =
      waiting === undefined
        ? await known(api, number, wait.signal)
        : await follow(api, number, { pollMs, wait, isOver });
    if (isOver(end.deployment.state)) check(end);
    return deployRequestOf(end.request, end.deployment, end.problems);
  }

  return {
    async deploy(number, { instant }, waiting) {
      return within(waiting ?? ORDERED_WITHIN, `deploy request #${number} to be deployed`, async (wait) => {
        const before = await untilBegun(number, wait);
        if (!isRunning(before.deployment.state)) {
          checkDeployable(before, instant);
          const { state } = before.deployment;
          await order(
            before,
            { route: 'deploy', doing: 'deploy', body: { instant_ddl: instant }, happened: (now) => now !== state },
            wait,
          );
        }
        const isOver = (state: string): boolean =>
          isEnd(state) || state === 'pending_cutover' || state === 'no_changes';
        return ended(number, waiting, wait, isOver, (end) => {
          checkDeployed(end, 'Deploying');
          if (end.deployment.state !== 'pending_cutover') return;
          wait.tell(
            `deploy request #${number}: pending_cutover, until \`hookline schema deploy-request apply ${number}\``,
          );
        });
      });
    },

    async apply(number, waiting) {
      return within(waiting ?? ORDERED_WITHIN, `deploy request #${number} to switch over`, async (wait) => {
        const before = await known(api, number, wait.signal);
        const { state } = before.deployment;
        if (state !== 'in_progress_cutover') {
          if (state !== 'pending_cutover') throw inState(before, 'has nothing to switch over');
          const happened = (now: string): boolean => now !== 'pending_cutover';
          await order(before, { route: 'apply-deploy', doing: 'switch over', happened }, wait);
        }
        return ended(number, waiting, wait, isEnd, (end) => checkDeployed(end, 'Switching over'));
      });
    },

    async cancel(number, waiting) {
      return within(waiting ?? ORDERED_WITHIN, `deploy request #${number} to be cancelled`, async (wait) => {
        const before = await known(api, number, wait.signal);
        const { state } = before.deployment;
        if (state !== 'in_progress_cancel' && !isCancelled(state)) {
          if (!isRunning(state)) throw inState(before, 'has no deployment to cancel');
          const happened = (now: string): boolean => now === 'in_progress_cancel' || isCancelled(now);
          await order(before, { route: 'cancel', doing: 'cancel', happened }, wait);
        }
        return ended(number, waiting, wait, isEnd, (end) => {
          if (isDeployed(end.deployment.state)) throw inState(end, 'came to its end before it was cancelled');
          if (!isCancelled(end.deployment.state)) throw deployFailed(end, 'Cancelling');
        });
      });
    },

    async revert(number, waiting) {
      return within(waiting ?? ORDERED_WITHIN, `deploy request #${number} to be reverted`, async (wait) => {
        const before = await known(api, number, wait.signal);
        const { state } = before.deployment;
        if (!isReverting(state)) {
          if (state === 'complete') throw windowOver(number);
          if (state !== 'complete_pending_revert') throw inState(before, 'has nothing to revert');
          const happened = (now: string): boolean => isReverting(now) || now.startsWith('complete_revert');
          await order(before, { route: 'revert', doing: 'revert', happened }, wait).catch(async (error: unknown) => {
            wait.signal.throwIfAborted();
            const now = await deploymentOf(api, number, wait.signal);
            throw now.state === 'complete' ? windowOver(number, error) : error;
          });
        }
        const isOver = (now: string): boolean => isEnd(now) && now !== 'complete_pending_revert';
        return ended(number, waiting, wait, isOver, (end) => {
          if (end.deployment.state === 'complete') throw windowOver(number);
          if (end.deployment.state !== 'complete_revert') throw deployFailed(end, 'Reverting');
        });
      });
    },

    async skipRevert(number) {
      return within(ORDERED_WITHIN, `the revert window of deploy request #${number} to end`, async (wait) => {
        const before = await known(api, number, wait.signal);
        if (before.deployment.state !== 'complete_pending_revert') throw inState(before, 'has no revert window to end');
        const happened = (now: string): boolean => now === 'complete';
        await order(before, { route: 'skip-revert', doing: 'end the revert window of', happened }, wait);
        return ended(
          number,
          undefined,
          wait,
          () => false,
          () => undefined,
        );
      });
    },
  };

  /** A request that PlanetScale has looked at; one in a state that is new to us is in the middle of something. */
  async function untilBegun(number: number, wait: Wait): Promise<Known> {
    const now = await known(api, number, wait.signal);
    return now.deployment.state === 'pending' ? untilChecked(api, number, pollMs, wait) : now;
  }
}
