import type { components, operations } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { PAGE_SIZE } from '../../ui/pager.js';

export type Webhook = components['schemas']['Webhook'];
export type Condition = NonNullable<NonNullable<operations['listWebhooks']['parameters']['query']>['condition']>;
export const CONDITIONS = [
  'breaker_open',
  'paused',
  'disabled',
  'unverified',
  'failing',
] as const satisfies readonly Condition[];

const EVERY_MS = 10_000;

/** A page of the webhooks in a condition, of all tenants, newest first. Conditions come and go by themselves: it is read every ten seconds. */
export function useWebhooksIn(condition: Condition, cursor?: string) {
  const query = { condition, limit: PAGE_SIZE, ...(cursor && { cursor }) };
  return useQuery({
    queryKey: ['webhooks', query],
    queryFn: async ({ signal }) => ok(await api.GET('/v1/webhooks', { params: { query }, signal })),
    refetchInterval: EVERY_MS,
  });
}
