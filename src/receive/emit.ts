import { type NewContent, objectOf, type ParsedEvent, type Query } from '@hookline/receiver';

const EMIT = `SELECT event_state, event_id::text AS event_id, event_error
FROM hookline.emit_stored_event($1::text::bigint, $2::text::jsonb)`;

/** What became of the event of a stored row, as it stands on the row. */
export interface EmittedEvent {
  readonly event_state: 'triggered' | 'skipped' | 'failed';
  /** UUID; null when it was not triggered. */
  readonly event_id: string | null;
  /** A code, or `SQLSTATE: message`; null when it was triggered. */
  readonly event_error: string | null;
}

/**
 * Triggers the event of a newly stored row in the insert's own transaction, so that neither is ever there without the other. Gives what came
 * of it, which stands on the row too; an error of the event itself does not undo the row (hookline.emit_stored_event).
 */
export async function emitStoredEvent(query: Query, id: string, { event }: NewContent): Promise<EmittedEvent> {
  const [emitted] = (await query(EMIT, [id, eventPayload(id, event)])).rows as EmittedEvent[];
  if (emitted === undefined) throw new Error('hookline.emit_stored_event found no row.');
  return emitted;
}

/**
 * The payload that customers' webhooks get, as JSON text: `ai_response.data` with the record's id and the channel's. Never customer_data, which
 * is between the product and its gateway.
 */
export function eventPayload(id: string, event: ParsedEvent): string {
  return objectOf(new Map(event.data).set('id', JSON.stringify(id)).set('channel_id', JSON.stringify(event.channelId)));
}
