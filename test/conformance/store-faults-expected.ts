import { createHash } from 'node:crypto';
import { MAX_BODY_BYTES, type Meddled } from './store-faults-mutations.js';
import { sign } from './store-faults-requests.js';

export interface Expected {
  readonly status: 200 | 400 | 401 | 413;
  /** The row's key where one is to be stored, else null. */
  readonly key: string | null;
}

/** What the specification makes of a request, written down a second time and in another way. */
export function expectedOf({ body, headers }: Meddled): Expected {
  const nothing = (status: Expected['status']): Expected => ({ status, key: null });
  if (body.length > MAX_BODY_BYTES) return nothing(413);
  if (!isSigned(body, new Headers(headers))) return nothing(401);
  const text = new TextDecoder().decode(body);
  const webhook = parsed(text);
  if (webhook === undefined) return nothing(400);
  const { type, event, channel_id, ai_response, callback_url, customer_data, meta } = webhook;
  const isText = (given: unknown): boolean => given === undefined || given === null || typeof given === 'string';
  const isObject = (given: unknown): boolean =>
    given === undefined || given === null || (typeof given === 'object' && !Array.isArray(given));
  if (![type, event, channel_id, callback_url].every(isText)) return nothing(400);
  if (![ai_response, customer_data, meta].every(isObject)) return nothing(400);
  const isWork = type === 'task.ai_generated' && typeof callback_url === 'string' && callback_url !== '';
  // A NUL that is escaped by an odd number of backslashes; and MariaDB's JSON is 32 deep.
  const storable = !/(?<!\\)(?:\\\\)*\\u0000/.test(text) && depthOf(metadataOf(webhook)) <= 32;
  if (!isWork || !storable) return nothing(200);
  if (channel_id === undefined || channel_id === null || channel_id === '') return { status: 200, key: sha256(body) };
  const [channel, name] = [String(wellFormed(channel_id)), wellFormed(event ?? null)];
  const isPlain = typeof name === 'string' && /^[A-Za-z0-9_-]+$/.test(channel) && /^[\x21-\x7e]+$/.test(name);
  const isShort = channel.length + String(name).length < 64;
  return {
    status: 200,
    key: isPlain && isShort ? `${channel}:${name}` : sha256(JSON.stringify([channel, type, name])),
  };
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

function isSigned(body: Uint8Array, headers: Headers): boolean {
  const signature = headers.get('mr-signature');
  if (signature !== null) return signature === sign(body);
  const time = headers.get('x-modelriver-timestamp');
  if (time === null || Date.now() / 1000 - Number(time) > 300) return false;
  return headers.get('x-modelriver-signature') === sign(Buffer.concat([Buffer.from(`${time}.`), body]));
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function metadataOf({ customer_data, meta }: Record<string, unknown>): Record<string, unknown> {
  const { model, provider } = (meta ?? {}) as Record<string, unknown>;
  return { ...(customer_data as object | null), model, provider };
}

function depthOf(json: unknown): number {
  if (typeof json !== 'object' || json === null) return 0;
  return 1 + Math.max(0, ...Object.values(json).map(depthOf));
}

/** A lone surrogate is stored as U+FFFD. */
function wellFormed(text: unknown): unknown {
  return typeof text === 'string' ? text.toWellFormed() : text;
}
