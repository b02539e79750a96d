import type { ModelRiverEvent } from './event.js';
import { mendSurrogates } from './json-text.js';
import type { ContentRecord } from './record.js';
import { type BoundValue, MappingError, type Row } from './row.js';
import { UnstorableError } from './unstorable.js';

/** A value of an added column; of an object or a list, its JSON is stored. */
export type ColumnValue = string | number | bigint | boolean | null | Date | object;

/** What `mapRecord` gives: the record, changed as it likes, and values of columns that were added to the table. */
export interface MappedRecord extends Omit<ContentRecord, 'metadata'> {
  /** JSON text of an object, or the object. */
  readonly metadata: string | object;
  /** Column name → value. Each must be a column of `ai_content` that is not the receiver's own. */
  readonly columns?: Readonly<Record<string, ColumnValue>>;
}

/** Changes how a webhook becomes a row. `event` is the webhook as JavaScript reads it. Throws `UnstorableError` for what shall never be stored. */
export type MapRecord = (record: ContentRecord, event: ModelRiverEvent) => MappedRecord | Promise<MappedRecord>;

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const OWN =
  /^(id|title|body|category|metadata|channel_id|event_name|user_id|created_at|updated_at|idempotency_key|body_hash|(differing_)?repeats|payload|(callback|event)_.*)$/i;

/**
 * The record as `mapRecord` changes it, checked, and the values of added columns as a store can bind them.
 * @throws MappingError and, for content that no store can hold, UnstorableError.
 */
export async function mapped(mapRecord: MapRecord, record: ContentRecord, event: ModelRiverEvent): Promise<Row> {
  let given: MappedRecord;
  try {
    given = await mapRecord(record, event);
  } catch (error) {
    if (error instanceof UnstorableError) throw error;
    throw new MappingError('mapRecord threw.', { cause: error });
  }
  if (typeof given !== 'object' || given === null) throw new MappingError('mapRecord must give a record.');
  const { title, body, category, channelId, eventName } = given;
  return {
    record: {
      title: text('title', title),
      body: text('body', body),
      category: text('category', category),
      metadata: metadataText(given.metadata),
      channelId: channelId === null ? null : text('channelId', channelId),
      eventName: eventName === null ? null : text('eventName', eventName),
    },
    columns: Object.fromEntries(Object.entries(given.columns ?? {}).map(([name, value]) => [name, bound(name, value)])),
  };
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new MappingError(`mapRecord must give a string for ${name}.`);
  if (value.includes('\0')) throw new UnstorableError('The content holds a NUL character, which no store can hold.');
  return value.replace(/\p{Surrogate}/gu, '\ufffd');
}

function metadataText(value: unknown): string {
  const json = typeof value === 'string' ? value : toJson('metadata', value);
  try {
    if (json.trimStart().startsWith('{')) {
      JSON.parse(json);
      return withoutNul(mendSurrogates(json));
    }
  } catch (error) {
    if (error instanceof UnstorableError) throw error;
  }
  throw new MappingError('mapRecord must give an object, or the JSON text of one, for metadata.');
}

function bound(name: string, value: ColumnValue | undefined): BoundValue {
  if (!NAME.test(name))
    throw new MappingError('A column that mapRecord gives has a name of letters, digits and _, at most 63.');
  if (OWN.test(name)) throw new MappingError(`mapRecord may not set ${name}, a column of the receiver's own.`);
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'string') return text(name, value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new MappingError(`mapRecord gave ${value} for ${name}; a number must be finite.`);
    return value;
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new MappingError(`mapRecord gave an invalid date for ${name}.`);
    return value;
  }
  return { json: withoutNul(mendSurrogates(toJson(name, value))) };
}

function toJson(name: string, value: unknown): string {
  try {
    const json: string | undefined = JSON.stringify(value);
    if (json !== undefined) return json;
  } catch (error) {
    throw new MappingError(`What mapRecord gave for ${name} cannot be written as JSON.`, { cause: error });
  }
  throw new MappingError(`What mapRecord gave for ${name} cannot be written as JSON.`);
}

function withoutNul(json: string): string {
  if (/(?<!\\)(\\\\)*\\u0000/.test(json)) {
    throw new UnstorableError('The content holds a NUL character, which no store can hold.');
  }
  return json;
}
