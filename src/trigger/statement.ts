import type { Statement } from '../db/database.js';
import { plainArray } from '../db/plain-array.js';
import { loadSql } from '../db/sql-file.js';
import { TextArray } from '../db/text-array.js';
import type { NewEvent } from './event.js';

/** Takes eight arrays; gives an `EventRow` for each of their places. */
export const TRIGGER_EVENTS = loadSql(import.meta.url, './trigger-events.sql');

/** What hookline.trigger_events tells of an event: what it has become, what is wrong with it, or which schema it has to be checked against. */
export interface EventRow {
  /** From 1. */
  readonly nth: number;
  readonly event_id: string | null;
  readonly is_duplicate: boolean | null;
  readonly matched: number | null;
  readonly deliveries: string | null;
  readonly schema: string | null;
  /** Not null: nothing was triggered, since the type's schema is another one than was checked. */
  readonly schema_digest: string | null;
  /** An SQLSTATE; null: nothing is wrong. */
  readonly problem_state: string | null;
  readonly problem: string | null;
  readonly hint: string | null;
  /** Absent where nobody has asked. */
  readonly skipped?: number;
}

/** Of the events for everyone that this transaction made: how many users each passed over, where it did. */
export const SKIPPED: Statement = [
  'SELECT e.id::text AS event_id, e.skipped FROM hookline.events e WHERE e.created_at = now() AND e.user_id IS NULL AND e.skipped > 0',
  [],
];

/** An event, and the digest of the schema that its payload has passed. */
export interface CheckedEvent {
  readonly event: NewEvent;
  readonly digest: string | null;
}

/** The place of the one column that is no text. */
const USER_IDS = 2;

/** What `TRIGGER_EVENTS` takes. */
export function columnsOf(checked: readonly CheckedEvent[]): (string | null)[][] {
  const events = checked.map(({ event }) => event);
  return [
    events.map(({ type }) => type),
    events.map(({ json }) => json),
    events.map(({ userId }) => userId),
    events.map(({ externalUserId }) => externalUserId),
    events.map(({ idempotencyKey }) => idempotencyKey),
    checked.map(({ digest }) => digest),
    events.map(({ requestId }) => requestId ?? null),
    events.map(({ traceparent }) => traceparent ?? null),
  ];
}

/** The one statement that triggers them all. */
export function triggerStatement(checked: readonly CheckedEvent[]): Statement {
  const columns = columnsOf(checked);
  return [TRIGGER_EVENTS, columns.map((column, at) => (at === USER_IDS ? plainArray(column) : new TextArray(column)))];
}
