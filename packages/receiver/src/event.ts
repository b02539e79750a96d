import { inspect, type Members, membersOf, mendSurrogates } from './json-text.js';
import { UnstorableError } from './unstorable.js';

/** The type of the events that are stored; any other is acknowledged only (rule 2). */
export const AI_GENERATED = 'task.ai_generated';

export const TASK_COMPLETED = 'task.completed';

/**
 * A gateway's webhook as JavaScript reads it, its envelope validated by `parseEvent`. Numbers beyond a double's digits are whole in
 * `ParsedEvent.text` alone. `type` tells the two documented shapes apart.
 */
export type ModelRiverEvent = AiGeneratedEvent | TaskCompletedEvent | UnknownEvent;

/** The workflow has an event name: the content is to be stored, and the gateway waits for its callback. */
export interface AiGeneratedEvent extends Envelope {
  readonly type: 'task.ai_generated';
}

/** The workflow has no event name: told for information. */
export interface TaskCompletedEvent extends Envelope {
  readonly type: 'task.completed';
  readonly workflow?: unknown;
  readonly status?: unknown;
  readonly data?: unknown;
}

/** Any other webhook, which is acknowledged. */
export interface UnknownEvent extends Envelope {
  readonly type?: string | null;
}

/** What every webhook may have. Fields that are named with a type have it, or are null or absent; others are as the gateway sent them. */
export interface Envelope {
  readonly event?: string | null;
  readonly ai_response?: AiResponse | null;
  readonly callback_url?: string | null;
  readonly callback_required?: unknown;
  readonly customer_data?: CustomerData | null;
  readonly channel_id?: string | null;
  readonly meta?: Meta | null;
  readonly timestamp?: unknown;
  readonly [field: string]: unknown;
}

/** What the model made. */
export interface AiResponse {
  readonly data?: unknown;
  readonly [field: string]: unknown;
}

/** What the application gave with its request, handed through: `user_id` names whose customers are told. */
export interface CustomerData {
  readonly user_id?: unknown;
  readonly category?: unknown;
  readonly [field: string]: unknown;
}

/** How it was made. */
export interface Meta {
  readonly model?: unknown;
  readonly provider?: unknown;
  /** `{ prompt, completion, total }` */
  readonly tokens?: unknown;
  readonly duration_ms?: unknown;
  readonly attempts?: unknown;
  readonly [field: string]: unknown;
}

/** A webhook whose envelope is valid. `Members` hold each field's JSON text, so that numbers stay exact. */
export interface ParsedEvent {
  readonly value: ModelRiverEvent;
  /** The JSON as it came, lone surrogates mended to U+FFFD. */
  readonly text: string;
  readonly type: string | null;
  readonly event: string | null;
  readonly channelId: string | null;
  readonly callbackUrl: string | null;
  /** The members of `ai_response.data`; none when it is absent or no object. */
  readonly data: Members;
  readonly customerData: Members;
  readonly meta: Members;
  /** Depth of the deepest nesting. */
  readonly depth: number;
  /** A string of the JSON holds a NUL, which no store can hold. */
  readonly hasNul: boolean;
}

export type EventErrorCode = 'invalid_json' | 'not_an_object' | 'invalid_field';

/** The body is no webhook: answered 400 `{"error": message, "code": code}`. */
export class EventError extends Error {
  readonly code: EventErrorCode;

  constructor(code: EventErrorCode, message: string) {
    super(message);
    this.name = 'EventError';
    this.code = code;
  }
}

const decoder = new TextDecoder();
const ENVELOPE = {
  type: 'string',
  event: 'string',
  ai_response: 'object',
  callback_url: 'string',
  customer_data: 'object',
  channel_id: 'string',
  meta: 'object',
} as const;

/**
 * The event in `body`, the raw bytes of a webhook.
 * @throws EventError when the body is no JSON object or a field of the envelope is neither absent, null nor of its type.
 * @throws UnstorableError where the runtime's own JSON parser gives up on deep nesting (V8's does not).
 */
export function parseEvent(body: Uint8Array): ParsedEvent {
  const text = mendSurrogates(decoder.decode(body));
  const value = parseJson(text);
  if (!isObject(value)) throw new EventError('not_an_object', 'The body must be a JSON object.');
  for (const [field, type] of Object.entries(ENVELOPE)) {
    if (!hasType(value[field], type)) {
      throw new EventError(
        'invalid_field',
        `${field} must be ${type === 'object' ? 'an object' : 'a string'} or null.`,
      );
    }
  }
  const event = value as ModelRiverEvent;
  const envelope = membersOf(text);
  return {
    value: event,
    text,
    type: event.type ?? null,
    event: event.event ?? null,
    channelId: event.channel_id ?? null,
    callbackUrl: event.callback_url ?? null,
    data: membersOf(membersOf(envelope.get('ai_response')).get('data')),
    customerData: membersOf(envelope.get('customer_data')),
    meta: membersOf(envelope.get('meta')),
    ...inspect(text),
  };
}

/** Whether the event is to be stored and called back (rule 2): anything else is acknowledged only. */
export function isWork(event: ParsedEvent): event is ParsedEvent & { readonly callbackUrl: string } {
  return event.type === AI_GENERATED && event.callbackUrl !== null && event.callbackUrl !== '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new EventError('invalid_json', 'The body is not JSON.');
    throw new UnstorableError('The JSON is nested too deep.', { cause: error });
  }
}

function hasType(value: unknown, type: 'string' | 'object'): boolean {
  return value === undefined || value === null || (type === 'object' ? isObject(value) : typeof value === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
