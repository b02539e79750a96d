import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import { runUntilSignal } from '../../start/signals.js';
import { wholeNumber } from '../numbers.js';

const GENERATED_PASSWORD_BYTES = 12;

interface PlanetscaleGatewayCommandOptions {
  readonly mysql: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly safeMigrations?: boolean;
  readonly logLevel: string;
}

/** `hookline planetscale-gateway`: PlanetScale's HTTP protocol in front of a MySQL or MariaDB, for development. */
export function addPlanetscaleGatewayCommand(program: Command): void {
  program
    .command('planetscale-gateway')
    .description(
      "Speak PlanetScale's HTTP protocol in front of a MySQL or MariaDB, so that @planetscale/database runs against it as it is. For development " +
        'and tests alone: it is no PlanetScale, and it knows one user, over plain HTTP.',
    )
    .addOption(
      new Option('--mysql <url>', 'the database behind it: mysql://user:password@host:port/database')
        .env('HOOKLINE_GATEWAY_MYSQL')
        .makeOptionMandatory(),
    )
    .option('--port <n>', 'port to listen on, 0 for any free one', wholeNumber(0, 65_535), 3900)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--user <name>', 'what clients log in with', 'hookline')
    .addOption(
      new Option('--password <password>', 'and their password (default: a new one)').env('HOOKLINE_GATEWAY_PASSWORD'),
    )
    .option('--safe-migrations', 'refuse DDL, as a branch with safe migrations does')
    .addOption(
      new Option('--log-level <level>', 'what to log; debug has a line for each statement, without its text')
        .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
        .default('info')
        .env('LOG_LEVEL'),
    )
    .addHelpText('after', HELP)
    .action(planetscaleGateway);
}

/** Serves until SIGTERM or SIGINT, then rolls back what is open and exits 0. */
async function planetscaleGateway(options: PlanetscaleGatewayCommandOptions): Promise<void> {
  const { logLevel, password = randomBytes(GENERATED_PASSWORD_BYTES).toString('hex'), ...rest } = options;
  const { createLogger } = await import('../../observe/log.js');
  const log = createLogger(logLevel);
  await runUntilSignal(async () => {
    const { startPlanetscaleGateway } = await import('../../dev/planetscale-gateway/gateway.js');
    const gateway = await startPlanetscaleGateway({ ...rest, password, log });
    console.log(`DATABASE_URL=${gateway.url}`);
    return { stop: () => gateway.close() };
  }, log);
}

const HELP = `
Environment:
  HOOKLINE_GATEWAY_MYSQL     what --mysql takes; others see the command line
  HOOKLINE_GATEWAY_PASSWORD  what --password takes
  LOG_LEVEL                  what --log-level takes

Examples:
  $ hookline planetscale-gateway --mysql mysql://root:secret@127.0.0.1:3306/app
  $ hookline planetscale-gateway --mysql mysql://root:secret@127.0.0.1:3306/app --port 3900 --user dev --password dev --safe-migrations

It prints the DATABASE_URL for connect({ url: process.env.DATABASE_URL }). PlanetScale's limits hold: 100,000 rows and 64 MiB a query, 30 s a
statement, 20 s a transaction; errors come in Vitess's words. What differs: the SQL is that of the database behind it, and integers that
are no columns (SELECT 1) have MariaDB's type, INT32.

Faults on demand, with the same user and password: POST /faults {"kind": "drop" | "hang" | "empty" | "html" | "error" | "slow",
"match": "^insert", "times": 1, "when": "before" | "after", "status": 502, "code": "Aborted" | "ResourceExhausted" | "Unavailable", "ms": 500};
GET /faults tells what happened, DELETE /faults ends all.`;
