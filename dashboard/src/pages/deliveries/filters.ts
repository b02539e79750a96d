import type { operations } from '@hookline/client';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';

type Query = NonNullable<operations['listDeliveries']['parameters']['query']>;

const NAMES = [
  'status',
  'response_status',
  'event_type',
  'webhook_id',
  'event_id',
  'user_id',
  'range',
  'since',
  'until',
] as const;
export type FilterName = (typeof NAMES)[number];
/** Filters of the list as they stand in the address; what is absent does not matter. `range` is one of RANGES, until now. */
export type Filters = Readonly<Partial<Record<FilterName, string>>>;
/** Filters to set; undefined or '' takes one away. */
export type FilterChange = { readonly [Name in FilterName]?: string | undefined };

const HOUR_MS = 3_600_000;
const RANGE_MS = {
  '15m': HOUR_MS / 4,
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
} as const;
export type Range = keyof typeof RANGE_MS;
export const RANGES = Object.keys(RANGE_MS) as Range[];

/** The filters in the address, and how to change some of them. */
export function useFilters(): readonly [Filters, (changed: FilterChange) => void] {
  const [search, setSearch] = useSearchParams();
  const text = search.toString();
  const filters = useMemo(() => readFilters(new URLSearchParams(text)), [text]);
  const change = (changed: FilterChange): void =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changed)) {
        if (value === undefined || value === '') after.delete(name);
        else after.set(name, value);
      }
      return after;
    });
  return [filters, change];
}

function readFilters(search: URLSearchParams): Filters {
  const found = NAMES.flatMap((name) => {
    const value = search.get(name);
    const isNone = value === null || value === '' || (name === 'range' && !isRange(value));
    return isNone ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

function isRange(value: string): value is Range {
  return Object.hasOwn(RANGE_MS, value);
}

/** What the API is asked with. A range ends now, in ms since 1970. */
export function queryOf({ range, ...exact }: Filters, now: number): Query {
  return { ...exact, ...(range !== undefined && { since: beginOf(range, now) }) } as Query;
}

/** When a range that ends at `now` (ms since 1970) began, as ISO 8601. */
export function beginOf(range: string, now: number): string {
  return new Date(now - (RANGE_MS[range as Range] ?? 0)).toISOString();
}

/** Whether a change that the stream tells of may be of this list. What the stream does not tell of a delivery is let pass. */
export function mayMatch(
  filters: Filters,
  delivery: { webhook_id: string; event_type?: string; status?: string },
): boolean {
  return (['webhook_id', 'event_type', 'status'] as const).every(
    (name) => filters[name] === undefined || delivery[name] === undefined || filters[name] === delivery[name],
  );
}
