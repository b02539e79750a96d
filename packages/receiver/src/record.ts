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

/**
 * The row of an event by rule 3 and "Settled" of the inbound specification, whatever its length. Fallbacks stand in for null and absent values only.
 * @throws UnstorableError when a string holds a NUL.
 */
export function toRecord(event: ParsedEvent): ContentRecord {
  if (event.hasNul) throw new UnstorableError('The content holds a NUL character, which no store can hold.');
  const { data, customerData, meta } = event;
  const metadata = new Map(customerData);
  for (const [field, source] of [
    ['ai_model', meta.get('model')],
    ['ai_provider', meta.get('provider')],
  ] as const) {
    if (source !== undefined && source !== 'null') metadata.set(field, source);
  }
  return {
    title: textOf(data.get('title')) ?? 'Untitled',
    body: textOf(data.get('description')) ?? textOf(data.get('body')) ?? '',
    category: textOf(customerData.get('category')) ?? 'general',
    metadata: objectOf(metadata),
    channelId: event.channelId,
    eventName: event.event,
  };
}

/**
 * The idempotency key of an event, 64 hex characters: a hash of channel_id, type and event; without a channel_id (an empty one tells
 * nothing apart either) a hash of the raw body. The two cannot meet: the first hashes a JSON list, the second a JSON object.
 */
export function idempotencyKey(event: ParsedEvent, body: Uint8Array<ArrayBuffer>): Promise<string> {
  if (event.channelId === null || event.channelId === '') return sha256Hex(body);
  return sha256Hex(JSON.stringify([event.channelId, event.type, event.event]));
}
