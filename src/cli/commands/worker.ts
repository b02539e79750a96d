import type { Command } from 'commander';
import {
  DATABASE_VARIABLES,
  EGRESS_VARIABLES,
  environmentHelp,
  NEEDS_DATABASE_URL,
  RECEIVER_VARIABLES,
  SECRET_VARIABLES,
  WATCHED_VARIABLES,
  WORKER_VARIABLES,
} from '../environment-help.js';
import { wholeNumber } from '../numbers.js';
import { WORKERS, type WorkersOption } from '../workers-option.js';

const VARIABLES = [
  ...DATABASE_VARIABLES,
  ...EGRESS_VARIABLES,
  ...RECEIVER_VARIABLES,
  ...SECRET_VARIABLES,
  ...WORKER_VARIABLES,
  'HOST',
  ...WATCHED_VARIABLES,
  'LOG_LEVEL',
] as const;

/** `hookline worker`: deliveries alone; any number of them on one PostgreSQL. */
export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('Deliver alone. Needs PostgreSQL; any number of workers share one.')
    .option('--workers <n>', WORKERS, wholeNumber(1, 64))
    .addHelpText(
      'after',
      environmentHelp(
        VARIABLES,
        ['DATABASE_URL=postgres://hookline_login@localhost/app hookline worker'],
        NEEDS_DATABASE_URL,
      ),
    )
    .action(async (options: WorkersOption) =>
      (await import('../serve.js')).serve({ api: false, worker: true, ...options }),
    );
}
