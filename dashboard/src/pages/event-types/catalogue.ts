import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';

export type EventType = components['schemas']['EventType'];

const PAGE_SIZE = 100;
const MOST_PAGES = 10;

/** The event types by name, and whether these are all: of very many the first thousand are read. */
export interface Catalogue {
  readonly types: readonly EventType[];
  readonly isWhole: boolean;
}

/** All event types, for lists to choose from and to search in. */
export function useCatalogue() {
  return useQuery({
    queryKey: ['event-types', 'catalogue'],
    queryFn: ({ signal }) => readCatalogue(signal),
    staleTime: 30_000,
  });
}

async function readCatalogue(signal: AbortSignal): Promise<Catalogue> {
  const types: EventType[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: { limit: number; cursor?: string } = { limit: PAGE_SIZE, ...(cursor !== null && { cursor }) };
    const { data, next_cursor } = ok(await api.GET('/v1/event-types', { params: { query }, signal }));
    types.push(...data);
    cursor = next_cursor;
    if (cursor === null) break;
  }
  types.sort((a, b) => a.event_type.localeCompare(b.event_type));
  return { types, isWhole: cursor === null };
}

/** Event types under their categories, both by name. */
export function byCategory(types: readonly EventType[]): (readonly [category: string, types: readonly EventType[]])[] {
  const groups = new Map<string, EventType[]>();
  for (const type of types) groups.set(type.category, [...(groups.get(type.category) ?? []), type]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}
