import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { exactly } from '../../api/exact-json.js';
import { queries } from '../../api/queries.js';
import type { EventType } from './catalogue.js';

/** An event type, its schema with every number in its own digits, and the version that changes are made against. */
export interface ReadEventType {
  readonly type: EventType;
  readonly etag: string;
}

export function useEventType(name: string) {
  return useQuery({
    queryKey: ['event-types', 'one', name],
    queryFn: async ({ signal }): Promise<ReadEventType> => {
      const params = { path: { event_type: name } };
      const result = await api.GET('/v1/event-types/{event_type}', { params, parseAs: 'text', signal });
      return { type: exactly<EventType>(ok(result)), etag: result.response.headers.get('etag') ?? '*' };
    },
  });
}

/** What is known of event types is read again: one was made or changed. */
export function forgetEventTypes(): Promise<void> {
  return queries.invalidateQueries({ queryKey: ['event-types'] });
}

/** The name in an address, or in a `$ref`, with its escapes taken out; where those are none, as it is. */
export function nameIn(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
}

export function pathOf(name: string): string {
  return `/event-types/${encodeURIComponent(name)}`;
}
