import { useMutation } from '@tanstack/react-query';
import { parse, stringify } from 'lossless-json';
import { api, ok } from '../../../api/client.js';
import type { FilterDraft } from './filter-draft.js';

const MOST_RECENT = 5;
/** An event may have gone to several webhooks; each payload is wanted once. */
const LOOKED_THROUGH = 50;

/** Puts the payloads of the latest deliveries of the draft's event type into it, and gives how many there were. */
export function useRecentPayloads(draft: FilterDraft) {
  return useMutation({
    mutationFn: async () => {
      const { eventType } = draft;
      if (eventType === undefined) return 0;
      const query = { event_type: eventType, limit: LOOKED_THROUGH };
      const { data } = ok(await api.GET('/v1/deliveries', { params: { query } }));
      const ofEvents = new Map(data.map(({ id, event_id: eventId }) => [eventId ?? id, id]));
      const latest = [...ofEvents.values()].slice(0, MOST_RECENT);
      const payloads = await Promise.all(latest.map(async (id) => ({ deliveryId: id, text: await payloadOf(id) })));
      if (payloads.length > 0) draft.add(payloads);
      return payloads.length;
    },
  });
}

async function payloadOf(deliveryId: string): Promise<string> {
  const path = { delivery_id: deliveryId };
  const text = ok(await api.GET('/v1/deliveries/{delivery_id}/body', { params: { path }, parseAs: 'text' }));
  return stringify(parse(text), null, 2) ?? '{}';
}
