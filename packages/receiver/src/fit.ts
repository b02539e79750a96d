import type { ParsedEvent } from './event.js';
import { inspect, membersOf, objectOf } from './json-text.js';
import type { ContentRecord } from './record.js';
import type { Columns } from './row.js';
import { UnstorableError } from './unstorable.js';

/** How much a text column holds: `characters` are Unicode code points, `bytes` those of UTF-8, null is without limit. */
export type Limit = { readonly characters: number } | { readonly bytes: number } | null;

/** How much the columns of a store hold. */
export interface ColumnLimits {
  readonly title: Limit;
  readonly body: Limit;
  readonly category: Limit;
  readonly channelId: Limit;
  readonly eventName: Limit;
  /** Deepest JSON that `metadata` holds. */
  readonly metadataDepth: number;
  /** Deepest webhook that `payload` holds. */
  readonly payloadDepth: number;
}

/** A record that its store can hold, with the values of added columns. */
export interface FittedRecord extends ContentRecord {
  readonly columns: Columns;
}

const encoder = new TextEncoder();

/**
 * Cuts what is longer than its column; `metadata.truncated` then says how many characters it had: `{"truncated":{"title":70000}}`.
 * @throws UnstorableError when JSON is nested deeper than the store holds.
 */
export function fitRecord(
  record: ContentRecord,
  columns: Columns,
  event: ParsedEvent,
  limits: ColumnLimits,
): FittedRecord {
  const truncated: Record<string, number> = {};
  const clip = <T extends string | null>(column: string, text: T, limit: Limit): T => {
    const kept = text === null || limit === null ? null : cut(text, limit);
    if (kept === null) return text;
    truncated[column] = kept.characters;
    return kept.text as T;
  };
  const fitted = {
    title: clip('title', record.title, limits.title),
    body: clip('body', record.body, limits.body),
    category: clip('category', record.category, limits.category),
    channelId: clip('channel_id', record.channelId, limits.channelId),
    eventName: clip('event_name', record.eventName, limits.eventName),
  };
  const metadata =
    Object.keys(truncated).length === 0
      ? record.metadata
      : objectOf(membersOf(record.metadata).set('truncated', JSON.stringify(truncated)));
  if (event.depth > limits.payloadDepth) throw tooDeep(limits.payloadDepth);
  if (inspect(metadata).depth > limits.metadataDepth) throw tooDeep(limits.metadataDepth);
  return { ...fitted, metadata, columns };
}

function tooDeep(depth: number): UnstorableError {
  return new UnstorableError(`The JSON is nested deeper than ${depth}.`);
}

/** `text` cut to its limit with its own length in characters, or null when it fits. Never splits a character. */
function cut(text: string, limit: NonNullable<Limit>): { text: string; characters: number } | null {
  const inBytes = 'bytes' in limit;
  const most = inBytes ? limit.bytes : limit.characters;
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (text.length * (inBytes ? 3 : 1) <= most || (inBytes && encoder.encode(text).byteLength <= most)) return null;
  let characters = 0;
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += inBytes ? bytesOf(character) : 1;
    if (used <= most) end += character.length;
    characters++;
  }
  return used <= most ? null : { text: text.slice(0, end), characters };
}

function bytesOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
}
