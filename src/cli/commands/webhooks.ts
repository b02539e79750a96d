import { type Command, Option } from 'commander';
import { addYesOption } from '../remote/confirm.js';
import { addGroup, withServerOptions } from '../remote/define.js';
import { addListOptions } from '../remote/list-options.js';
import { addUserOption, CONDITIONS, eventType, webhookId } from '../remote/options.js';
import { addWebhookActionCommands } from '../remote/webhooks/action-commands.js';
import { addWebhookSettingCommands } from '../remote/webhooks/setting-commands.js';
import { addSubscriptionCommands } from '../remote/webhooks/subscription-commands.js';

/** `hookline webhooks`: webhooks of a server, over its REST API. */
export function addWebhooksCommand(program: Command): void {
  const webhooks = addGroup(program, 'webhooks', 'See and change the webhooks of a server.', [
    'hookline webhooks list --condition failing',
    'hookline webhooks create --url https://api.example.com/hooks --name Videos --event video.generated',
    'hookline webhooks test 8c3e…',
  ]);

  withServerOptions(
    addListOptions(
      addUserOption(webhooks.command('list'), 'of this user alone')
        .description("List webhooks, the newest first: your own, with the service key everybody's.")
        .option('--event <type>', 'that subscribe to it', eventType)
        .addOption(new Option('--condition <condition>', 'how they stand').choices(CONDITIONS))
        .option('--active', 'active ones alone')
        .addOption(new Option('--inactive', 'inactive ones alone').conflicts('active')),
    ),
    ['hookline webhooks list', 'hookline webhooks list --user user_456 --json'],
  ).action(async (options) => (await import('../remote/webhooks/read.js')).listWebhooks(options));

  withServerOptions(
    webhooks
      .command('show')
      .description('Show a webhook and what it subscribes to.')
      .argument('<webhook>', 'its id', webhookId),
    ['hookline webhooks show 8c3e…'],
  ).action(async (id, options) => (await import('../remote/webhooks/read.js')).showWebhook(id, options));

  addWebhookSettingCommands(webhooks);
  addSubscriptionCommands(webhooks);
  addWebhookActionCommands(webhooks);

  withServerOptions(
    addYesOption(
      webhooks
        .command('delete')
        .description('Delete a webhook with its subscriptions, deliveries and statistics.')
        .argument('<webhook>', 'its id', webhookId),
    ),
    ['hookline webhooks delete 8c3e…'],
  ).action(async (id, options, command) =>
    (await import('../remote/webhooks/write.js')).deleteWebhook(id, options, command),
  );
}
