import { cpus, totalmem } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { migrate } from '../src/db/migrate.js';
import { openPostgres } from '../src/db/pg.js';
import { startPostgres } from '../test/harness/services/postgres.js';
import { postgresServer } from '../test/harness/services/postgres-programs.js';
import { findOrInstall } from '../test/harness/services/provision.js';
import { ceiling } from './ceiling.js';
import { startReceivers } from './receivers.js';
import { registerWebhooks, worker } from './worker.js';

const ENDPOINTS = 10;

interface Options {
  readonly rounds: number;
  readonly deliveries: number;
  readonly json: boolean;
}

const options = new Command('bench')
  .description('Deliveries per second, side by side with the ceiling in one run; medians of the rounds.')
  .option('--rounds <n>', 'rounds', positive, 3)
  .option('--deliveries <n>', 'deliveries a round', positive, 10_000)
  .option('--json', 'print JSON', false)
  .parse()
  .opts<Options>();

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
  const { rows } = await db.query<{ version: string }>("SELECT current_setting('server_version') AS version", []);
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: rows[0]?.version ?? 'unknown',
  };
  const median = {
    ceiling: middle(rounds.map((round) => round.ceiling)),
    worker: middle(rounds.map((round) => round.worker)),
    ratio: middle(rounds.map((round) => round.ratio)),
  };
  if (options.json) process.stdout.write(`${JSON.stringify({ machine, rounds, median }, null, 2)}\n`);
  else print(machine, rounds, median);
} finally {
  await db.close();
  await receivers.stop();
  await server.stop();
}

function print(machine: object, rounds: readonly object[], median: object): void {
  console.info(`${ENDPOINTS} endpoints, ${options.deliveries} deliveries a round; deliveries per second.`);
  console.info(
    'ceiling: undici request alone, 64 at a time, signed, nothing stored. worker: one worker process on PostgreSQL.',
  );
  console.table([...rounds.map((round, n) => ({ round: String(n + 1), ...round })), { round: 'median', ...median }]);
  console.table(machine);
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}
