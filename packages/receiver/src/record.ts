import type { ModelRiverEvent, ParsedEvent } from './event.js';
import { sha256Hex } from './hash.js';
import { inspect, objectOf, textOf } from './json-text.js';
import { UnstorableError } from './unstorable.js';

/** The specified columns of `ai_content` that a webhook fills. */
export interface ContentRecord {
  readonly title: string;
  readonly body: string;
  readonly category: string;
  /** JSON text of an object. */
  readonly metadata: string;
  readonly channelId: string | null;
  readonly eventName: string | null;
}

/** A value of an added column. Of an object or a list, its JSON. */
export type ColumnValue = string | number | bigint | boolean | null | Date | object;

/** What `mapRecord` gives: the record, changed as it likes, and the columns that were added to the table. */
export interface MappedRecord extends Omit<ContentRecord, 'metadata'> {
  /** JSON text of an object, or the object. */
  readonly metadata: string | object;
  /** Column name → value. Each must be a column of `ai_content` that is not the receiver's own. */
  readonly columns?: Readonly<Record<string, ColumnValue>>;
}

/** Changes how a webhook becomes a row. `event` is the webhook as JavaScript reads it. */
export type MapRecord = (record: ContentRecord, event: ModelRiverEvent) => MappedRecord | Promise<MappedRecord>;

/** A record that its store can hold, with values for added columns that every driver takes. */
export interface FittedRecord extends ContentRecord {
  readonly columns: Readonly<Record<string, string | number | null>>;
}

/** How much the columns of a store hold; `characters` are Unicode code points, `bytes` those of UTF-8. */
export interface ColumnLimits {
  readonly title: Limit;
  readonly body: Limit;
  readonly category: Limit;
  readonly channelId: Limit;
  readonly eventName: Limit;
  /** Deepest JSON that `metadata` holds, and the deepest webhook that `payload` does. */
  readonly metadataDepth: number;
  readonly payloadDepth: number;
}

export type Limit = { readonly characters: number } | { readonly bytes: number } | null;
