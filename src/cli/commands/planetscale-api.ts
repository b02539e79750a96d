import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import { runUntilSignal } from '../../start/signals.js';
import { wholeNumber } from '../numbers.js';

const GENERATED_TOKEN_BYTES = 20;
const LONGEST_MS = 86_400_000;

interface PlanetscaleApiCommandOptions {
  readonly mysql: string;
  readonly host: string;
  readonly port: number;
  readonly organization: string;
  readonly database: string;
  readonly tokenId: string;
  readonly token?: string;
  readonly branchMs: number;
  readonly stepMs: number;
  readonly revertWindowMs: number;
  readonly administrators: number;
  readonly requireApproval?: boolean;
  readonly drop?: boolean;
  readonly logLevel: string;
}

/** `hookline planetscale-api`: a stand-in of PlanetScale's REST API in front of a MySQL or MariaDB, for development. */
export function addPlanetscaleApiCommand(program: Command): void {
  program
    .command('planetscale-api')
    .description(
      "Stand in for PlanetScale's REST API (branches, passwords, schemas, deploy requests) in front of a MySQL or MariaDB. For development and tests " +
        'alone: it is no PlanetScale, and it knows one service token, over plain HTTP.',
    )
    .addOption(
      new Option('--mysql <url>', 'production, the branch main: mysql://user:password@host:port/database')
        .env('HOOKLINE_PLANETSCALE_API_MYSQL')
        .makeOptionMandatory(),
    )
    .option('--port <n>', 'port to listen on, 0 for any free one', wholeNumber(0, 65_535), 3902)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--organization <name>', 'the organization in the paths', 'hookline')
    .option('--database <name>', 'the database in the paths', 'app')
    .option('--token-id <id>', 'the ID of the service token', 'dev')
    .addOption(
      new Option('--token <token>', 'and the token (default: a new one)').env('HOOKLINE_PLANETSCALE_API_TOKEN'),
    )
    .option('--branch-ms <n>', 'how long a new branch takes to be ready', wholeNumber(0, LONGEST_MS), 1_000)
    .option('--step-ms <n>', 'how long a deployment stays in each state', wholeNumber(0, LONGEST_MS), 500)
    .option('--revert-window-ms <n>', 'how long a deployment can be reverted', wholeNumber(0, LONGEST_MS), 30 * 60_000)
    .option(
      '--administrators <n>',
      'with more than one, nobody approves their own deploy request',
      wholeNumber(1, 1_000),
      1,
    )
    .option('--require-approval', 'deploy approved deploy requests alone')
    .option('--drop', 'drop branches and state at the end; without it the next start goes on with them')
    .addOption(
      new Option('--log-level <level>', 'what to log')
        .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
        .default('info')
        .env('LOG_LEVEL'),
    )
    .addHelpText('after', HELP)
    .action(planetscaleApi);
}

/** Serves until SIGTERM or SIGINT, then exits 0; what it knows stays in the database. */
async function planetscaleApi(options: PlanetscaleApiCommandOptions): Promise<void> {
  const { logLevel, branchMs, stepMs, drop = false, ...rest } = options;
  const token = options.token ?? `pscale_tkn_${randomBytes(GENERATED_TOKEN_BYTES).toString('hex')}`;
  const { createLogger } = await import('../../observe/log.js');
  const log = createLogger(logLevel);
  await runUntilSignal(async () => {
    const { startPlanetscaleApi } = await import('../../dev/planetscale-api/api.js');
    const api = await startPlanetscaleApi({ ...rest, token, delays: { branchMs, stepMs }, log });
    console.log(`HOOKLINE_PLANETSCALE_API=${api.url}`);
    console.log(`PLANETSCALE_ORG=${options.organization}`);
    console.log(`PLANETSCALE_DATABASE=${options.database}`);
    console.log(`PLANETSCALE_SERVICE_TOKEN_ID=${options.tokenId}`);
    console.log(`PLANETSCALE_SERVICE_TOKEN=${token}`);
    return { stop: () => api.close({ keep: !drop }) };
  }, log);
}

const HELP = `
Environment:
  HOOKLINE_PLANETSCALE_API_MYSQL  what --mysql takes; others see the command line
  HOOKLINE_PLANETSCALE_API_TOKEN  what --token takes
  LOG_LEVEL                       what --log-level takes

Examples:
  $ hookline planetscale-api --mysql mysql://root:secret@127.0.0.1:3306/app
  $ hookline planetscale-api --mysql mysql://root:secret@127.0.0.1:3306/app --token dev --step-ms 2000 --administrators 2 --require-approval

It prints the settings for hookline schema. The branch main is the database in the URL, with safe migrations; other branches are databases beside it,
app__ps_BRANCH, and what the API knows stands in app__ps_state. The user in the URL may make databases and users. A password's SQL goes through
a planetscale-gateway on a port of its own.

It is no PlanetScale. Deployments really alter the production database, online where the server can, else with writers waiting; a revert brings back the
schema, and not what stood in a column that was dropped. It knows one token, no backups, no sharding, and only the routes that Hookline uses.

Faults on demand, with the same token: POST /faults {"kind": "drop" | "hang" | "html" | "rate_limited" | "error" | "slow",
"match": "^POST .*/branches$", "times": 1, "when": "before" | "after", "status": 502, "retryAfter": 1, "code": "…", "message": "…", "ms": 500};
GET /faults tells what happened, DELETE /faults ends all.`;
