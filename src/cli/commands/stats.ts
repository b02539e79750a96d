import { type Command, Option } from 'commander';
import { wholeNumber } from '../numbers.js';
import { withServerOptions } from '../remote/define.js';
import { addUserOption, webhookId } from '../remote/options.js';

const MOST_HOURS = 840;
const MOST_DAYS = 3_660;

/** `hookline stats`: figures over all webhooks or of one, the queue, and for the service the workers. */
export function addStatsCommand(program: Command): void {
  withServerOptions(
    addUserOption(
      program
        .command('stats')
        .description(
          'Figures of the last hours: deliveries and response times, over all webhooks or of one, what waits, and with the service key the workers.',
        )
        .argument('[webhook]', 'of this webhook alone, by its id', webhookId)
        .option('--hours <n>', 'so many hours, this one included (24)', wholeNumber(1, MOST_HOURS))
        .addOption(
          new Option('--days <n>', 'so many days; over all webhooks 35 at most')
            .argParser(wholeNumber(1, MOST_DAYS))
            .conflicts('hours'),
        ),
      'of this user alone',
    ),
    ['hookline stats', 'hookline stats --user user_456 --days 7', 'hookline stats 8c3e… --days 30'],
  ).action(async (webhook, options, command) => {
    if (webhook !== undefined) {
      if (options.user !== undefined) command.error("error: a webhook is its owner's: leave out --user");
      return (await import('../remote/stats/webhook.js')).webhookStats(webhook, options);
    }
    if (options.days > MOST_HOURS / 24) command.error('error: over all webhooks --days takes 1 to 35');
    return (await import('../remote/stats/overall.js')).overallStats(options);
  });
}
