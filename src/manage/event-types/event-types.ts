import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { type Page, type PageRequest, type PageRow, pageOf } from '../page.js';

const EVENT_TYPES = loadSql(import.meta.url, './event-types.sql');
const CREATE = loadSql(import.meta.url, './create.sql');
const CHANGE = loadSql(import.meta.url, './change.sql');
const LOCK = loadSql(import.meta.url, './lock.sql');
const DELETE = loadSql(import.meta.url, './delete.sql');

/** An event type as JSON, and the version that its ETag is made from. */
export interface EventType {
  readonly json: string;
  readonly updatedAt: string;
  /** Its JSON Schema, as JSON. */
  readonly payloadSchema: string | null;
}

interface EventTypeRow extends PageRow {
  readonly updated_at: string;
  readonly payload_schema: string | null;
}

export interface EventTypeFilter {
  readonly category?: string | undefined;
  readonly isEnabled?: boolean | undefined;
}

/** Event types as JSON, newest first. */
export async function listEventTypes(
  tx: Queryable,
  { category, isEnabled }: EventTypeFilter,
  { limit, after }: PageRequest,
): Promise<Page> {
  const place = [after?.at ?? null, after?.id ?? null];
  const params = [null, category ?? null, isEnabled ?? null, ...place, limit + 1];
  const { rows } = await tx.query<EventTypeRow>(EVENT_TYPES, params);
  return pageOf(rows, limit);
}

/** Throws `event_type_not_found`. */
export async function readEventType(tx: Queryable, name: string): Promise<EventType> {
  const { rows } = await tx.query<EventTypeRow>(EVENT_TYPES, [name, null, null, null, null, 1]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('event_type_not_found');
  return { json: row.json, updatedAt: row.updated_at, payloadSchema: row.payload_schema };
}

/** Adds an event type from a JSON object of its columns. Only for the service; throws `event_type_exists`. */
export async function createEventType(tx: Queryable, name: string, jsonText: string): Promise<EventType> {
  const { rowCount } = await tx.query(CREATE, [jsonText]);
  if (rowCount === 0) {
    throw new HooklineError('event_type_exists', `There is an event type ${name}.`, { hint: 'Change it with PATCH.' });
  }
  return readEventType(tx, name);
}

/** Locks an event type until the transaction ends; its version. Only for the service; throws `event_type_not_found`. */
export async function lockEventType(tx: Queryable, name: string): Promise<string> {
  const { rows } = await tx.query<{ updated_at: string }>(LOCK, [name]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('event_type_not_found');
  return row.updated_at;
}

/** Changes what a JSON object gives of the columns. Only for the service; throws `event_type_not_found`. */
export async function changeEventType(tx: Queryable, name: string, jsonText: string): Promise<EventType> {
  await tx.query(CHANGE, [name, jsonText]);
  return readEventType(tx, name);
}

/** Removes a locked event type that nothing needs. Only for the service; throws `event_type_in_use`. */
export async function deleteEventType(tx: Queryable, name: string): Promise<void> {
  const { rows } = await tx.query<{ by_subscriptions: boolean; by_deliveries: boolean }>(DELETE, [name]);
  const [needed] = rows;
  const by = [
    needed?.by_subscriptions && 'webhooks subscribe to it',
    needed?.by_deliveries && 'deliveries were made of it',
  ];
  const reasons = by.filter((reason) => typeof reason === 'string');
  if (reasons.length === 0) return;
  throw new HooklineError('event_type_in_use', `${name} cannot go: ${reasons.join(', ')}.`, {
    hint: 'Disable it with is_enabled: false: it is triggered no more, and nobody new subscribes.',
  });
}
