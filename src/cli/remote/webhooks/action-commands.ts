import { type Command, Option } from 'commander';
import { addYesOption } from '../confirm.js';
import { withServerOptions } from '../define.js';
import { duration, eventType, webhookId } from '../options.js';

const THIRTY_DAYS_S = 2_592_000;

/** What is done with one webhook beside changing its settings: `webhooks test`, `verify`, `headers`, `secret`, `rotate-secret` and `end-overlap`. */
export function addWebhookActionCommands(webhooks: Command): void {
  withServerOptions(
    webhooks
      .command('test')
      .description('Send a test event to a webhook, and wait for its answer.')
      .argument('<webhook>', 'its id', webhookId)
      .option('--event <type>', 'of this type (webhook.test)', eventType)
      .option('--data <json>', 'its payload: an object, or @file')
      .option('--no-wait', 'do not wait'),
    ['hookline webhooks test 8c3e…', 'hookline webhooks test 8c3e… --event video.generated --data @video.json'],
  ).action(async (id, options) => (await import('./trial.js')).testWebhook(id, options));

  withServerOptions(
    webhooks
      .command('verify')
      .description('Have the URL of a webhook verified, and wait for what comes of it.')
      .argument('<webhook>', 'its id', webhookId)
      .option('--no-wait', 'do not wait'),
    ['hookline webhooks verify 8c3e…'],
  ).action(async (id, options) => (await import('./trial.js')).verifyWebhook(id, options));

  withServerOptions(
    webhooks
      .command('headers')
      .description('Name the custom headers of a webhook, or set them. Nobody reads their values again.')
      .argument('<webhook>', 'its id', webhookId)
      .option('--set <@file>', 'in place of those that there are: a JSON object in a file, @- for standard input')
      .addOption(new Option('--clear', 'take them away').conflicts('set')),
    ['hookline webhooks headers 8c3e…', 'hookline webhooks headers 8c3e… --set @headers.json'],
  ).action(async (id, options, command) => (await import('./headers.js')).webhookHeaders(id, options, command));

  withServerOptions(
    webhooks
      .command('secret')
      .description('Print the secret of a webhook, and nothing else.')
      .argument('<webhook>', 'its id', webhookId),
    ['hookline webhooks secret 8c3e… | wl-copy'],
  ).action(async (id, options) => (await import('./secret.js')).showSecret(id, options));

  withServerOptions(
    addYesOption(
      webhooks
        .command('rotate-secret')
        .description('Make a new secret for a webhook, and print it. The old one signs beside it for a day.')
        .argument('<webhook>', 'its id', webhookId)
        .option(
          '--overlap <time>',
          'how long the old one signs beside it (24h)',
          duration(0, THIRTY_DAYS_S, '0 to 30d'),
        ),
    ),
    ['hookline webhooks rotate-secret 8c3e… --overlap 7d'],
  ).action(async (id, options, command) => (await import('./secret.js')).rotateSecret(id, options, command));

  withServerOptions(
    addYesOption(
      webhooks
        .command('end-overlap')
        .description('End the overlap of a rotation: the current secret alone signs.')
        .argument('<webhook>', 'its id', webhookId),
    ),
    ['hookline webhooks end-overlap 8c3e…'],
  ).action(async (id, options, command) => (await import('./secret.js')).endOverlap(id, options, command));
}
