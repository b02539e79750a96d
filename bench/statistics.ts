import type { Database } from '../src/db/database.js';
import { migrate } from '../src/db/migrate.js';
import { openPostgres } from '../src/db/pg.js';
import { asService, asUser } from '../src/db/roles.js';
import { startPostgres } from '../test/harness/services/postgres.js';
import { postgresServer } from '../test/harness/services/postgres-programs.js';
import { findOrInstall } from '../test/harness/services/provision.js';
import { addHistory, addNeighbours, addPending, newWebhook } from './history.js';
import { type Machine, machine, middle } from './machine.js';
import { nestedPlan } from './nested-plan.js';
import { buffersOf } from './plan.js';

const RUNS = 50;
const QUEUE = 1_000;
const BATCH = 10_000;
const NEIGHBOURS = 500;
const DAYS = [30, 365] as const;
const CLAIM =
  "SELECT * FROM hookline.lease_due(gen_random_uuid(), 500, 500, 1000000000, false, '{}', interval '30 seconds')";

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
      figures.push(await claimAt(db, history, pending));
      plans[`claim, ${history} ended, ${pending} pending`] = await nestedPlan(server.address, CLAIM, 'WITH due');
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
    return { ms: round(middle(times)), buffers: await buffersOf(tx, text) };
  });
  return { query: `get_webhook_statistics(…, ${days})`, history, pending: 0, ...measured };
}

/** A claim of 500, rolled back each time; the figures are those of the first one that meets these rows in a warm session. */
async function claimAt(db: Database, history: number, pending: number): Promise<Figures> {
  await rolledBack(db, (tx) => tx.query(CLAIM.replace('500, 500', '1, 1'), []));
  const buffers = await rolledBack(db, (tx) => buffersOf(tx, CLAIM));
  const times: number[] = [];
  for (let run = 0; run < 9; run += 1) {
    times.push(
      await rolledBack(db, async (tx) => {
        const began = performance.now();
        await tx.query(CLAIM, []);
        return performance.now() - began;
      }),
    );
  }
  return { query: 'hookline.lease_due, 500 rows', history, pending, ms: round(middle(times)), buffers };
}

async function rolledBack<T>(
  db: Database,
  fn: (tx: Parameters<Parameters<Database['transaction']>[0]>[0]) => Promise<T>,
): Promise<T> {
  let given: { value: T } | undefined;
  const undo = new Error('rolled back on purpose');
  await asService(db, async (tx) => {
    given = { value: await fn(tx) };
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  if (given === undefined) throw undo;
  return given.value;
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
  return round(one.buffers / first.buffers);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
