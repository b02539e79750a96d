import { AI_GENERATED, type ParsedEvent } from './event.js';
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

/** Of letters that no column pads or folds; the first of two has no colon, so that no two pairs can meet. */
const PLAIN_ID = /^[\w-]+$/;
const PLAIN_NAME = /^[!-~]+$/;

/**
 * The idempotency key of an event, at most 64 ASCII characters: `<channel_id>:<event>` of AI content where they are short and plain, so that most webhooks
 * cost no digest (a job on another thread: of the handler's own work the dearest part); else 64 hex characters, a hash of channel_id, type and event; without
 * a channel_id (an empty one tells nothing apart either) a hash of the raw body. No two kinds can meet: only the first has a colon, and
 * of the hashed ones the first is of a JSON list, the second of a JSON object.
 */
export async function idempotencyKey(event: ParsedEvent, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const { channelId, type, event: name } = event;
  if (channelId === null || channelId === '') return sha256Hex(body);
  const isPlain = type === AI_GENERATED && name !== null && PLAIN_ID.test(channelId) && PLAIN_NAME.test(name);
  if (isPlain && channelId.length + name.length < 64) return `${channelId}:${name}`;
  return sha256Hex(JSON.stringify([channelId, type, name]));
}
