import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client.js';

export type Webhook = components['schemas']['Webhook'];

const MOST = 100;

/** The newest webhooks to choose from, with the one that is `wanted` though it be older; `isWhole`: there are no more. */
export function useWebhooks(wanted: string | undefined) {
  return useQuery({
    queryKey: ['webhooks', 'to-choose', wanted],
    queryFn: async ({ signal }) => {
      const page = ok(await api.GET('/v1/webhooks', { params: { query: { limit: MOST } }, signal }));
      const isWhole = page.next_cursor === null;
      if (wanted === undefined || page.data.some(({ id }) => id === wanted)) return { webhooks: page.data, isWhole };
      const one = ok(await api.GET('/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: wanted } }, signal }));
      return { webhooks: [one, ...page.data], isWhole };
    },
  });
}

/** The event types that a webhook is actively subscribed to, a hundred at most. */
export function useSubscribed(webhookId: string | undefined) {
  return useQuery({
    queryKey: ['webhook', webhookId, 'subscriptions', 'names'],
    queryFn: async ({ signal }) => {
      if (webhookId === undefined) return [];
      const params = { path: { webhook_id: webhookId }, query: { limit: MOST } };
      const { data } = ok(await api.GET('/v1/webhooks/{webhook_id}/subscriptions', { params, signal }));
      return data.filter(({ is_active: isActive }) => isActive).map(({ event_type: name }) => name);
    },
    enabled: webhookId !== undefined,
  });
}

/** The one that a test is best sent to: the first that takes calls now. */
export function firstGood(webhooks: readonly Webhook[]): Webhook | undefined {
  const active = webhooks.filter(({ is_active: isActive }) => isActive);
  const calm = active.filter(({ breaker_since: open, paused_until: until }) => open === null && until === null);
  const well = calm.filter(({ failing_since: since }) => since === null);
  return well.find(({ is_verified: isVerified }) => isVerified) ?? well[0] ?? calm[0] ?? active[0] ?? webhooks[0];
}
