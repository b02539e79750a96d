import { setImmediate } from 'node:timers/promises';
import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { type Finding, HooklineError } from '../../errors.js';
import type { createPayloadCheck } from '../../trigger/payload-schema.js';

const RECENT_EVENTS = loadSql(import.meta.url, './recent-events.sql');
const MOST_EXAMPLES = 10;

/** Checks a payload of an event type against its schema, as JSON. */
export type PayloadCheck = ReturnType<typeof createPayloadCheck>;

/** An event that was triggered lately, its payload as JSON. */
export interface RecentEvent {
  readonly id: string;
  readonly payload: string;
  readonly created_at: string;
}

/** What a new schema breaks: of how many events that were looked at how many fulfilled the schema of then, and would not fulfil this one. */
export interface SchemaChange {
  readonly checked: number;
  readonly broken: number;
  readonly examples: readonly {
    readonly event_id: string;
    readonly created_at: string;
    readonly errors: readonly Finding[];
  }[];
}

/** The latest events of a type, a hundred at most. Only for the service. */
export async function recentEvents(tx: Queryable, eventType: string): Promise<RecentEvent[]> {
  const { rows } = await tx.query<RecentEvent>(RECENT_EVENTS, [eventType]);
  return rows;
}

/** Throws `invalid_payload_schema` for what payloads cannot be checked against; `schema` is JSON, null: none. */
export function checkSchema(check: PayloadCheck, eventType: string, schema: string | null): void {
  if (schema !== null) findingsOf(check, eventType, schema, {});
}

/**
 * Checks events against the schema that is to come, and those that do not fulfil it against the one of now. Others get their turn between two events.
 * Throws `invalid_payload_schema` for the schema to come.
 */
export async function schemaChange(
  check: PayloadCheck,
  eventType: string,
  { before, after }: { readonly before: string | null; readonly after: string | null },
  events: readonly RecentEvent[],
): Promise<SchemaChange> {
  checkSchema(check, eventType, after);
  const examples: SchemaChange['examples'][number][] = [];
  let broken = 0;
  for (const { id, payload: text, created_at } of events) {
    await setImmediate();
    const payload: unknown = JSON.parse(text);
    const errors = after === null ? [] : findingsOf(check, eventType, after, payload);
    if (errors.length === 0 || failedBefore(check, eventType, before, payload)) continue;
    broken += 1;
    if (examples.length < MOST_EXAMPLES) examples.push({ event_id: id, created_at, errors });
  }
  return { checked: events.length, broken, examples };
}

/** A schema of now that cannot be used has let pass what SQL triggered. */
function failedBefore(check: PayloadCheck, eventType: string, before: string | null, payload: unknown): boolean {
  if (before === null) return false;
  try {
    return findingsOf(check, eventType, before, payload).length > 0;
  } catch (error) {
    if (error instanceof HooklineError && error.code === 'invalid_payload_schema') return false;
    throw error;
  }
}

/** What is wrong with a payload by a schema, 20 places at most. Throws `invalid_payload_schema` for a schema that cannot be used. */
export function findingsOf(
  check: PayloadCheck,
  eventType: string,
  schema: string,
  payload: unknown,
): readonly Finding[] {
  try {
    check(eventType, schema, payload);
    return [];
  } catch (error) {
    if (error instanceof HooklineError && error.code === 'invalid_payload') return error.findings;
    throw error;
  }
}
