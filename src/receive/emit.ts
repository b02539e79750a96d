import { type Emitter, emissionOutcome, eventPayload, type NewContent, type Outcome } from '@hookline/receiver';
import type { Database, Queryable } from '../db/database.js';
import { asService } from '../db/roles.js';
import { toHooklineError } from '../db/sql-errors.js';
import { loadSql } from '../db/sql-file.js';
import { HooklineError } from '../errors.js';
import { currentOrigin } from '../trigger/origin.js';
import { createPayloadCheck } from '../trigger/payload-schema.js';

const EVENT_SCHEMA = loadSql(import.meta.url, './event-schema.sql');
const EMIT_STORED = loadSql(import.meta.url, './emit-stored-event.sql');
const EMIT = loadSql(import.meta.url, './emit-event.sql');

/** What became of an event, as it stands on the row. */
export interface EmittedEvent {
  /** `pending`: the user's backlog is full; it is tried again. */
  readonly event_state: 'done' | 'skipped' | 'failed' | 'pending';
  /** UUID; null when it was not triggered. */
  readonly event_id: string | null;
  /** A code, or `code: message`; null when it was triggered. */
  readonly event_error: string | null;
}

/** As hookline.emit_stored_event waits for room in a backlog. */
const ROOM_AFTER_MS = 10_000;
const checkPayload = createPayloadCheck();

/**
 * Triggers the event of a newly stored row in the insert's own transaction, so that neither is ever there without the other. Gives what came
 * of it, which stands on the row too; an error of the event itself does not undo the row (hookline.emit_stored_event).
 */
export async function emitStoredEvent(tx: Queryable, id: string, { event }: NewContent): Promise<EmittedEvent> {
  const payload = eventPayload(id, event);
  const problem = await problemOf(tx, event.event, payload);
  return emitted(tx, EMIT_STORED, [id, payload, problem, ...origin()]);
}

/** Triggers events of webhooks that are stored elsewhere, once for each row's idempotency key. */
export function databaseEmitter(db: Database): Emitter {
  return {
    emit: ({ type, payload, userId, idempotencyKey }) =>
      asService(db, async (tx) => {
        const problem = await problemOf(tx, type, payload);
        return emissionOutcome(await emitted(tx, EMIT, [type, payload, userId, idempotencyKey, problem, ...origin()]));
      }).catch(waitForRoom),
  };
}

/** The request that is being worked on, and its span. */
function origin(): (string | null)[] {
  const { requestId, traceparent } = currentOrigin.getStore() ?? { requestId: null, traceparent: null };
  return [requestId, traceparent];
}

function waitForRoom(error: unknown): Outcome {
  if (toHooklineError(error).code !== 'backlog_full') throw error;
  return { state: 'retry', error: 'backlog_full', delayMs: ROOM_AFTER_MS };
}

async function emitted(tx: Queryable, statement: string, params: (string | null)[]): Promise<EmittedEvent> {
  const { rows } = await tx.query<EmittedEvent>(statement, params);
  if (rows[0] === undefined) throw new HooklineError('internal_error');
  return rows[0];
}

/** Why the payload does not fulfil its event type's schema, as `code: message`; null when it does, or there is none. */
async function problemOf(tx: Queryable, type: string | null, payload: string): Promise<string | null> {
  const { rows } = await tx.query<{ schema: string | null }>(EVENT_SCHEMA, [type]);
  const schema = rows[0]?.schema;
  if (type === null || typeof schema !== 'string') return null;
  try {
    checkPayload(type, schema, JSON.parse(payload));
    return null;
  } catch (error) {
    if (error instanceof HooklineError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
