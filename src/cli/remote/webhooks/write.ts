import { ok } from '@hookline/client';
import type { Command } from 'commander';
import { timeOf } from '../../times.js';
import { type ConfirmOptions, confirm } from '../confirm.js';
import type { ConnectionOptions } from '../connection.js';
import { userOf } from '../options.js';
import { note, printDone, printPairs } from '../output.js';
import { withServer } from '../run.js';
import { remarkOnAddress } from './private-address.js';
import { type SettingOptions, settingsOf } from './settings.js';
import { stateOf } from './text.js';

/** `--url` is the webhook's here. */
interface ServerOptions extends Omit<ConnectionOptions, 'url'> {
  readonly server?: string;
}

interface CreateOptions extends ServerOptions, SettingOptions {
  readonly name: string;
  readonly url: string;
  readonly event?: readonly string[];
  readonly user?: string;
  readonly inactive?: boolean;
}

/** `webhooks create`: prints what it is, with the secret, which `webhooks secret` tells again. */
export async function createWebhook(options: CreateOptions): Promise<void> {
  const { name, url, event, user, inactive } = options;
  await withServer(serverOf(options), async ({ client }) => {
    const settings = await settingsOf(options);
    const body = {
      ...settings,
      name,
      url,
      ...userOf(user),
      ...(event !== undefined && { event_types: [...new Set(event)] }),
      ...(inactive === true && { is_active: false }),
    };
    const made = ok(await client.POST('/v1/webhooks', { body }));
    printPairs(
      [
        ['id', made.id],
        ['name', made.name],
        ['url', made.url],
        ['state', stateOf(made)],
        ['event types', made.event_types.length === 0 ? 'none' : made.event_types.join(', ')],
        ['secret', made.secret],
      ],
      made,
      options,
    );
    noteAddress(url, options);
    note(`\nA test event goes to it by: hookline webhooks test ${made.id}`, options);
  });
}

/** `webhooks edit`: ends as wrong usage when there is nothing to change. */
export async function editWebhook(
  id: string,
  options: ServerOptions & SettingOptions,
  command: Command,
): Promise<void> {
  await withServer(serverOf(options), async ({ client }) => {
    const body = await settingsOf(options);
    if (Object.keys(body).length === 0) command.error('error: nothing is to be changed: give an option such as --name');
    const params = { path: { webhook_id: id } };
    const webhook = ok(await client.PATCH('/v1/webhooks/{webhook_id}', { params, body }));
    printDone(`Changed: ${Object.keys(body).join(', ')}.`, webhook, options);
    if (body.url !== undefined) noteAddress(body.url, options);
  });
}

function noteAddress(url: string, options: ServerOptions): void {
  const remark = remarkOnAddress(url);
  if (remark !== undefined) note(`\n${remark}`, options);
}

/** `webhooks activate` and `webhooks pause`. */
export async function setActive(id: string, isActive: boolean, options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { webhook_id: id } };
    const webhook = ok(await client.PATCH('/v1/webhooks/{webhook_id}', { params, body: { is_active: isActive } }));
    const what = isActive ? 'active: it gets events from now on' : 'inactive: it gets no events until it is activated';
    printDone(`${webhook.name} is ${what}.`, webhook, options);
  });
}

/** `webhooks delete`. */
export async function deleteWebhook(
  id: string,
  options: ConnectionOptions & ConfirmOptions,
  command: Command,
): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { webhook_id: id } };
    const {
      name,
      url,
      total_deliveries: total,
      last_delivery_at: last,
    } = ok(await client.GET('/v1/webhooks/{webhook_id}', { params }));
    const history = total === 0 ? 'no deliveries' : `${total} deliveries, the last at ${timeOf(last)}`;
    await confirm(`Delete ${name} (${url}) with its subscriptions, and ${history}`, options, command);
    ok(await client.DELETE('/v1/webhooks/{webhook_id}', { params }));
    printDone(`Deleted: ${name}.`, { id, deleted: true }, options);
  });
}

function serverOf({ server, token, timeout, json }: ServerOptions): ConnectionOptions {
  return {
    ...(server !== undefined && { url: server }),
    ...(token !== undefined && { token }),
    ...(timeout !== undefined && { timeout }),
    ...(json !== undefined && { json }),
  };
}
