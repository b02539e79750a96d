import type { Database } from '../../src/db/database.js';
import { ENDPOINTS } from '../contenders/contender.js';
import { median, rounded } from '../numbers.js';
import type { Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { CLIENTS, type TriggerBench, triggerBench } from '../stand/pgbench.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { payloads, registerWebhooks, trigger } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';

/** More than a worker beside the clients takes from the backlog in a second: it has to last for a window. */
const DRAINED_PER_SECOND = 8_000;
const WAITING = 'SELECT count(*)::int AS count FROM hookline.queue WHERE lease_id IS NULL';
const NO_NOTIFY = `CREATE OR REPLACE FUNCTION hookline.wake_worker() RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ SELECT NULL::void WHERE false $$`;

type Way = 'with NOTIFY' | 'without';

/** Transactions a second of 16 clients, each triggering one event, while a worker is busy: as it is, and with the NOTIFY taken out. */
export async function triggers({ built, postgres, receivers }: Stand, sizes: Sizes): Promise<Section> {
  const { db, url, close } = await createMigrated(postgres, 'bench_triggers');
  let direct: TriggerBench | undefined;
  try {
    const users = await registerWebhooks(db, receivers, ENDPOINTS);
    direct = await triggerBench(postgres, url, users);
    const asIs = await definition(db);
    const backlog = sizes.seconds * DRAINED_PER_SECOND;
    await fillBacklog(db, backlog);
    const child = await startWorkerProcess(built, { url });
    const perSecond: Record<Way, number[]> = { 'with NOTIFY': [], without: [] };
    for (let round = 0; round <= sizes.rounds; round += 1) {
      const ways: Way[] = round % 2 === 0 ? ['with NOTIFY', 'without'] : ['without', 'with NOTIFY'];
      for (const way of ways) {
        await fillBacklog(db, backlog);
        await db.query(way === 'without' ? NO_NOTIFY : asIs, []);
        const tps = await direct.run(sizes.seconds);
        if ((await waiting(db)) === 0) throw new Error('the backlog is gone: the worker was not busy all the time');
        if (round > 0) perSecond[way].push(tps);
      }
    }
    await child.stop();
    const ratios = perSecond['with NOTIFY'].map((tps, n) => tps / (perSecond.without[n] ?? Number.NaN));
    return {
      name: 'triggers',
      title: 'Triggering on a busy system',
      says:
        `pgbench, ${CLIENTS} clients, one trigger_webhook_event a transaction that reaches one webhook, ${sizes.seconds} s a round and way, in turning order, ` +
        'while a worker works off a backlog. "without": hookline.wake_worker does nothing.',
      rows: Object.entries(perSecond).map(([way, tps]) => ({
        way,
        'transactions/s': Math.round(median(tps)),
        rounds: tps.map(Math.round).join(' '),
      })),
      targets: [{ what: 'with NOTIFY over without', value: rounded(median(ratios)), atLeast: 0.9 }],
    };
  } finally {
    await direct?.remove();
    await close();
  }
}

async function definition(db: Database): Promise<string> {
  const { rows } = await db.query<{ text: string }>(
    "SELECT pg_get_functiondef('hookline.wake_worker()'::regprocedure) AS text",
    [],
  );
  return rows[0]?.text ?? '';
}

async function waiting(db: Database): Promise<number> {
  return (await db.query<{ count: number }>(WAITING, [])).rows[0]?.count ?? 0;
}

async function fillBacklog(db: Database, deliveries: number): Promise<void> {
  const missing = deliveries - (await waiting(db));
  if (missing > 0) await trigger(db, payloads(Math.ceil(missing / ENDPOINTS)));
}
