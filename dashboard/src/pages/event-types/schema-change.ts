import type { components } from '@hookline/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { useDebounced } from '../../ui/use-debounced.js';
import type { EventType } from './catalogue.js';
import { schemaOf } from './form-draft.js';

export type SchemaChange = NonNullable<components['schemas']['ChangedEventType']['schema_change']>;

const STANDS_STILL_MS = 400;

/** What a schema that is being written would break, by a dry run each time that it stands still. Nothing is asked while it is as it was. */
export function useSchemaChange(type: EventType, text: string, original: string) {
  const asked = useDebounced(text, STANDS_STILL_MS);
  const schema = schemaOf(asked);
  const isChanged = asked !== original && schema !== undefined;
  const query = useQuery({
    queryKey: ['event-types', 'dry-run', type.event_type, asked],
    queryFn: async ({ signal }): Promise<SchemaChange | null> => {
      const result = await api.PATCH('/v1/event-types/{event_type}', {
        params: { path: { event_type: type.event_type }, query: { dry_run: true } },
        body: { payload_schema: schema?.value ?? null },
        signal,
      });
      return ok(result).schema_change;
    },
    enabled: isChanged,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    gcTime: 10_000,
    retry: false,
  });
  return {
    isChanged,
    isChecking: asked !== text || query.isFetching,
    change: isChanged ? query.data : undefined,
    error: isChanged && !query.isFetching ? query.error : null,
  };
}
