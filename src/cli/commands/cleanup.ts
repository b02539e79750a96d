import type { Command } from 'commander';
import type { CleanupOptions } from '../cleanup.js';
import { EMBEDDED_VARIABLES, environmentHelp } from '../environment-help.js';
import { wholeNumber } from '../numbers.js';

const DEFAULT_BATCH = 1_000;
const LARGEST_BATCH = 100_000;

/** `hookline cleanup`: retention by hand, which the worker otherwise runs every hour. */
export function addCleanupCommand(program: Command): void {
  program
    .command('cleanup')
    .description(
      'Remove deliveries, events and entries of the audit log that are past their age, as the worker does every hour. The ages stand in the table ' +
        'hookline.settings: successful_retention (90 days), failed_retention (30 days) and audit_retention_days (400).',
    )
    .option('--dry-run', 'only count what would be removed')
    .option('--batch <n>', 'rows of each kind in one transaction', wholeNumber(1, LARGEST_BATCH), DEFAULT_BATCH)
    .option('--json', 'print the result as JSON, and no progress')
    .addHelpText(
      'after',
      environmentHelp(
        ['DATABASE_URL', ...EMBEDDED_VARIABLES],
        [
          'hookline cleanup --dry-run',
          'DATABASE_URL=postgres://hookline_login@localhost/app hookline cleanup --batch 5000',
          'hookline cleanup --json',
        ],
      ),
    )
    .action(async (options: CleanupOptions) => (await import('../cleanup.js')).cleanup(options));
}
