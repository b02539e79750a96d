import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';

export type Statistics = components['schemas']['OverallStatistics'];
export type Hour = Statistics['data'][number];

/** Oldest due ages by itself, and workers may be away: the queue is read without a change of a delivery, too. */
const QUEUE_EVERY_MS = 10_000;

/** What ended in the last hours: of the user, or of everybody for the operator. The figures of one period stay until those of another are there. */
export function useStatistics(hours: number) {
  return useQuery({
    queryKey: ['statistics', 'overall', hours],
    queryFn: async ({ signal }) => ok(await api.GET('/v1/statistics', { params: { query: { hours } }, signal })),
    placeholderData: (before) => before,
  });
}

export function useQueue() {
  return useQuery({
    queryKey: ['queue'],
    queryFn: async ({ signal }) => ok(await api.GET('/v1/queue', { signal })),
    refetchInterval: QUEUE_EVERY_MS,
  });
}
