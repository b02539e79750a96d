import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { parse } from 'lossless-json';
import { useMemo } from 'react';
import { api, ok } from '../../../api/client.js';
import { readObject } from '../../../ui/json-text.js';
import { useDebounced } from '../../../ui/use-debounced.js';
import type { PayloadText } from './filter-draft.js';

const STANDS_STILL_MS = 250;

/** A condition and how it went; `expected` and `found` are for `jsonOf`, which keeps numbers in their own digits. */
export interface Condition {
  readonly path: string;
  readonly operator: string;
  readonly expected?: unknown;
  readonly found?: unknown;
  readonly is_present: boolean;
  readonly holds: boolean | null;
  readonly conditions?: readonly Condition[];
}

export interface FilterResult {
  readonly matches: boolean;
  readonly conditions: readonly Condition[];
}

export interface FilterTest {
  /** By the payload's id; those that are no JSON objects have none. */
  readonly results: ReadonlyMap<number, FilterResult>;
  /** `not_json`, `not_object`: of the filter. */
  readonly filter: 'not_json' | 'not_object' | 'read';
  readonly isChecking: boolean;
  /** Why the filter was refused. */
  readonly error: unknown;
}

const NO_RESULTS: ReadonlyMap<number, FilterResult> = new Map();

/** Tests the filter each time that it and the payloads have stood still; a test that is superseded is aborted. */
export function useFilterTest(filter: string, payloads: readonly PayloadText[]): FilterTest {
  const now = useMemo(() => JSON.stringify([filter, payloads.map(({ id, text }) => [id, text])]), [filter, payloads]);
  const asked = useDebounced(now, STANDS_STILL_MS);
  const kind = useMemo(() => readObject(filter).kind, [filter]);
  const { data, error, isFetching } = useQuery({
    queryKey: ['filter-test', asked],
    queryFn: ({ signal }) => test(asked, signal),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
    retry: false,
  });
  if (kind !== 'object') {
    return { results: NO_RESULTS, filter: kind === 'other' ? 'not_object' : kind, isChecking: false, error: null };
  }
  const isChecking = asked !== now || isFetching;
  if (error !== null && !isChecking) return { results: NO_RESULTS, filter: 'read', isChecking, error };
  return { results: data ?? NO_RESULTS, filter: 'read', isChecking, error: null };
}

async function test(asked: string, signal: AbortSignal): Promise<ReadonlyMap<number, FilterResult>> {
  const [filterText, texts] = JSON.parse(asked) as [string, [number, string][]];
  const filters = readObject(filterText);
  const readable = texts.flatMap(([id, text]) => {
    const payload = readObject(text);
    return payload.kind === 'object' ? [{ id, value: payload.value }] : [];
  });
  if (filters.kind !== 'object') return NO_RESULTS;
  const result = await api.POST('/v1/filters/test', {
    // With no payload that can be read, the filter alone is.
    body: { filters: filters.value, payloads: readable.length === 0 ? [{}] : readable.map(({ value }) => value) },
    parseAs: 'text',
    signal,
  });
  const { results } = parse(ok(result)) as { readonly results: readonly FilterResult[] };
  return new Map(readable.flatMap(({ id }, at) => (results[at] === undefined ? [] : [[id, results[at]]])));
}
