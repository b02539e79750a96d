import type { Command } from 'commander';
import {
  DATABASE_VARIABLES,
  EGRESS_VARIABLES,
  environmentHelp,
  NEEDS_DATABASE_URL,
  RECEIVER_VARIABLES,
  WORKER_VARIABLES,
} from '../environment-help.js';

const VARIABLES = [
  ...DATABASE_VARIABLES,
  ...EGRESS_VARIABLES,
  ...RECEIVER_VARIABLES,
  ...WORKER_VARIABLES,
  'LOG_LEVEL',
] as const;

/** `hookline worker`: deliveries alone; any number of them on one PostgreSQL. */
export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('Deliver alone. Needs PostgreSQL; any number of workers share one.')
    .addHelpText(
      'after',
      environmentHelp(
        VARIABLES,
        ['DATABASE_URL=postgres://hookline_login@localhost/app hookline worker'],
        NEEDS_DATABASE_URL,
      ),
    )
    .action(async () => (await import('../serve.js')).serve({ api: false, worker: true }));
}
