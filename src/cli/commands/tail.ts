import type { Command } from 'commander';
import { environmentHelp, REMOTE_VARIABLES } from '../environment-help.js';
import { wholeNumber } from '../numbers.js';
import { addConnectionOptions, type ConnectionOptions } from '../remote/connection.js';
import { addFilterOptions, type LiveFilter, queryOf, statusOption } from '../remote/live/filter.js';
import { untilSignal } from '../remote/live/until-signal.js';
import { withServer } from '../remote/run.js';

interface TailOptions extends ConnectionOptions, LiveFilter {
  readonly limit?: number;
}

/** `hookline tail`: deliveries as they are made and as they change. */
export function addTailCommand(program: Command): void {
  const command = program
    .command('tail')
    .description(
      'Show deliveries live, as they are made and as they change: your own, or with the service key everybody’s. Ends with Ctrl-C (exit code 0).',
    );
  addConnectionOptions(addFilterOptions(command))
    .addOption(statusOption())
    .option('--limit <n>', 'end after so many lines', wholeNumber(1, 1_000_000_000))
    .addHelpText(
      'after',
      environmentHelp(REMOTE_VARIABLES, [
        'hookline tail',
        'hookline tail --status failed --event video.generated',
        'hookline tail --user user_456 --json --limit 10',
      ]),
    )
    .action(tail);
}

async function tail(options: TailOptions): Promise<void> {
  const { limit, json = false } = options;
  await withServer(options, async ({ client }) => {
    const { runTail } = await import('../remote/live/tail.js');
    await untilSignal((stop) => runTail({ client, query: queryOf(options), limit, json }, stop));
  });
}
