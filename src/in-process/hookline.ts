import { toHooklineError } from '../db/sql-errors.js';
import { codeOf, HooklineError } from '../errors.js';
import { checkedTrigger, type Send } from '../trigger/checked.js';
import { columnsOf, type EventRow, TRIGGER_EVENTS } from '../trigger/statement.js';
import { tracedTrigger } from '../trigger/trace.js';
import { type EventMap, type OutgoingEvent, toNewEvent } from './outgoing-event.js';
import type { PostgresClient } from './postgres-client.js';

export interface HooklineOptions {
  /** The application's own pool of `pg`. Its role needs two rights (docs/in-process.md). */
  readonly pool: PostgresClient;
}

/** An event that was triggered. */
export interface TriggeredEvent {
  /** UUID. */
  readonly eventId: string;
  /** It was triggered before under its idempotency key; the deliveries are of then. */
  readonly isDuplicate: boolean;
  readonly deliveries: readonly { readonly id: string; readonly webhook_id: string; readonly url: string }[];
}

export interface Hookline<Events extends EventMap> {
  /**
   * Triggers an event in the transaction that is open on `client`: when that commits the event is delivered, and when it is rolled back it never was.
   * Without `client`, or with the pool, it is a transaction of its own. Throws `invalid_request`, `payload_too_large`, `invalid_payload`,
   * `invalid_payload_schema`, `unknown_event_type`, `unknown_user`, `idempotency_conflict`, `backlog_full`, `not_storable`: after these the transaction goes on when the
   * application lets it. `database_refused`, `not_migrated`, `database_unavailable` are PostgreSQL's own errors, which have aborted it.
   */
  trigger<Type extends keyof Events & string>(
    client: PostgresClient | undefined,
    event: OutgoingEvent<Events, Type>,
  ): Promise<TriggeredEvent>;
}

/**
 * Hookline inside a Node application that has its own connections to the database that Hookline is migrated into. `Events` says which payload each event
 * type has: `createHookline<{ 'video.generated': { video_id: string } }>({ pool })`.
 */
export function createHookline<Events extends EventMap = EventMap>({ pool }: HooklineOptions): Hookline<Events> {
  const trigger = checkedTrigger();
  return {
    async trigger(client, given) {
      const send = sendBy(client ?? pool);
      const [outcome] = await tracedTrigger([toNewEvent(given)], (events) => trigger(events, send));
      if (outcome?.status !== 'fulfilled') throw toldHowToMakeKnown(outcome?.reason, given.externalUserId);
      const { eventId, isDuplicate, deliveries } = outcome.value;
      return { eventId, isDuplicate, deliveries: JSON.parse(deliveries) };
    },
  };
}

function sendBy(client: PostgresClient): Send {
  return async (events) => {
    try {
      const { rows } = await client.query(TRIGGER_EVENTS, columnsOf(events));
      return rows as EventRow[];
    } catch (error) {
      throw refusal(error) ?? toHooklineError(error);
    }
  };
}

/** SQL's hint of an unknown user knows nothing of the application's role. */
function toldHowToMakeKnown(reason: unknown, externalUserId: string | undefined): unknown {
  const isUnknown = reason instanceof HooklineError && reason.code === 'unknown_user';
  if (!isUnknown || externalUserId === undefined) return reason;
  return new HooklineError('unknown_user', reason.message, {
    hint: "SELECT hookline.ensure_user($1), with the id that you have of the user, makes them known, in this transaction too; the role needs EXECUTE on that function. Where auth.users is not Hookline's own, as on Supabase, users sign up there.",
    cause: reason,
  });
}

/** What is wrong with the database or the role, in an application's words. */
function refusal(error: unknown): HooklineError | undefined {
  const code = codeOf(error);
  if (code === '42501') {
    return new HooklineError('database_refused', 'The role of this connection may not trigger events.', {
      hint: 'As the owner of the schema: GRANT USAGE ON SCHEMA hookline TO <role>; GRANT EXECUTE ON FUNCTION hookline.trigger_events TO <role>;',
      cause: error,
    });
  }
  if (code === '3F000' || code === '42883') {
    return new HooklineError('not_migrated', 'There is no hookline.trigger_events in this database.', {
      hint: 'Run `hookline migrate` on the database that the pool connects to.',
      cause: error,
    });
  }
  return undefined;
}
