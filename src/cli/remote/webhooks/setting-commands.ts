import type { Command } from 'commander';
import { withServerOptions } from '../define.js';
import { addUserOption, eventTypes, webhookId } from '../options.js';
import { addSettingOptions, endpointUrl, webhookName } from './settings.js';

/** `webhooks create`, `edit`, `pause` and `activate`. Of the first two `--url` is the webhook's, and the server's is `--server`. */
export function addWebhookSettingCommands(webhooks: Command): void {
  withServerOptions(
    addSettingOptions(
      addUserOption(
        webhooks
          .command('create')
          .description('Create a webhook, and print its secret.')
          .requiredOption('--url <url>', 'where deliveries are posted', endpointUrl)
          .requiredOption('--name <name>', 'what it is called', webhookName)
          .option('--event <type...>', 'what it subscribes to', eventTypes)
          .option('--inactive', 'it gets no events until it is activated'),
        'whose it is',
      ),
    ),
    ['hookline webhooks create --url https://api.example.com/hooks --name Videos --event video.generated video.failed'],
    '--server',
  ).action(async (options) => (await import('./write.js')).createWebhook(options));

  withServerOptions(
    addSettingOptions(
      webhooks
        .command('edit')
        .description('Change what is given of a webhook. A changed URL is unverified again.')
        .argument('<webhook>', 'its id', webhookId)
        .option('--url <url>', 'where deliveries are posted', endpointUrl)
        .option('--name <name>', 'what it is called', webhookName),
    ),
    ['hookline webhooks edit 8c3e… --max-retries 5 --rate-limit 20'],
    '--server',
  ).action(async (id, options, command) => (await import('./write.js')).editWebhook(id, options, command));

  withServerOptions(
    webhooks
      .command('pause')
      .description('Make a webhook inactive: it gets no events until it is activated.')
      .argument('<webhook>', 'its id', webhookId),
    ['hookline webhooks pause 8c3e…'],
  ).action(async (id, options) => (await import('./write.js')).setActive(id, false, options));

  withServerOptions(
    webhooks
      .command('activate')
      .description('Make a webhook active, also one that was disabled because it failed for long.')
      .argument('<webhook>', 'its id', webhookId),
    ['hookline webhooks activate 8c3e…'],
  ).action(async (id, options) => (await import('./write.js')).setActive(id, true, options));
}
