import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import type { EventType } from './catalogue.js';

/** An event type and the version that changes are made against. */
export interface ReadEventType {
  readonly type: EventType;
  readonly etag: string;
}

export function useEventType(name: string) {
  return useQuery({
    queryKey: ['event-types', 'one', name],
    queryFn: async ({ signal }): Promise<ReadEventType> => {
      const result = await api.GET('/v1/event-types/{event_type}', { params: { path: { event_type: name } }, signal });
      return { type: ok(result), etag: result.response.headers.get('etag') ?? '*' };
    },
  });
}

/** What is known of event types is read again: one was made or changed. */
export function forgetEventTypes(): Promise<void> {
  return queries.invalidateQueries({ queryKey: ['event-types'] });
}

/** The name in an address, whose escapes the router leaves in place. */
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
