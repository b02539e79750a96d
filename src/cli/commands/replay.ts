import { type Command, Option } from 'commander';
import { wholeNumber } from '../numbers.js';
import { addYesOption } from '../remote/confirm.js';
import { addGroup, withServerOptions } from '../remote/define.js';
import { addListOptions } from '../remote/list-options.js';
import { addUserOption, idOf, pointInTime, webhookId } from '../remote/options.js';

const replayId = idOf('a replay', 'hookline replay list shows it');

/** `hookline replay`: ended deliveries of a webhook once more. */
export function addReplayCommand(program: Command): void {
  const replay = addGroup(program, 'replay', 'Send ended deliveries of a webhook again, as new ones.', [
    'hookline replay 8c3e… --since 2026-01-31T12:00:00Z --until 2026-01-31T14:00:00Z --dry-run',
    'hookline replay 8c3e… --since 24h --rate 20',
    'hookline replay cancel 1f0a…',
  ]);

  withServerOptions(
    addYesOption(
      replay
        .command('start', { isDefault: true })
        .description('Count them, ask, begin, and show how far it is. `start` may be left out.')
        .argument('<webhook>', 'its id', webhookId)
        .requiredOption('--since <time>', 'made then or later: a time, a day, or how long ago as 24h', pointInTime)
        .option('--until <time>', 'made then or earlier (now)', pointInTime)
        .addOption(
          new Option('--status <status>', 'failed ones, or all that have ended')
            .choices(['failed', 'all'])
            .default('failed'),
        )
        .option('--rate <n>', 'so many a second', wholeNumber(1, 1_000), 100)
        .option('--dry-run', 'only count them')
        .option('--no-wait', 'begin it, and do not wait'),
    ),
    ['hookline replay 8c3e… --since 24h --dry-run', 'hookline replay 8c3e… --since 24h --rate 20'],
  ).action(async (id, options, command) =>
    (await import('../remote/replay/start.js')).startReplay(id, options, command),
  );

  withServerOptions(
    addListOptions(
      addUserOption(
        replay
          .command('list')
          .description("List replays, the newest first: of your webhooks, with the service key everybody's.")
          .addOption(
            new Option('--state <state>', 'that stand so').choices(['running', 'completed', 'cancelled', 'expired']),
          )
          .option('--webhook <id>', 'of this webhook alone', webhookId),
        'of this user alone',
      ),
    ),
    ['hookline replay list --state running'],
  ).action(async (options, command) => (await import('../remote/replay/read.js')).listReplays(options, command));

  withServerOptions(
    replay
      .command('show')
      .description('Show a replay, or wait for its end.')
      .argument('<replay>', 'its id', replayId)
      .option('--wait', 'show how far it is, until it ends'),
    ['hookline replay show 1f0a… --wait'],
  ).action(async (id, options) => (await import('../remote/replay/read.js')).showReplay(id, options));

  withServerOptions(
    replay
      .command('cancel')
      .description('End a replay. What it has made is sent; the rest is not.')
      .argument('<replay>', 'its id', replayId),
    ['hookline replay cancel 1f0a…'],
  ).action(async (id, options) => (await import('../remote/replay/cancel.js')).cancelReplay(id, options));
}
