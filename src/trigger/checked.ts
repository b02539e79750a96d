import { LRUCache } from 'lru-cache';
import { toHooklineError } from '../db/sql-errors.js';
import { HooklineError } from '../errors.js';
import { type NewEvent, refuseTooLarge, type Triggered } from './event.js';
import { createPayloadCheck, KEPT_SCHEMAS } from './payload-schema.js';
import type { CheckedEvent, EventRow } from './statement.js';

/** A schema that changes between every two statements is nobody's. */
const MOST_TRIES = 5;
const NO_SCHEMA = '';
const UNDECIDED: Outcome = {
  status: 'rejected',
  reason: new HooklineError('database_unavailable', 'The schema of the event type changes without end.'),
};

/** What an event type's schema was when it was last told, and its digest. */
interface KnownSchema {
  readonly schema: string | null;
  readonly digest: string;
}

/** What is told of each event that was sent, in their order; a promise that fails is that event's failure alone. */
export type Told = readonly (EventRow | Promise<EventRow>)[];
/** Sends events to hookline.trigger_events. */
export type Send = (events: readonly CheckedEvent[]) => Promise<Told>;

/** What came of an event. `reason` is `payload_too_large`, `invalid_payload`, `invalid_payload_schema`, what the row tells, or what sending it threw. */
export type Outcome = PromiseSettledResult<Triggered>;

/**
 * Makes the one way of triggering: with the check of payloads against their types' schemas, which PostgreSQL cannot make. Schemas are remembered, and
 * the statement that triggers says when one has changed since, so that the check is that of now and costs no round trip of its own.
 */
export function checkedTrigger(): (events: readonly NewEvent[], send: Send) => Promise<Outcome[]> {
  const checkPayload = createPayloadCheck();
  const known = new LRUCache<string, KnownSchema>({ max: KEPT_SCHEMAS });

  /** Null when the payload does not fulfil what is remembered: the schema may have changed, or the event may have come before under its key. */
  function digestOf({ type, payload }: NewEvent): string | null {
    const last = known.get(type);
    if (last === undefined || last.schema === null) return NO_SCHEMA;
    try {
      checkPayload(type, last.schema, payload);
      return last.digest;
    } catch (error) {
      if (error instanceof HooklineError) return null;
      throw error;
    }
  }

  /** What came of an event by its row; null when it has passed the schema that it has to be sent with again. */
  async function judge(
    { event }: CheckedEvent,
    told: EventRow | Promise<EventRow> | undefined,
  ): Promise<Triggered | null> {
    const row = await told;
    if (row === undefined) throw new HooklineError('internal_error');
    if (row.schema_digest === null) return triggered(row);
    known.set(event.type, { schema: row.schema, digest: row.schema_digest });
    if (row.schema !== null) checkPayload(event.type, row.schema, event.payload);
    return null;
  }

  return async (events, send) => {
    const outcomes: Outcome[] = events.map(() => UNDECIDED);
    let left = [...events.entries()];
    for (let tries = 0; tries < MOST_TRIES && left.length > 0; tries += 1) {
      const checked = left.flatMap(([at, event]) => {
        try {
          refuseTooLarge(event);
          return [{ at, event, digest: digestOf(event) }];
        } catch (reason) {
          outcomes[at] = { status: 'rejected', reason };
          return [];
        }
      });
      const told =
        checked.length === 0 ? [] : await send(checked).catch((reason) => checked.map(() => Promise.reject(reason)));
      const judged = await Promise.allSettled(checked.map((one, n) => judge(one, told[n])));
      left = judged.flatMap((outcome, n) => {
        const { at, event } = checked[n] as (typeof checked)[number];
        if (outcome.status === 'fulfilled' && outcome.value === null) return [[at, event] as const];
        outcomes[at] = outcome as Outcome;
        return [];
      });
    }
    return outcomes;
  };
}

function triggered({ event_id, is_duplicate, matched, deliveries, ...row }: EventRow): Triggered {
  if (row.problem_state !== null) {
    const { problem_state: code, problem, hint } = row;
    throw toHooklineError(Object.assign(new Error(problem ?? ''), { code, hint }));
  }
  if (event_id === null || is_duplicate === null || matched === null || deliveries === null) {
    throw new HooklineError('internal_error');
  }
  return { eventId: event_id, isDuplicate: is_duplicate, matched, deliveries, skipped: row.skipped ?? 0 };
}
