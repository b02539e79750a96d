import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';

export type Worker = components['schemas']['Worker'];

/** As often as a worker beats. */
const EVERY_MS = 5_000;

/** The workers that have signed on, the latest first. */
export function useWorkers() {
  return useQuery({
    queryKey: ['workers'],
    queryFn: async ({ signal }) => ok(await api.GET('/v1/workers', { signal })).data,
    refetchInterval: EVERY_MS,
  });
}
