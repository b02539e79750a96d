import { migrate } from '../src/db/migrate.js';
import { openPostgres } from '../src/db/pg.js';
import { startPostgres } from '../test/harness/services/postgres.js';
import { postgresServer } from '../test/harness/services/postgres-programs.js';
import { findOrInstall } from '../test/harness/services/provision.js';
import { ceiling } from './ceiling.js';
import { type Machine, machine, middle } from './machine.js';
import { startReceivers } from './receivers.js';
import { registerWebhooks, worker } from './worker.js';

const ENDPOINTS = 10;

export interface DeliveriesOptions {
  readonly rounds: number;
  readonly deliveries: number;
  readonly json: boolean;
}

/** Deliveries per second, side by side with the ceiling in one run; prints each round and the medians. */
export async function deliveries(options: DeliveriesOptions): Promise<void> {
  const server = await startPostgres((await findOrInstall(postgresServer)).bin, { durability: 'durable' });
  const receivers = await startReceivers(ENDPOINTS);
  const db = openPostgres({ connectionString: server.address });
  try {
    await migrate(db);
    await registerWebhooks(db, receivers.urls);
    const rounds: { ceiling: number; worker: number; ratio: number }[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      const most = await ceiling(receivers.urls, options.deliveries);
      const ours = await worker(db, receivers.urls, options.deliveries);
      rounds.push({ ceiling: Math.round(most), worker: Math.round(ours), ratio: Number((ours / most).toFixed(3)) });
    }
    const median = {
      ceiling: middle(rounds.map((round) => round.ceiling)),
      worker: middle(rounds.map((round) => round.worker)),
      ratio: middle(rounds.map((round) => round.ratio)),
    };
    const on = await machine(db);
    if (options.json) process.stdout.write(`${JSON.stringify({ machine: on, rounds, median }, null, 2)}\n`);
    else print(options, on, rounds, median);
  } finally {
    await db.close();
    await receivers.stop();
    await server.stop();
  }
}

function print(options: DeliveriesOptions, on: Machine, rounds: readonly object[], median: object): void {
  console.info(`${ENDPOINTS} endpoints, ${options.deliveries} deliveries a round; deliveries per second.`);
  console.info(
    'ceiling: undici request alone, 64 at a time, signed, nothing stored. worker: one worker process on PostgreSQL.',
  );
  console.table([...rounds.map((round, n) => ({ round: String(n + 1), ...round })), { round: 'median', ...median }]);
  console.table(on);
}
