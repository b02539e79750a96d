import { type Command, InvalidArgumentError, Option } from 'commander';
import { addGroup, withServerOptions } from '../remote/define.js';
import { addListOptions } from '../remote/list-options.js';
import {
  addUserOption,
  DELIVERY_STATUSES,
  deliveryId,
  eventId,
  eventType,
  pointInTime,
  webhookId,
} from '../remote/options.js';

/** `hookline deliveries`: what was sent, and what was answered. */
export function addDeliveriesCommand(program: Command): void {
  const deliveries = addGroup(program, 'deliveries', 'See deliveries of a server, and send failed ones again.', [
    'hookline deliveries list --status failed --since 24h',
    'hookline deliveries show 8c3e…',
    'hookline deliveries retry 8c3e…',
  ]);

  withServerOptions(
    addListOptions(
      addUserOption(
        deliveries
          .command('list')
          .description("List deliveries, the newest first: your own, with the service key everybody's.")
          .addOption(new Option('--status <status>', 'that stand so').choices(DELIVERY_STATUSES))
          .option('--webhook <id>', 'of this webhook', webhookId)
          .option('--event <type>', 'of this event type', eventType)
          .option('--event-id <id>', 'that this event made, without replays', eventId)
          .option('--response <status>', 'latest answer: a status as 404, a class as 5xx, or none', responseStatus)
          .option('--since <time>', 'made then or later: a time, a day, or how long ago as 24h', pointInTime)
          .option('--until <time>', 'made then or earlier', pointInTime),
        'of this user alone',
      ),
    ),
    [
      'hookline deliveries list --status failed --response 5xx --since 24h',
      'hookline deliveries list --webhook 8c3e… --all --json > deliveries.json',
    ],
  ).action(async (options) => (await import('../remote/deliveries/list.js')).listDeliveries(options));

  withServerOptions(
    deliveries
      .command('show')
      .description('Show a delivery: what was sent, what was answered, and each attempt.')
      .argument('<delivery>', 'its id', deliveryId),
    ['hookline deliveries show 8c3e…', 'hookline deliveries show 8c3e… --json | jq .response_body'],
  ).action(async (id, options) => (await import('../remote/deliveries/show.js')).showDelivery(id, options));

  withServerOptions(
    deliveries
      .command('retry')
      .description('Give failed deliveries another attempt. Many at once are sent again by hookline replay.')
      .argument('<deliveries...>', 'their ids', (text: string, before: readonly string[] | undefined) => [
        ...(before ?? []),
        deliveryId(text),
      ]),
    ['hookline deliveries retry 8c3e…'],
  ).action(async (ids, options) => (await import('../remote/deliveries/retry.js')).retryDeliveries(ids, options));
}

function responseStatus(text: string): string {
  if (/^([1-5]([0-9]{2}|xx)|none)$/.test(text)) return text;
  throw new InvalidArgumentError('It takes a status such as 404, a class such as 5xx, or none.');
}
