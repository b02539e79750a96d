import { type Emitter, eventPayload } from '../emit.js';
import type { NewContent, Outcome } from '../store.js';
import { field, toRows } from '../stores/fields.js';
import type { Query } from '../stores/postgres.js';

/** 1 event type, 2 payload, 3 user (UUID or external id), 4 idempotency key */
const EMIT = `SELECT event_state, event_id::text AS event_id, event_error
FROM hookline.emit_event($1::text, $2::text::jsonb, $3::text, $4::text)`;

/** Triggers events in Hookline's own PostgreSQL database, each under its idempotency key. `query` has to act as service_role. */
export function sqlEmitter(options: { readonly query: Query }): Emitter {
  return {
    async emit({ type, payload, userId, idempotencyKey }) {
      const [row] = toRows(await options.query(EMIT, [type, payload, userId, idempotencyKey]));
      return emissionOutcome(row);
    },
  };
}

/** The outcome in a row that hookline.emit_event or hookline.emit_stored_event gave. */
export function emissionOutcome(row: unknown): Outcome {
  const state = field(row, 'event_state');
  if (state === 'done') return { state, eventId: String(field(row, 'event_id')) };
  return { state: state === 'skipped' ? state : 'failed', error: String(field(row, 'event_error')) };
}

/** 1 row of ai_content, 2 payload */
const EMIT_STORED = `SELECT event_state FROM hookline.emit_stored_event($1::text::bigint, $2::text::jsonb)`;

/**
 * For `postgresStore({ transaction, onInsert: triggerInTransaction })` where `ai_content` stands in Hookline's own database: a new row's event is triggered
 * in the insert's transaction, so that neither is ever there without the other. The transaction has to act as service_role.
 */
export async function triggerInTransaction(
  query: Query,
  id: string,
  { event }: Pick<NewContent, 'event'>,
): Promise<void> {
  await query(EMIT_STORED, [id, eventPayload(id, event)]);
}
