import type { Logger } from 'pino';
import type { EmittedEvent } from './emit.js';

/** One line about the event of a stored webhook: a warning when it failed, since no customer is told then. */
export function logEvent(log: Logger, recordId: string, emitted: EmittedEvent): void {
  const { event_state, event_id, event_error } = emitted;
  const fields = { record_id: recordId, event_state, event_id, event_error: withoutValues(event_error) };
  log[event_state === 'failed' ? 'warn' : 'info'](fields, 'webhook.event');
}

/** Messages of our own (class HK) quote nothing of the content; of PostgreSQL's, which may, the SQLSTATE alone. The row has the whole. */
function withoutValues(error: string | null): string | null {
  return error !== null && /^(?!HK)[0-9A-Z]{5}: /.test(error) ? error.slice(0, 5) : error;
}
