import { ok } from '@hookline/client';
import type { ConnectionOptions } from '../connection.js';
import { printList } from '../list.js';
import type { ListOptions } from '../list-options.js';
import { type CONDITIONS, userOf } from '../options.js';
import { printPairs } from '../output.js';
import { withServer } from '../run.js';
import { WEBHOOK_COLUMNS, webhookPairs } from './text.js';

const MOST_SUBSCRIPTIONS = 100;

interface WebhookListOptions extends ConnectionOptions, ListOptions {
  readonly json?: boolean;
  readonly user?: string;
  readonly event?: string;
  readonly condition?: (typeof CONDITIONS)[number];
  readonly active?: boolean;
  readonly inactive?: boolean;
}

/** `webhooks list`. */
export async function listWebhooks(options: WebhookListOptions): Promise<void> {
  const { user, event, condition, active, inactive } = options;
  const filter = {
    ...userOf(user),
    ...(event !== undefined && { event_type: event }),
    ...(condition !== undefined && { condition }),
    ...((active === true || inactive === true) && { is_active: active === true }),
  };
  await withServer(options, async ({ client }) => {
    await printList(
      WEBHOOK_COLUMNS,
      async (page) => ok(await client.GET('/v1/webhooks', { params: { query: { ...filter, ...page } } })),
      'webhooks',
      options,
    );
  });
}

/** `webhooks show`: with its subscriptions, of which there are seldom more than a page. */
export async function showWebhook(id: string, options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const path = { webhook_id: id };
    const [webhook, subscriptions] = await Promise.all([
      client.GET('/v1/webhooks/{webhook_id}', { params: { path } }).then(ok),
      client
        .GET('/v1/webhooks/{webhook_id}/subscriptions', { params: { path, query: { limit: MOST_SUBSCRIPTIONS } } })
        .then(ok),
    ]);
    printPairs(
      webhookPairs(webhook, subscriptions.data, subscriptions.next_cursor !== null),
      { ...webhook, subscriptions: subscriptions.data },
      options,
    );
  });
}
