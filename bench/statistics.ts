import type { Database } from '../src/db/database.js';
import { migrate } from '../src/db/migrate.js';
import { openPostgres } from '../src/db/pg.js';
import { asService, asUser } from '../src/db/roles.js';
import { startPostgres } from '../test/harness/services/postgres.js';
import { postgresServer } from '../test/harness/services/postgres-programs.js';
import { findOrInstall } from '../test/harness/services/provision.js';
import { claimCost, claimOf } from './claim.js';
import { addHistory, addNeighbours, addPending, newWebhook } from './history.js';
import { type Machine, machine } from './machine.js';
import { nestedPlan } from './nested-plan.js';
import { median, rounded } from './numbers.js';
import { buffersOf } from './plan.js';

const RUNS = 50;
const QUEUE = 1_000;
const BATCH = 10_000;
const NEIGHBOURS = 500;
const DAYS = [30, 365] as const;
export interface StatisticsOptions {
  readonly small: number;
  readonly large: number;
  readonly json: boolean;
}

interface Figures {
  readonly query: string;
  readonly history: number;
  readonly pending: number;
  readonly ms: number;
  readonly buffers: number;
}

/** What statistics and a claim cost at two sizes of one webhook's history and queue, on a server of its own; prints figures and plans. */
export async function statistics(options: StatisticsOptions): Promise<void> {
  const server = await startPostgres((await findOrInstall(postgresServer)).bin, { durability: 'durable' });
  const db = openPostgres({ connectionString: server.address, poolSize: 1 });
  try {
    await migrate(db);
    await addNeighbours(db, NEIGHBOURS);
    const webhook = await newWebhook(db);
    const figures: Figures[] = [];
    const plans: Record<string, string> = {};
    const claims = async (history: number, pending: number) => {
      const { ms, buffers } = await claimCost(db, 500);
      figures.push({ query: 'hookline.lease_due, 500 rows', history, pending, ms, buffers });
      plans[`claim, ${history} ended, ${pending} pending`] = await nestedPlan(
        server.address,
        claimOf(500),
        'WITH turn AS',
      );
    };
    for (const history of [options.small, options.large]) {
      await addHistory(db, webhook.id, { deliveries: history - (figures.length === 0 ? 0 : options.small) });
      for (const days of DAYS) figures.push(await statisticsAt(db, webhook, history, days));
      const statement = `SELECT * FROM get_webhook_statistics('${webhook.id}', 30)`;
      plans[`statistics, ${history} ended`] = await nestedPlan(server.address, statement, 'statistics_daily');
      const waiting = await addPending(db, webhook.id, QUEUE);
      await claims(history, QUEUE);
      await forget(db, waiting);
    }
    for (let count = 0; count < options.large; count += BATCH) {
      await addPending(db, webhook.id, Math.min(BATCH, options.large - count));
    }
    await claims(options.large, options.large);
    const on = await machine(db);
    if (options.json) process.stdout.write(`${JSON.stringify({ machine: on, figures, plans }, null, 2)}\n`);
    else print(on, figures, plans);
  } finally {
    await db.close();
    await server.stop();
  }
}

async function statisticsAt(
  db: Database,
  webhook: { id: string; user: string },
  history: number,
  days: number,
): Promise<Figures> {
  const text = `SELECT * FROM get_webhook_statistics('${webhook.id}', ${days})`;
  const measured = await asUser(db, { sub: webhook.user, role: 'authenticated' }, async (tx) => {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const began = performance.now();
      await tx.query(text, []);
      times.push(performance.now() - began);
    }
    // The last, when the session knows the catalogue: its reads are not the query's.
    return { ms: rounded(median(times)), buffers: await buffersOf(tx, text) };
  });
  return { query: `get_webhook_statistics(…, ${days})`, history, pending: 0, ...measured };
}

async function forget(db: Database, ids: readonly string[]): Promise<void> {
  await asService(db, (tx) => tx.query('DELETE FROM webhook_deliveries WHERE id = ANY ($1::uuid[])', [ids]));
}

function print(on: Machine, figures: readonly Figures[], plans: Readonly<Record<string, string>>): void {
  console.info(
    'One webhook among others, 30 days, 8 event types; times are medians as the client sees them, buffers shared ones, hit or read.',
  );
  console.table(figures.map((one) => ({ ...one, ratio: ratio(one, figures) })));
  for (const [name, plan] of Object.entries(plans)) console.info(`\n${name}:\n${plan}`);
  console.table(on);
}

/** Against the first figures of the same query: the buffers of the larger one over those of the smaller. */
function ratio(one: Figures, all: readonly Figures[]): number {
  const first = all.find(({ query }) => query === one.query) ?? one;
  return rounded(one.buffers / first.buffers);
}
