import { type components, ok } from '@hookline/client';
import { timeOf } from '../../times.js';
import type { ConnectionOptions } from '../connection.js';
import { printList } from '../list.js';
import type { ListOptions } from '../list-options.js';
import { printPairs } from '../output.js';
import type { Column } from '../rows.js';
import { withServer } from '../run.js';

type EventType = components['schemas']['EventType'];

const COLUMNS: readonly Column<EventType>[] = [
  { name: 'event type', of: ({ event_type: type }) => type, cutTo: 24 },
  { name: 'category', of: ({ category }) => category, cutTo: 10 },
  { name: 'enabled', of: ({ is_enabled: isOn }) => isOn, style: ({ is_enabled: isOn }) => (isOn ? 'green' : 'dim') },
  { name: 'schema', of: ({ payload_schema: schema }) => schema !== null, isOptional: true },
  { name: 'description', of: ({ description }) => description, cutTo: 20, isOptional: true },
];

interface EventListOptions extends ConnectionOptions, ListOptions {
  readonly json?: boolean;
  readonly category?: string;
  readonly enabled?: boolean;
  readonly disabled?: boolean;
}

/** `events list`. */
export async function listEventTypes(options: EventListOptions): Promise<void> {
  const { category, enabled, disabled } = options;
  const filter = {
    ...(category !== undefined && { category }),
    ...((enabled === true || disabled === true) && { is_enabled: enabled === true }),
  };
  await withServer(options, async ({ client }) => {
    await printList(
      COLUMNS,
      async (page) => ok(await client.GET('/v1/event-types', { params: { query: { ...filter, ...page } } })),
      'event types',
      options,
    );
  });
}

/** `events show`. */
export async function showEventType(type: string, options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { event_type: type } };
    const found = ok(await client.GET('/v1/event-types/{event_type}', { params }));
    const { payload_schema: schema } = found;
    printPairs(
      [
        ['event type', found.event_type],
        ['category', found.category],
        ['enabled', found.is_enabled],
        ['description', found.description],
        ['created', timeOf(found.created_at)],
        ['changed', timeOf(found.updated_at)],
        ['schema', schema === null ? 'none: any payload' : JSON.stringify(schema, null, 2)],
      ],
      found,
      options,
    );
  });
}
