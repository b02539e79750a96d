import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { MOVING } from './deploy-states.js';
import type { DeploySteps } from './deploy-steps.js';
import type { State } from './state.js';

const AFTER_TROUBLE_MS = 500;

export interface DeployerOptions {
  readonly state: State;
  readonly steps: DeploySteps;
  readonly log: Logger;
}

/** Goes on with deployments by itself, one loop for each that moves. */
export interface Deployer {
  /** Looks at a deployment again at once: its state was changed, or it is new. */
  wake(number: number): void;
  /** Goes on with what a former process left. */
  restore(): Promise<void>;
  /** Ends when no step runs any more; the state says where to go on. */
  stop(): Promise<void>;
}

interface Loop {
  /** Ends the pause that it is in. */
  awake: AbortController;
  /** Somebody asked for another look. */
  again: boolean;
  done: Promise<void>;
}

export function createDeployer({ state, steps, log }: DeployerOptions): Deployer {
  const loops = new Map<number, Loop>();
  let stopping = false;

  async function run(number: number, loop: Loop): Promise<void> {
    for (;;) {
      loop.again = false;
      loop.awake = new AbortController();
      try {
        await step(number, loop);
      } catch (error) {
        log.error({ err: error, number }, 'planetscale_api.deploy_step_failed');
        await pause(AFTER_TROUBLE_MS, loop);
        loop.again = true;
      }
      if (stopping || !loop.again) break;
    }
    loops.delete(number);
  }

  /** One state to the next. */
  async function step(number: number, loop: Loop): Promise<void> {
    const request = await state.one('deploy_requests', { number });
    if (request === undefined || !MOVING.has(request.deployment_state)) return;
    loop.again = true;
    await pause(await steps.pauseBefore(request), loop);
    if (stopping || loop.awake.signal.aborted) return;
    await steps.take(request);
  }

  async function pause(ms: number, { awake }: Loop): Promise<void> {
    await sleep(ms, undefined, { signal: awake.signal }).catch(() => undefined);
  }

  function wake(number: number): void {
    const running = loops.get(number);
    if (running !== undefined) {
      running.again = true;
      running.awake.abort();
      return;
    }
    if (stopping) return;
    const loop: Loop = { awake: new AbortController(), again: true, done: Promise.resolve() };
    loops.set(number, loop);
    loop.done = run(number, loop);
  }

  return {
    wake,
    async restore() {
      for (const { number, deployment_state } of await state.find('deploy_requests')) {
        if (MOVING.has(deployment_state)) wake(number);
      }
    },
    async stop() {
      stopping = true;
      const all = [...loops.values()];
      for (const { awake } of all) awake.abort();
      await Promise.all(all.map(({ done }) => done));
    },
  };
}
