import { postgresStore, type Query, type Store } from '@hookline/receiver';
import type { Database } from '../db/database.js';
import { asService } from '../db/roles.js';
import { emitStoredEvent } from './emit.js';

/** `ai_content` in Hookline's own database, written as service_role; a new row's event is triggered in the same transaction. */
export function contentStore(db: Database): Store {
  return postgresStore({
    transaction: (work) =>
      asService(db, (tx) => {
        const query: Query = (text, params) => tx.query(text, params);
        return work(query);
      }),
    onInsert: emitStoredEvent,
  });
}
