import { type Contender, ENDPOINTS } from '../contenders/contender.js';
import { peer } from '../contenders/peer.js';
import { undici } from '../contenders/undici.js';
import { worker } from '../contenders/worker.js';
import { median, rounded } from '../numbers.js';
import type { Row, Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import type { Stand } from '../stand/stand.js';

const MAKERS: Readonly<Record<string, (stand: Stand) => Contender | Promise<Contender>>> = {
  ceiling: (stand) => undici(stand, 'request'),
  dispatch: (stand) => undici(stand, 'dispatch'),
  worker: (stand) => worker(stand, 'worker'),
  'worker-bullmq': (stand) => worker(stand, 'worker-bullmq'),
  'bullmq-usual': (stand) => peer(stand, { name: 'bullmq-usual', library: 'bullmq', caller: 'fetch' }),
  'bullmq-undici': (stand) => peer(stand, { name: 'bullmq-undici', library: 'bullmq', caller: 'undici' }),
  'pg-boss': (stand) => peer(stand, { name: 'pg-boss', library: 'pg-boss', caller: 'fetch' }),
  'graphile-worker': (stand) => peer(stand, { name: 'graphile-worker', library: 'graphile-worker', caller: 'fetch' }),
};

export const CONTENDERS = Object.keys(MAKERS);

/** The ratios that the issue asks for: of the first to the second, at least so much. */
const RATIOS = [
  ['worker', 'ceiling', 0.8],
  ['worker', 'bullmq-usual', 8],
  ['worker-bullmq', 'ceiling', 0.5],
] as const;

/** Of one contender, the rounds' figures. */
interface Figures {
  readonly contender: Contender;
  readonly perSecond: number[];
  /** CPU time of each process for a delivery, in microseconds. */
  readonly cpuUs: Record<string, number[]>;
}

/**
 * Deliveries per second of the contenders named, all when none is. Every round has each of them once, one after another, in turning order, so
 * that the machine's noise hits all alike; a round before the first warms them up.
 */
export async function throughput(stand: Stand, sizes: Sizes, names: readonly string[]): Promise<Section> {
  const all: Figures[] = [];
  try {
    for (const [name, make] of Object.entries(MAKERS)) {
      if (names.length > 0 && !names.includes(name)) continue;
      all.push({ contender: await make(stand), perSecond: [], cpuUs: {} });
    }
    for (let round = 0; round <= sizes.rounds; round += 1) {
      for (const one of round % 2 === 0 ? all : all.toReversed()) await runOnce(one, sizes, round > 0);
    }
  } finally {
    for (const { contender } of all) await contender.stop();
  }
  return {
    name: 'throughput',
    title: 'Deliveries per second',
    says:
      `${ENDPOINTS} endpoints, payloads of about 500 bytes, each delivery signed. Rounds: ${sizes.rounds} after one that warms up, each with all contenders in turning ` +
      'order; medians, ratios too. Peers make a fifth of the deliveries of a round. µs: CPU time for a delivery, of the process that sends, of ' +
      'PostgreSQL with all its processes, of Redis, and of the subscribers.',
    rows: all.map((one) => row(one, all)),
    targets: RATIOS.flatMap(([first, second, atLeast]) => {
      const value = ratio(first, second, all);
      return value === undefined ? [] : [{ what: `${first} over ${second}`, value, atLeast }];
    }),
  };
}

async function runOnce({ contender, perSecond, cpuUs }: Figures, sizes: Sizes, counts: boolean): Promise<void> {
  const deliveries = Math.ceil((sizes.deliveries * contender.share) / ENDPOINTS) * ENDPOINTS;
  const { ms, cpuMs } = await contender.run(deliveries);
  if (!counts) return;
  perSecond.push(deliveries / (ms / 1000));
  for (const [name, used] of Object.entries(cpuMs)) {
    cpuUs[name] ??= [];
    cpuUs[name].push((used * 1000) / deliveries);
  }
}

function row({ contender, perSecond, cpuUs }: Figures, all: readonly Figures[]): Row {
  const cpu = Object.entries(cpuUs).map(([name, values]) => [`${name} µs`, rounded(median(values), 0)] as const);
  const ofCeiling = ratio(contender.name, 'ceiling', all);
  return {
    contender: contender.name,
    'deliveries/s': rounded(median(perSecond), 0),
    ...(ofCeiling === undefined ? {} : { 'of ceiling': ofCeiling }),
    rounds: perSecond.map((value) => Math.round(value)).join(' '),
    ...Object.fromEntries(cpu),
    does: contender.says,
  };
}

/** The median of the rounds' ratios. */
function ratio(first: string, second: string, all: readonly Figures[]): number | undefined {
  const [a, b] = [first, second].map((name) => all.find(({ contender }) => contender.name === name));
  if (a === undefined || b === undefined) return undefined;
  return rounded(median(a.perSecond.map((value, n) => value / (b.perSecond[n] ?? Number.NaN))));
}
