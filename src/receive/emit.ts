import { type OnInsert, objectOf, type ParsedEvent } from '@hookline/receiver';

const EMIT = `SELECT event_state, event_id::text AS event_id, event_error
FROM hookline.emit_stored_event($1::text::bigint, $2::text::jsonb)`;

/**
 * Triggers the event of a newly stored row in the insert's own transaction, so that neither is ever there without the other. What came of it
 * stands on the row; an error of the event itself does not undo the row (hookline.emit_stored_event).
 */
export const emitStoredEvent: OnInsert = async (query, id, { event }) => {
  await query(EMIT, [id, eventPayload(id, event)]);
};

/**
 * The payload that customers' webhooks get, as JSON text: `ai_response.data` with the record's id and the channel's. Never customer_data, which
 * is between the product and its gateway.
 */
export function eventPayload(id: string, event: ParsedEvent): string {
  return objectOf(new Map(event.data).set('id', JSON.stringify(id)).set('channel_id', JSON.stringify(event.channelId)));
}
