import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';

/** How far somebody has come who has just begun. */
export interface Beginnings {
  readonly webhook: components['schemas']['Webhook'] | undefined;
  readonly eventType: string | undefined;
  readonly hasDelivery: boolean;
}

/** One webhook, one event type, and whether there is a delivery; of the user, or of everybody for the operator. */
export function useBeginnings() {
  const query = { limit: 1 };
  return useQuery({
    // Begins with what changes of a delivery invalidate.
    queryKey: ['deliveries', 'beginnings'],
    queryFn: async ({ signal }): Promise<Beginnings> => {
      const [webhooks, eventTypes, deliveries] = await Promise.all([
        api.GET('/v1/webhooks', { params: { query }, signal }),
        api.GET('/v1/event-types', { params: { query: { limit: 100, is_enabled: true } }, signal }),
        api.GET('/v1/deliveries', { params: { query }, signal }),
      ]);
      const types = ok(eventTypes).data;
      return {
        webhook: ok(webhooks).data[0],
        // Best one whose schema requires nothing: the first command should not be refused.
        eventType: (types.find((type) => !(type.payload_schema as { required?: unknown } | null)?.required) ?? types[0])
          ?.event_type,
        hasDelivery: ok(deliveries).data.length > 0,
      };
    },
  });
}
