import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { useIsOperator } from '../../session/session-context.js';

/** How far somebody has come who has just begun. */
export interface Beginnings {
  readonly webhook: components['schemas']['Webhook'] | undefined;
  /** For the operator, the best to begin with. */
  readonly eventType: string | undefined;
  readonly hasDelivery: boolean;
}

/** One webhook, one event type, and whether there is a delivery; of the user, or of everybody for the operator. */
export function useBeginnings() {
  const isOperator = useIsOperator();
  const query = { limit: 1 };
  return useQuery<Beginnings>({
    // Begins with what changes of a delivery invalidate.
    queryKey: ['deliveries', 'beginnings'],
    // Who has a delivery has begun for good.
    enabled: ({ state }) => state.data?.hasDelivery !== true,
    queryFn: async ({ signal }) => {
      const [webhooks, eventTypes, deliveries] = await Promise.all([
        api.GET('/v1/webhooks', { params: { query }, signal }),
        api.GET('/v1/event-types', { params: { query: { limit: isOperator ? 100 : 1, is_enabled: true } }, signal }),
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
