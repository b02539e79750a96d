import { Command } from 'commander';
import { VERSION } from '../observe/version.js';
import { argumentError } from './argument-error.js';
import { addApiCommand } from './commands/api.js';
import { addCleanupCommand } from './commands/cleanup.js';
import { addCompletionCommand } from './commands/completion.js';
import { addDeliveriesCommand } from './commands/deliveries.js';
import { addDemoCommand } from './commands/demo.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addEventsCommand } from './commands/events.js';
import { addGatewaySimCommand } from './commands/gateway-sim.js';
import { addKeysCommand } from './commands/keys.js';
import { addListenCommand } from './commands/listen.js';
import { addMigrateCommand } from './commands/migrate.js';
import { addPartitionCommand } from './commands/partition.js';
import { addPlanetscaleApiCommand } from './commands/planetscale-api.js';
import { addPlanetscaleGatewayCommand } from './commands/planetscale-gateway.js';
import { addReplayCommand } from './commands/replay.js';
import { addSchemaCommand } from './commands/schema.js';
import { addSecretsCommand } from './commands/secrets.js';
import { addStartCommand } from './commands/start.js';
import { addStatsCommand } from './commands/stats.js';
import { addTailCommand } from './commands/tail.js';
import { addTokenCommand } from './commands/token.js';
import { addTriggerCommand } from './commands/trigger.js';
import { addWebhooksCommand } from './commands/webhooks.js';
import { addWorkerCommand } from './commands/worker.js';

/** In the order of the help. */
const COMMANDS: readonly (readonly [heading: string, adding: readonly ((program: Command) => void)[]])[] = [
  [
    'Run it:',
    [
      addStartCommand,
      addApiCommand,
      addWorkerCommand,
      addMigrateCommand,
      addPartitionCommand,
      addCleanupCommand,
      addDoctorCommand,
      addSecretsCommand,
    ],
  ],
  [
    'Use a server:',
    [
      addWebhooksCommand,
      addEventsCommand,
      addDeliveriesCommand,
      addReplayCommand,
      addStatsCommand,
      addTokenCommand,
      addKeysCommand,
      addListenCommand,
      addTailCommand,
      addTriggerCommand,
    ],
  ],
  ['Change the schema of AI data:', [addSchemaCommand]],
  [
    'Develop:',
    [
      addDemoCommand,
      addGatewaySimCommand,
      addPlanetscaleGatewayCommand,
      addPlanetscaleApiCommand,
      addCompletionCommand,
    ],
  ],
];

/** The whole command line. */
export function createProgram(): Command {
  const program = new Command('hookline')
    .description('Webhooks in, webhooks out, on your own database.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', '\nSee it work first: hookline demo')
    .showHelpAfterError('(--help shows what there is)')
    .configureOutput({ outputError: (text, write) => write(argumentError(text)) })
    .exitOverride();
  // Commands load what they run when they run: the server's libraries take a second, which --help need not wait for.
  // They copy these settings from their parent as they are made.
  for (const [heading, adding] of COMMANDS) {
    program.commandsGroup(heading);
    for (const add of adding) add(program);
  }
  return program;
}
