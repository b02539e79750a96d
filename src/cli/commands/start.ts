import type { Command } from 'commander';
import {
  API_VARIABLES,
  DATABASE_VARIABLES,
  EGRESS_VARIABLES,
  EMBEDDED_VARIABLES,
  environmentHelp,
  RECEIVER_VARIABLES,
  WORKER_VARIABLES,
} from '../environment-help.js';

const VARIABLES = [
  ...DATABASE_VARIABLES,
  ...EMBEDDED_VARIABLES,
  ...API_VARIABLES,
  ...EGRESS_VARIABLES,
  ...RECEIVER_VARIABLES,
  ...WORKER_VARIABLES,
  'LOG_LEVEL',
] as const;

/** `hookline start`: API and worker in one process. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('Serve the API and deliver, in one process. Migrates the database first, where the login may.')
    .addHelpText(
      'after',
      environmentHelp(VARIABLES, [
        'hookline start',
        'DATABASE_URL=postgres://hookline_login@localhost/app hookline start',
      ]),
    )
    .action(async () => (await import('../serve.js')).serve({ api: true, worker: true }));
}
