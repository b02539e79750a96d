import type { Command } from 'commander';
import {
  API_VARIABLES,
  DATABASE_VARIABLES,
  EGRESS_VARIABLES,
  environmentHelp,
  NEEDS_DATABASE_URL,
  RECEIVER_VARIABLES,
  SECRET_VARIABLES,
  WATCHED_VARIABLES,
} from '../environment-help.js';

const VARIABLES = [
  ...DATABASE_VARIABLES,
  ...API_VARIABLES,
  ...EGRESS_VARIABLES,
  ...RECEIVER_VARIABLES,
  ...SECRET_VARIABLES,
  'REDIS_URL',
  ...WATCHED_VARIABLES,
  'LOG_LEVEL',
] as const;

/** `hookline api`: the HTTP server alone, beside workers on the same PostgreSQL. */
export function addApiCommand(program: Command): void {
  program
    .command('api')
    .description('Serve the API alone. Needs PostgreSQL, and a worker beside it.')
    .addHelpText(
      'after',
      environmentHelp(VARIABLES, ['DATABASE_URL=postgres://hookline_login@localhost/app PORT=80 hookline api'], {
        ...NEEDS_DATABASE_URL,
        REDIS_URL: 'Redis, in which servers count requests together (none)',
      }),
    )
    .action(async () => (await import('../serve.js')).serve({ api: true, worker: false }));
}
