import { setTimeout as sleep } from 'node:timers/promises';
import { randomExponential, randomLcg } from 'd3-random';
import { ENDPOINTS } from '../contenders/contender.js';
import { quantile } from '../numbers.js';
import { clock } from '../stand/clock.js';
import { createMigrated, type Migrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { timed } from '../stand/timed.js';
import { payloads, registerWebhooks, TRIGGER_ONE, trigger, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';

export const SEED = 1;

/** So many deliveries a worker makes first, as those did whose costs were measured: in its first ones it costs twice as much. */
const WARMING = 10_000;

/** What is run for real and in the simulation: one worker, all on this machine. */
export interface Point {
  readonly name: string;
  readonly webhooks: number;
  readonly backlog: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Of the endpoints; 0: they answer at once. */
  readonly latencyMs: number;
}

export interface Figures {
  readonly perSecond: number;
  readonly drainedMs: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU time in microseconds for a delivery. */
  readonly workerUs: number;
  readonly postgresUs: number;
}

/** Runs a point for real. */
export async function reality({ built, postgres, receivers }: Stand, point: Point): Promise<Figures> {
  const site = await createMigrated(postgres, 'bench_simulation');
  try {
    const { db, url } = site;
    const base = point.latencyMs === 0 ? receivers.url('') : receivers.lateUrl(point.latencyMs);
    await receivers.reset();
    await registerWebhooks(db, receivers, ENDPOINTS);
    const child = await startWorkerProcess(built, { url });
    await trigger(db, payloads(WARMING / ENDPOINTS));
    await untilRecorded(db, receivers, WARMING);
    await db.query('DELETE FROM webhooks', []);
    const users = await registerWebhooks(db, receivers, point.webhooks, base);
    await db.query('VACUUM ANALYZE', []);
    await receivers.reset(true);
    const { backlog, perSecond, seconds } = point;
    const deliveries = backlog > 0 ? backlog : Math.round(perSecond * seconds);
    if (backlog > 0) await trigger(db, payloads(backlog / point.webhooks));
    const from = clock();
    let committed: ReadonlyMap<string, readonly number[]> = new Map();
    const { ms: drainedMs, cpuMs } = await timed({ worker: child.pid, postgres: postgres.pid }, async () => {
      if (backlog === 0) committed = await oneByOne(site, users, point, deliveries);
      await untilRecorded(db, receivers, deliveries);
    });
    const waits = [...(await receivers.times())].flatMap(([at, times]) =>
      times.map((time, nth) => Math.max(0, time - (committed.get(at)?.[nth] ?? from))),
    );
    await child.stop();
    const each = (used = Number.NaN) => (used * 1000) / deliveries;
    return {
      perSecond: deliveries / (drainedMs / 1000),
      drainedMs,
      p50: quantile(waits, 0.5),
      p99: quantile(waits, 0.99),
      workerUs: each(cpuMs['worker']),
      postgresUs: each(cpuMs['postgres']),
    };
  } finally {
    await site.close();
  }
}

/** Events at times of chance; gives when each was committed, by the URL that it goes to. */
async function oneByOne(
  { db }: Migrated,
  users: readonly string[],
  { perSecond }: Point,
  events: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const pause = randomExponential.source(randomLcg(SEED))(perSecond / 1000);
  const committed = new Map<string, number[]>();
  const [payload = ''] = payloads(1);
  const triggering: Promise<void>[] = [];
  let due = clock();
  for (let n = 0; n < events; n += 1) {
    due += pause();
    const early = due - clock();
    if (early >= 1) await sleep(early);
    triggering.push(
      db.query<{ webhook_url: string }>(TRIGGER_ONE, [payload, users[n % users.length] ?? '']).then(({ rows }) => {
        const url = rows[0]?.webhook_url ?? '';
        committed.set(url, [...(committed.get(url) ?? []), clock()]);
      }),
    );
  }
  await Promise.all(triggering);
  return committed;
}
