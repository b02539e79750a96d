import type { ParsedEvent } from './event.js';
import { sha256Hex } from './hash.js';
import { objectOf, textOf } from './json-text.js';
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

/** How much the columns of a store hold, in characters (Unicode code points); null is without limit. */
export interface ColumnLimits {
  readonly title: number;
  readonly body: number | null;
  readonly category: number;
  readonly channelId: number;
  readonly eventName: number;
  /** Deepest JSON that the store holds. */
  readonly jsonDepth: number;
}

/**
 * The row of an event: rule 3 and "Settled" of the inbound specification. Fallbacks stand in for null and absent values only. Text longer
 * than its column is cut, and `metadata.truncated` says how many characters it had: `{"truncated":{"title":70000}}`.
 * @throws UnstorableError when a string holds a NUL or the nesting is deeper than the store holds.
 */
export function toRecord(event: ParsedEvent, limits: ColumnLimits): ContentRecord {
  if (event.hasNul) throw new UnstorableError('The content holds a NUL character, which no store can hold.');
  if (event.depth > limits.jsonDepth) throw new UnstorableError(`The JSON is nested deeper than ${limits.jsonDepth}.`);

  const truncated: Record<string, number> = {};
  const clip = <T extends string | null>(column: string, text: T, limit: number | null): T => {
    const kept = text === null || limit === null ? null : cut(text, limit);
    if (kept === null) return text;
    truncated[column] = kept.characters;
    return kept.text as T;
  };
  const { data, customerData, meta } = event;
  const title = clip('title', textOf(data.get('title')) ?? 'Untitled', limits.title);
  const body = clip('body', textOf(data.get('description')) ?? textOf(data.get('body')) ?? '', limits.body);
  const category = clip('category', textOf(customerData.get('category')) ?? 'general', limits.category);
  const channelId = clip('channel_id', event.channelId, limits.channelId);
  const eventName = clip('event_name', event.event, limits.eventName);

  const metadata = new Map(customerData);
  for (const [field, source] of [
    ['ai_model', meta.get('model')],
    ['ai_provider', meta.get('provider')],
  ] as const) {
    if (source !== undefined && source !== 'null') metadata.set(field, source);
  }
  if (Object.keys(truncated).length > 0) metadata.set('truncated', JSON.stringify(truncated));
  return { title, body, category, metadata: objectOf(metadata), channelId, eventName };
}

/**
 * The idempotency key of an event, 64 hex characters: a hash of channel_id, type and event; without a channel_id (an empty one tells
 * nothing apart either) a hash of the raw body. The two cannot meet: the first hashes a JSON list, the second a JSON object.
 */
export function idempotencyKey(event: ParsedEvent, bodyHash: string): Promise<string> {
  if (event.channelId === null || event.channelId === '') return Promise.resolve(bodyHash);
  return sha256Hex(JSON.stringify([event.channelId, event.type, event.event]));
}

/** `text` cut to `limit` characters with its own length, or null when it fits. Never splits a surrogate pair. */
function cut(text: string, limit: number): { text: string; characters: number } | null {
  if (text.length <= limit) return null;
  let characters = 0;
  let end = 0;
  for (const character of text) {
    if (characters < limit) end += character.length;
    characters++;
  }
  return characters <= limit ? null : { text: text.slice(0, end), characters };
}
