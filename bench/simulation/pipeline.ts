import { randomBernoulli, randomExponential, randomLcg, randomLogNormal, randomUniform } from 'd3-random';
import type { Costs } from './costs.js';
import { Engine, Machine, Process } from './engine.js';
import { NOTIFY_MS } from './pace.js';
import type { Delivery, Pipeline } from './shared.js';
import { Worker } from './worker.js';

export interface Scenario {
  readonly seed: number;
  readonly workers: number;
  readonly webhooks: number;
  /** Calls in flight to a webhook at most, over all workers (hookline.settings.calls_per_webhook). */
  readonly callsPerWebhook: number;
  /** Cores of the one machine that has everything, endpoints too, or of PostgreSQL alone: workers have a core each then. */
  readonly cores: { readonly shared: number } | { readonly postgres: number };
  /** Deliveries that are there at the beginning. */
  readonly backlog: number;
  /** Deliveries a second that come, each by an event of its own, for so many seconds. */
  readonly perSecond: number;
  readonly seconds: number;
  /** How long an endpoint takes to answer: log-normal. */
  readonly latencyMs: { readonly median: number; readonly sigma: number };
  /** Share of the calls that fail, and seconds before they are tried again, doubled each time. */
  readonly failing: number;
  readonly retrySeconds: number;
  readonly attempts: number;
}

export interface Outcome {
  readonly delivered: number;
  readonly perSecond: number;
  /** Milliseconds until everything is recorded. */
  readonly drainedMs: number;
  /** Milliseconds from the commit of a delivery to its first call. */
  readonly waits: readonly number[];
  /** CPU time of all workers, and of PostgreSQL. */
  readonly workersMs: number;
  readonly postgresMs: number;
  readonly mostInFlight: number;
}

const RETRY_SPREAD = [0.8, 1.2] as const;

/** Lets a scenario happen; the same seed gives the same outcome. */
export function simulate(scenario: Scenario, costs: Costs): Outcome {
  const { cores, failing, attempts, retrySeconds } = scenario;
  const engine = new Engine();
  const random = randomLcg(scenario.seed / 2 ** 32);
  const latency = randomLogNormal.source(random)(Math.log(scenario.latencyMs.median), scenario.latencyMs.sigma);
  const fails = randomBernoulli.source(random)(failing);
  const spread = randomUniform.source(random)(...RETRY_SPREAD);
  const pause = randomExponential.source(random)(scenario.perSecond / 1000);
  const isShared = 'shared' in cores;
  const database = new Machine(engine, isShared ? cores.shared : cores.postgres);
  const endpoints = new Process(isShared ? database : new Machine(engine, 1));
  const applications = Array.from({ length: 16 }, () => new Process(database));

  const ready: Delivery[][] = Array.from({ length: scenario.webhooks }, () => []);
  const workers: Worker[] = [];
  const waits: number[] = [];
  let made = 0;
  let delivered = 0;
  let lastMs = 0;
  let inFlight = 0;
  let mostInFlight = 0;

  function release(delivery: Delivery): void {
    ready[delivery.webhook]?.push(delivery);
    engine.after(NOTIFY_MS, () => {
      for (const worker of workers) worker.wake();
    });
  }
  const pipeline: Pipeline = {
    engine,
    costs,
    ready,
    workers: scenario.workers,
    share: Math.max(1, Math.floor(scenario.callsPerWebhook / scenario.workers)),
    call(delivery, answered) {
      if (delivery.attempt === 0) waits.push(engine.now - delivery.at);
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      const answer = () =>
        engine.after(latency(), () => {
          inFlight -= 1;
          answered();
        });
      if (isShared) endpoints.do(costs.receiverUs / 1000, answer);
      else answer();
    },
    recorded(delivery) {
      const attempt = delivery.attempt + 1;
      if (attempt < attempts && fails() === 1) {
        const again = { ...delivery, attempt };
        engine.after(retrySeconds * 2 ** (attempt - 1) * spread() * 1000, () => release(again));
        return;
      }
      delivered += 1;
      lastMs = engine.now;
    },
  };
  for (let n = 0; n < scenario.workers; n += 1) {
    const machine = isShared ? database : new Machine(engine, 1);
    workers.push(new Worker(pipeline, machine, database, n));
  }
  for (; made < scenario.backlog; made += 1) release({ webhook: made % scenario.webhooks, at: 0, attempt: 0 });
  const untilMs = scenario.seconds * 1000;
  const arrive = (): void => {
    if (engine.now > untilMs) return;
    const webhook = made % scenario.webhooks;
    made += 1;
    const committed = () => release({ webhook, at: engine.now, attempt: 0 });
    const application = applications[made % applications.length];
    application?.do(costs.triggerUs / 1000, () => engine.after(costs.commitMs, committed));
    engine.after(pause(), arrive);
  };
  if (scenario.perSecond > 0) engine.after(pause(), arrive);
  engine.run(Number.POSITIVE_INFINITY);

  return {
    delivered,
    perSecond: delivered / (lastMs / 1000),
    drainedMs: lastMs,
    waits,
    workersMs: workers.reduce((sum, { thread }) => sum + thread.busyMs, 0),
    postgresMs: [...applications, ...workers.flatMap(({ connections }) => connections)].reduce(
      (sum, { busyMs }) => sum + busyMs,
      0,
    ),
    mostInFlight,
  };
}
