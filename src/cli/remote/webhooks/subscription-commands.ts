import type { Command } from 'commander';
import { withServerOptions } from '../define.js';
import { addListOptions } from '../list-options.js';
import { eventTypes, webhookId } from '../options.js';

/** `webhooks subscriptions`, `subscribe` and `unsubscribe`. */
export function addSubscriptionCommands(webhooks: Command): void {
  withServerOptions(
    addListOptions(
      webhooks
        .command('subscriptions')
        .description('List what a webhook subscribes to, with filters.')
        .argument('<webhook>', 'its id', webhookId),
    ),
    ['hookline webhooks subscriptions 8c3e…'],
  ).action(async (id, options) => (await import('./subscriptions.js')).listSubscriptions(id, options));

  withServerOptions(
    webhooks
      .command('subscribe')
      .description('Subscribe a webhook to event types, or set its subscriptions: without --filter they have none.')
      .argument('<webhook>', 'its id', webhookId)
      .argument('<event-types...>', 'such as video.generated', eventTypes)
      .option('--filter <json>', 'what payloads have to match: an object, or @file')
      .option('--inactive', 'lets nothing through until it is set again'),
    [
      'hookline webhooks subscribe 8c3e… video.generated video.failed',
      `hookline webhooks subscribe 8c3e… video.generated --filter '{"duration": {"$gte": 10}}'`,
    ],
  ).action(async (id, types, options) => (await import('./subscriptions.js')).subscribe(id, types, options));

  withServerOptions(
    webhooks
      .command('unsubscribe')
      .description('Unsubscribe a webhook from event types.')
      .argument('<webhook>', 'its id', webhookId)
      .argument('<event-types...>', 'such as video.generated', eventTypes),
    ['hookline webhooks unsubscribe 8c3e… video.failed'],
  ).action(async (id, types, options) => (await import('./subscriptions.js')).unsubscribe(id, types, options));
}
