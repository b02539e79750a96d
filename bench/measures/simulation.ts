import { cpus, loadavg } from 'node:os';
import { machine } from '../machine.js';
import { median, quantile, rounded } from '../numbers.js';
import type { Row, Section } from '../report/section.js';
import { calibrate } from '../simulation/calibrate.js';
import { type Scenario, simulate } from '../simulation/pipeline.js';
import { type Figures, type Point, reality, SEED } from '../simulation/reality.js';
import type { Sizes } from '../sizes.js';
import { LATENCY_SIGMA } from '../stand/receivers.js';
import type { Stand } from '../stand/stand.js';

/** An answer that comes at once still crosses the loopback. */
const AT_ONCE_MS = 0.1;
const UNITS: Readonly<Record<keyof Figures, string>> = {
  perSecond: 'deliveries/s',
  drainedMs: 'ms until all is recorded',
  p50: 'ms from commit to call, p50',
  p99: 'ms from commit to call, p99',
  workerUs: 'µs of CPU a delivery, worker',
  postgresUs: 'µs of CPU a delivery, PostgreSQL',
};

/** Measures what things cost, then runs the same scenarios for real and in the simulation. */
export async function simulation(stand: Stand, sizes: Sizes): Promise<Section> {
  const costs = await calibrate(stand, sizes);
  const rows: Row[] = [];
  const points: readonly Point[] = [
    {
      name: 'a backlog, endpoints answer at once',
      webhooks: 100,
      backlog: sizes.deliveries,
      perSecond: 0,
      seconds: 0,
      latencyMs: 0,
    },
    {
      name: 'a backlog, endpoints take 100 ms',
      webhooks: 10,
      backlog: sizes.deliveries / 2,
      perSecond: 0,
      seconds: 0,
      latencyMs: 100,
    },
    {
      name: '200 single events/s, endpoints take 50 ms',
      webhooks: 50,
      backlog: 0,
      perSecond: 200,
      seconds: 5,
      latencyMs: 50,
    },
  ];
  for (const point of points) {
    const predicted = predict(point, costs);
    const measured: Figures[] = [];
    for (let round = 0; round <= sizes.rounds; round += 1) {
      const figures = await reality(stand, point);
      if (round > 0) measured.push(figures);
    }
    for (const [figure, unit] of Object.entries(UNITS) as [keyof Figures, string][]) {
      const real = median(measured.map((one) => one[figure]));
      rows.push({
        'operating point': point.name,
        figure: unit,
        predicted: rounded(predicted[figure], 1),
        measured: rounded(real, 1),
        'predicted over measured': rounded(predicted[figure] / real),
        rounds: measured.map((one) => rounded(one[figure], 1)).join(' '),
      });
    }
  }
  return {
    name: 'simulation',
    title: 'The simulation beside the real system',
    says:
      `One worker, PostgreSQL and endpoints on this machine (${cpus().length} cores), which the simulation shares out, too; its costs were measured in the same run. Medians of ${sizes.rounds} ` +
      'rounds after one that warms up; the simulation has one seed.',
    rows,
    targets: [],
    measurement: {
      at: new Date().toISOString(),
      load: rounded(loadavg()[0] ?? 0, 1),
      machine: await machine(stand.postgres.admin),
      costs,
      checked: rows,
    },
  };
}

function predict({ latencyMs, ...point }: Point, costs: Parameters<typeof simulate>[1]): Figures {
  const scenario: Scenario = {
    ...point,
    seed: SEED,
    workers: 1,
    callsPerWebhook: 16,
    cores: { shared: cpus().length },
    latencyMs: latencyMs === 0 ? { median: AT_ONCE_MS, sigma: 0 } : { median: latencyMs, sigma: LATENCY_SIGMA },
    failing: 0,
    retrySeconds: 60,
    attempts: 1,
  };
  const { perSecond, drainedMs, waits, delivered, workersMs, postgresMs } = simulate(scenario, costs);
  const each = (ms: number) => (ms * 1000) / delivered;
  return {
    perSecond,
    drainedMs,
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    workerUs: each(workersMs),
    postgresUs: each(postgresMs),
  };
}
