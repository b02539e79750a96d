import { postgresStore, type Query, type Store } from '@hookline/receiver';
import type { Logger } from 'pino';
import type { Database, Queryable } from '../db/database.js';
import { asService } from '../db/roles.js';
import { type EmittedEvent, emitStoredEvent } from './emit.js';

/** The callback comes after the answer here, so the insert may have most of the ten seconds in which a webhook is answered. */
export const STORE_TIMEOUT_MS = 8_000;

/**
 * `ai_content` in Hookline's own database, written as service_role; a new row's event is triggered in the same transaction, and what became
 * of it is logged once that is committed.
 */
export function ownStore(db: Database, log: Logger): Store {
  const began = new WeakMap<
    Query,
    { readonly tx: Queryable; emitted?: { readonly id: string; readonly event: EmittedEvent } }
  >();
  return postgresStore({
    timeoutMs: STORE_TIMEOUT_MS,
    async transaction(work) {
      let query: Query | undefined;
      const result = await asService(db, (tx) => {
        query = (text, params) => tx.query(text, params);
        began.set(query, { tx });
        return work(query);
      });
      const emitted = query && began.get(query)?.emitted;
      if (emitted !== undefined) logEvent(log, emitted.id, emitted.event);
      return result;
    },
    async onInsert(query, id, content) {
      const begun = began.get(query);
      if (begun !== undefined) begun.emitted = { id, event: await emitStoredEvent(begun.tx, id, content) };
    },
  });
}

/** One line about the event of a stored webhook: a warning when it failed, since no customer is told then. */
function logEvent(log: Logger, recordId: string, { event_state, event_id, event_error }: EmittedEvent): void {
  const fields = { record_id: recordId, event_state, event_id, event_error: withoutValues(event_error) };
  log[event_state === 'failed' ? 'warn' : 'info'](fields, 'webhook.event');
}

/** Messages of our own (class HK) quote nothing of the content; of PostgreSQL's and a schema's, which may, the code alone. The row has the whole. */
function withoutValues(error: string | null): string | null {
  return error !== null && /^(?!HK)[0-9A-Za-z_]+: /.test(error) ? error.slice(0, error.indexOf(':')) : error;
}
