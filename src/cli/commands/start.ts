import type { Command } from 'commander';
import {
  API_VARIABLES,
  DATABASE_VARIABLES,
  EGRESS_VARIABLES,
  EMBEDDED_VARIABLES,
  environmentHelp,
  RECEIVER_VARIABLES,
  SECRET_VARIABLES,
  WATCHED_VARIABLES,
  WORKER_VARIABLES,
} from '../environment-help.js';
import { wholeNumber } from '../numbers.js';
import { WORKERS, type WorkersOption } from '../workers-option.js';

const VARIABLES = [
  ...DATABASE_VARIABLES,
  ...EMBEDDED_VARIABLES,
  ...API_VARIABLES,
  ...EGRESS_VARIABLES,
  ...RECEIVER_VARIABLES,
  ...SECRET_VARIABLES,
  ...WORKER_VARIABLES,
  ...WATCHED_VARIABLES,
  'LOG_LEVEL',
] as const;

/** `hookline start`: API and worker in one process. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('Serve the API and deliver, in one process. Migrates the database first, where the login may.')
    .option('--workers <n>', WORKERS, wholeNumber(1, 64))
    .addHelpText(
      'after',
      environmentHelp(VARIABLES, [
        'hookline start',
        'DATABASE_URL=postgres://hookline_login@localhost/app hookline start',
      ]),
    )
    .action(async (options: WorkersOption) =>
      (await import('../serve.js')).serve({ api: true, worker: true, ...options }),
    );
}
