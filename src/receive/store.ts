import { postgresStore, type Query, type Store } from '@hookline/receiver';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { asService } from '../db/roles.js';
import { type EmittedEvent, emitStoredEvent } from './emit.js';
import { logEvent } from './log-event.js';

/**
 * `ai_content` in Hookline's own database, written as service_role; a new row's event is triggered in the same transaction, and what became
 * of it is logged once that is committed.
 */
export function contentStore(db: Database, log: Logger): Store {
  const emitted = new WeakMap<Query, { readonly id: string; readonly event: EmittedEvent }>();
  return postgresStore({
    async transaction(work) {
      let query: Query | undefined;
      const result = await asService(db, (tx) => {
        query = (text, params) => tx.query(text, params);
        return work(query);
      });
      const stored = query && emitted.get(query);
      if (stored !== undefined) logEvent(log, stored.id, stored.event);
      return result;
    },
    async onInsert(query, id, content) {
      emitted.set(query, { id, event: await emitStoredEvent(query, id, content) });
    },
  });
}
