import { setTimeout as sleep } from 'node:timers/promises';
import { ENDPOINTS } from '../contenders/contender.js';
import { quantile, rounded } from '../numbers.js';
import type { Row, Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { clock } from '../stand/clock.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { payloads, registerWebhooks, TRIGGER_ONE, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';

const WARM_UP = 20;
/** Between an event that is recorded and the next: of no fixed length, so that it falls into no step with a timer. */
const LEAST_PAUSE_MS = 40;
const MORE_PAUSE_MS = 60;

/** From the commit of a single event to the first byte at its receiver, on an idle system. */
export async function latency({ built, postgres, receivers }: Stand, sizes: Sizes): Promise<Section> {
  const { db, url, close } = await createMigrated(postgres, 'bench_latency');
  try {
    const users = await registerWebhooks(db, receivers, ENDPOINTS);
    const child = await startWorkerProcess(built, { url });
    const fromCommit: number[] = [];
    const fromSent: number[] = [];
    for (let n = 0; n < WARM_UP + sizes.events; n += 1) {
      await receivers.reset();
      await sleep(LEAST_PAUSE_MS + Math.random() * MORE_PAUSE_MS);
      const sent = await db.transaction(async (tx) => {
        await tx.query(TRIGGER_ONE, [payloads(1)[0] ?? '', users[n % users.length] ?? '']);
        return clock();
      });
      const committed = clock();
      const arrived = await receivers.until(1);
      if (n >= WARM_UP) {
        fromCommit.push(arrived - committed);
        fromSent.push(arrived - sent);
      }
      await untilRecorded(db, receivers, 1);
    }
    await child.stop();
    return {
      name: 'latency',
      title: 'From an event to its receiver, on an idle system',
      says:
        `${sizes.events} single events, one after another, each when the worker is idle again. The clock starts when the application is told of its ` +
        "commit, or when it sends COMMIT, and stops when the request's header has arrived. All on one machine and one clock.",
      rows: [row('COMMIT answered → first byte', fromCommit), row('COMMIT sent → first byte', fromSent)],
      targets: [
        { what: 'committed → first byte, p50', value: rounded(quantile(fromCommit, 0.5)), atMost: 5, unit: 'ms' },
        { what: 'committed → first byte, p99', value: rounded(quantile(fromCommit, 0.99)), atMost: 20, unit: 'ms' },
      ],
    };
  } finally {
    await close();
  }
}

function row(what: string, values: readonly number[]): Row {
  const at = (share: number): number => rounded(quantile(values, share));
  return {
    'milliseconds from': what,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    longest: rounded(Math.max(...values)),
  };
}
