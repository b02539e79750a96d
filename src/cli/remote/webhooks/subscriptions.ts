import { ok } from '@hookline/client';
import { timeOf } from '../../times.js';
import type { ConnectionOptions } from '../connection.js';
import { readJsonObject } from '../json-input.js';
import { printList } from '../list.js';
import type { ListOptions } from '../list-options.js';
import { printDone } from '../output.js';
import type { Column } from '../rows.js';
import { withServer } from '../run.js';
import type { Subscription } from './text.js';

const COLUMNS: readonly Column<Subscription>[] = [
  { name: 'event type', of: ({ event_type: type }) => type, cutTo: 20 },
  {
    name: 'active',
    of: ({ is_active: isActive }) => isActive,
    style: ({ is_active }) => (is_active ? 'green' : 'dim'),
  },
  { name: 'filters', of: ({ filters }) => (filters === null ? null : JSON.stringify(filters)), cutTo: 20 },
  { name: 'changed', of: ({ updated_at: at }) => timeOf(at), isOptional: true },
];

/** `webhooks subscriptions`. */
export async function listSubscriptions(id: string, options: ConnectionOptions & ListOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const path = { webhook_id: id };
    await printList(
      COLUMNS,
      async (page) =>
        ok(await client.GET('/v1/webhooks/{webhook_id}/subscriptions', { params: { path, query: { ...page } } })),
      'subscriptions',
      options,
    );
  });
}

/**
 * `webhooks subscribe`: what is left out of a subscription that there is gets its default, as of a new one. One after the other: the first that is refused ends it, and what
 * was done before is told.
 */
export async function subscribe(
  id: string,
  types: readonly string[],
  options: ConnectionOptions & { readonly filter?: string; readonly inactive?: boolean },
): Promise<void> {
  await withServer(options, async ({ client }) => {
    const filters = options.filter === undefined ? undefined : (await readJsonObject(options.filter, '--filter')).value;
    const body = { ...(filters !== undefined && { filters }), ...(options.inactive === true && { is_active: false }) };
    const made: Subscription[] = [];
    try {
      for (const type of new Set(types)) {
        const params = { path: { webhook_id: id, event_type: type } };
        made.push(ok(await client.PUT('/v1/webhooks/{webhook_id}/subscriptions/{event_type}', { params, body })));
      }
    } finally {
      const names = made.map(({ event_type: type }) => type).join(', ');
      const how = filters === undefined ? '' : ', filtered';
      if (made.length > 0) printDone(`Subscribed to ${names}${how}.`, { data: made }, options);
    }
  });
}

/** `webhooks unsubscribe`, in the same way. */
export async function unsubscribe(id: string, types: readonly string[], options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const ended: string[] = [];
    try {
      for (const type of new Set(types)) {
        const params = { path: { webhook_id: id, event_type: type } };
        ok(await client.DELETE('/v1/webhooks/{webhook_id}/subscriptions/{event_type}', { params }));
        ended.push(type);
      }
    } finally {
      if (ended.length > 0) printDone(`Unsubscribed from ${ended.join(', ')}.`, { unsubscribed: ended }, options);
    }
  });
}
