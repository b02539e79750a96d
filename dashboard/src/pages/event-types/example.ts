import { useQuery } from '@tanstack/react-query';
import { jsonOf } from '../../api/exact-json.js';
import { readable } from '../../ui/readable.js';
import type { EventType } from './catalogue.js';

/** What a test event without an event type is sent as; nobody has to register it. */
export const PLAIN_TEST = 'webhook.test';

/** An example payload of an event type as JSON: one of its schema's `examples`, else one made up by the schema. Undefined while it is made. */
export function useExample(type: Pick<EventType, 'event_type' | 'payload_schema'> | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ['event-types', 'example', type?.event_type, type?.payload_schema],
    queryFn: async () => readable(await exampleOf(plain(type?.payload_schema))),
    enabled: type !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

/** Always an object, as payloads are; an empty one where the schema says nothing. */
async function exampleOf(schema: EventType['payload_schema'] | undefined): Promise<Record<string, unknown>> {
  if (typeof schema !== 'object' || schema === null) return {};
  const given = Array.isArray(schema['examples']) ? schema['examples'].find(isRecord) : undefined;
  if (given !== undefined) return given;
  try {
    const { sample } = await import('openapi-sampler');
    const made = sample(schema, { quiet: true, enablePatterns: true }, schema);
    return isRecord(made) ? made : {};
  } catch {
    // It takes part of JSON Schema only; what it does not know has no example.
    return {};
  }
}

/** What makes examples knows JavaScript's own numbers alone. */
function plain<T>(schema: T): T {
  return JSON.parse(jsonOf(schema)) as T;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
