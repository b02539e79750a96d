import { deploymentOf, type Known, known, operationsOf } from './deploy-request-routes.js';
import { isBefore, isKnown } from './deployment-states.js';
import type { Api } from './http/client.js';
import { progressOf } from './progress.js';
import { poll, type Wait } from './waiting.js';

/**
 * Follows a deployment from state to state until `isOver`, and tells how far it is. A state that is not known is told as it is, and looked at again: PlanetScale
 * makes new ones. Throws `deploy_request_not_found` when it goes away, and the reason of the signal.
 */
export async function follow(
  api: Api,
  number: number,
  { pollMs, wait, isOver }: { pollMs: number; wait: Wait; isOver: (state: string) => boolean },
): Promise<Known> {
  const last = await poll(pollMs, wait.signal, async () => {
    const deployment = await deploymentOf(api, number, wait.signal);
    if (isOver(deployment.state)) return deployment;
    const operations = isBefore(deployment.state) ? [] : await operationsOf(api, number, wait.signal);
    wait.tell(`deploy request #${number}: ${progressOf(deployment, operations)}`);
    return undefined;
  });
  return known(api, number, wait.signal, last);
}

/** Waits until PlanetScale has looked at a request that is new, or whose branch was changed. */
export async function untilChecked(api: Api, number: number, pollMs: number, wait: Wait): Promise<Known> {
  return follow(api, number, { pollMs, wait, isOver: (state) => state !== 'pending' && isKnown(state) });
}
