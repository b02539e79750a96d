import { ENDPOINTS } from '../contenders/contender.js';
import { rounded } from '../numbers.js';
import type { Row, Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { payloads, registerWebhooks, trigger, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';

const STEPS = 10;
const CHUNK = 10_000;
const MIB = 2 ** 20;

export interface Memory {
  readonly heapUsed: number;
  readonly rss: number;
}

/** The worker's memory as deliveries pass, each time after all is recorded and garbage is collected. */
export async function soak({ built, postgres, receivers }: Stand, sizes: Sizes): Promise<Section> {
  const { db, url, close } = await createMigrated(postgres, 'bench_soak');
  try {
    await registerWebhooks(db, receivers, ENDPOINTS);
    const child = await startWorkerProcess(built, { url }, ['--expose-gc']);
    const step = CHUNK * Math.ceil(sizes.soak / STEPS / CHUNK);
    const points: number[] = [];
    const curve: Memory[] = [];
    const began = performance.now();
    for (let done = step; done <= step * STEPS; done += step) {
      await pass({ db, receivers }, step);
      points.push(done);
      curve.push(await child.call<Memory>('memory'));
    }
    const seconds = (performance.now() - began) / 1000;
    await child.stop();
    const heap = curve.map(({ heapUsed }) => rounded(heapUsed / MIB));
    const rss = curve.map((one) => rounded(one.rss / MIB, 1));
    return {
      name: 'soak',
      title: `Memory of a worker over ${step * STEPS} deliveries`,
      says:
        `One worker process, ${ENDPOINTS} endpoints, ${Math.round((step * STEPS) / seconds)} deliveries/s over all while as many are triggered at the same ` +
        'time. MiB, each time when all is recorded and after a full garbage collection.',
      rows: points.map((deliveries, n): Row => ({ deliveries, heapUsed: heap[n] ?? 0, RSS: rss[n] ?? 0 })),
      targets: [
        { what: `heapUsed at ${points.at(-1)} over at ${points[0]}`, value: over(heap), atMost: 1.1 },
        { what: `RSS at ${points.at(-1)} over at ${points[0]}`, value: over(rss), atMost: 1.25 },
      ],
      plots: [
        {
          name: 'soak',
          title: 'Memory of a worker',
          x: { name: 'deliveries', points },
          y: 'MiB',
          lines: [
            { name: 'RSS', values: rss },
            { name: 'heapUsed', values: heap },
          ],
        },
      ],
    };
  } finally {
    await close();
  }
}

/** Makes so many deliveries; the next chunk is triggered while one is delivered. */
async function pass(
  { db, receivers }: { db: Parameters<typeof trigger>[0]; receivers: Stand['receivers'] },
  deliveries: number,
): Promise<void> {
  await receivers.reset();
  const texts = payloads(CHUNK / ENDPOINTS);
  for (let released = 0; released < deliveries; released += CHUNK) {
    await receivers.until(Math.max(0, released - CHUNK));
    await trigger(db, texts);
  }
  await untilRecorded(db, receivers, deliveries);
}

function over(values: readonly number[]): number {
  return rounded((values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN));
}
