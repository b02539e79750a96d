import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { tolerateBrokenPipes } from './broken-pipe.js';
import { addApiCommand } from './commands/api.js';
import { addCleanupCommand } from './commands/cleanup.js';
import { addDemoCommand } from './commands/demo.js';
import { addGatewaySimCommand } from './commands/gateway-sim.js';
import { addMigrateCommand } from './commands/migrate.js';
import { addPlanetscaleApiCommand } from './commands/planetscale-api.js';
import { addPlanetscaleGatewayCommand } from './commands/planetscale-gateway.js';
import { addSchemaCommand } from './commands/schema.js';
import { addStartCommand } from './commands/start.js';
import { addWorkerCommand } from './commands/worker.js';
import { printError } from './print-error.js';

const FAILED = 1;
const WRONG_USAGE = 2;

function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

function createProgram(): Command {
  const program = new Command('hookline')
    .description('Webhooks in, webhooks out, on your own database.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', '\nSee it work first: hookline demo')
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();
  // Commands load what they run when they run: the server's libraries take a second, which --help need not wait for.
  // They copy these settings from their parent as they are made.
  for (const add of [
    addStartCommand,
    addApiCommand,
    addWorkerCommand,
    addMigrateCommand,
    addCleanupCommand,
    addSchemaCommand,
    addDemoCommand,
    addGatewaySimCommand,
    addPlanetscaleGatewayCommand,
    addPlanetscaleApiCommand,
  ]) {
    add(program);
  }
  return program;
}

/** Runs the command line; gives the exit code: 0, 1 when the command failed, 2 when it was called wrongly. */
async function run(): Promise<number> {
  try {
    await createProgram().parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    printError(error);
    return FAILED;
  }
}

tolerateBrokenPipes();
process.exitCode = await run();
