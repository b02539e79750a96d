import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { useLiveRefresh } from '../../api/refresh.js';
import type { Attempt, Delivery } from './delivery-types.js';

/** The Date header has whole seconds, and the answer takes its time. */
const TOLERATED_MS = 2_000;

export interface ReadDelivery {
  readonly delivery: Delivery;
  /** How far the server's clock is before the browser's, in ms; 0 where they agree. */
  readonly clockAheadMs: number;
}

/** A delivery and its attempts, which follow by themselves. */
export function useDelivery(id: string) {
  const key = ['delivery', id] as const;
  const query = useQuery({ queryKey: key, queryFn: () => readDelivery(id) });
  const attempts = useQuery({ queryKey: [...key, 'attempts'], queryFn: () => readAttempts(id) });
  const live = useLiveRefresh([key], (changed) => changed.id === id);
  return { query, attempts, live };
}

async function readDelivery(id: string): Promise<ReadDelivery> {
  const result = await api.GET('/v1/deliveries/{delivery_id}', { params: { path: { delivery_id: id } } });
  const delivery = ok(result);
  const ahead = Date.parse(result.response.headers.get('date') ?? '') - Date.now();
  return { delivery, clockAheadMs: Math.abs(ahead) > TOLERATED_MS ? ahead : 0 };
}

async function readAttempts(id: string): Promise<readonly Attempt[]> {
  return ok(await api.GET('/v1/deliveries/{delivery_id}/attempts', { params: { path: { delivery_id: id } } })).data;
}

/** The body of a delivery, byte by byte as it is sent. It never changes. */
export function useBody(id: string) {
  return useQuery({
    queryKey: ['delivery-body', id],
    queryFn: () => readBody(id),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

async function readBody(id: string): Promise<string> {
  const params = { path: { delivery_id: id } };
  return ok(await api.GET('/v1/deliveries/{delivery_id}/body', { params, parseAs: 'text' }));
}
