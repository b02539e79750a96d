import { median, rounded } from '../numbers.js';
import type { Plot, Row, Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { timed } from '../stand/timed.js';
import { allSucceeded, payloads, registerWebhooks, trigger, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';

/** What a point of a sweep sets; what is left out is as in the other measures. */
interface Setting {
  readonly concurrency?: number;
  readonly payloadBytes?: number;
  /** Webhooks that each event reaches. */
  readonly fanOut?: number;
  readonly workers?: number;
}

interface Sweep {
  readonly name: string;
  readonly axis: string;
  readonly points: readonly number[];
  setting(point: number): Setting;
}

const FAN_OUT = 10;
/** A round makes no more bytes than this: 10,000 payloads of 200 KB would be 2 GB. */
const MOST_BYTES = 64 * 2 ** 20;
const SWEEPS: readonly Sweep[] = [
  {
    name: 'concurrency',
    axis: 'calls in flight at most',
    points: [4, 16, 64, 256, 1024],
    setting: (concurrency) => ({ concurrency }),
  },
  {
    name: 'payload',
    axis: 'bytes of payload',
    points: [500, 2_000, 8_000, 32_000, 128_000],
    setting: (payloadBytes) => ({ payloadBytes }),
  },
  {
    name: 'fan-out',
    axis: 'webhooks an event reaches',
    points: [1, 10, 100, 1_000],
    setting: (fanOut) => ({ fanOut }),
  },
  { name: 'workers', axis: 'worker processes', points: [1, 2, 3, 4], setting: (workers) => ({ workers }) },
];

/** Deliveries per second over concurrency, payload size, fan-out and number of workers. */
export async function sweep(stand: Stand, sizes: Sizes): Promise<Section> {
  const rows: Row[] = [];
  const plots: Plot[] = [];
  for (const { name, axis, points, setting } of SWEEPS) {
    const values: number[] = [];
    for (const point of points) {
      const perSecond = await rate(stand, sizes, setting(point));
      values.push(perSecond);
      rows.push({ swept: axis, at: point, 'deliveries/s': perSecond });
    }
    plots.push({
      name: `sweep-${name}`,
      title: `Deliveries per second by ${axis}`,
      x: { name: axis, points },
      y: 'deliveries/s',
      lines: [{ name: 'deliveries/s', values }],
    });
  }
  return {
    name: 'sweep',
    title: 'Sweeps',
    says: `One thing is changed at a time; else one worker with its own defaults, payloads of about 500 bytes, ${FAN_OUT} webhooks an event. Rounds: ${sizes.rounds} after one that warms up; medians.`,
    rows,
    targets: [],
    plots,
  };
}

async function rate({ built, postgres, receivers }: Stand, sizes: Sizes, setting: Setting): Promise<number> {
  const { concurrency, payloadBytes = 0, fanOut = FAN_OUT, workers = 1 } = setting;
  const { db, url, close } = await createMigrated(postgres, 'bench_sweep');
  try {
    await registerWebhooks(db, receivers, fanOut);
    const children = [];
    for (let n = 0; n < workers; n += 1) {
      children.push(await startWorkerProcess(built, { url, ...(concurrency === undefined ? {} : { concurrency }) }));
    }
    const most = payloadBytes === 0 ? sizes.deliveries : Math.min(sizes.deliveries, MOST_BYTES / payloadBytes);
    const events = Math.ceil(most / fanOut);
    const texts = payloads(events, payloadBytes);
    const perSecond: number[] = [];
    for (let round = 0; round <= sizes.rounds; round += 1) {
      await receivers.reset();
      await trigger(db, texts);
      const { ms } = await timed({}, () => untilRecorded(db, receivers, events * fanOut));
      if (round > 0) perSecond.push((events * fanOut) / (ms / 1000));
    }
    await allSucceeded(db);
    for (const child of children) await child.stop();
    return rounded(median(perSecond), 0);
  } finally {
    await close();
  }
}
