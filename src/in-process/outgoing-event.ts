import { IsUuid } from 'typebox/format';
import { HooklineError } from '../errors.js';
import { type NewEvent, REQUEST_ID } from '../trigger/event.js';

/** The payload of each event type. */
export type EventMap = Readonly<Record<string, object>>;

/** Whom an event is for: exactly one of them. No event reaches everyone by accident. */
export type Recipient =
  | { readonly userId: string; readonly externalUserId?: never; readonly broadcast?: never }
  | { readonly externalUserId: string; readonly userId?: never; readonly broadcast?: never }
  | { readonly broadcast: true; readonly userId?: never; readonly externalUserId?: never };

/** An event as the application gives it. */
export type OutgoingEvent<Events extends EventMap, Type extends keyof Events & string> = Recipient & {
  readonly type: Type;
  /** What `JSON.stringify` makes of it is delivered: 256 KiB at most. */
  readonly payload: Events[Type];
  /** 1 to 255 characters: the same event under the same key is triggered once in 24 hours. */
  readonly idempotencyKey?: string | undefined;
  /** The application's id of the request that triggers it: 1 to 128 letters, digits, `_`, `.`, `:` or `-`. It stands in the line of each attempt in the worker's log. */
  readonly requestId?: string | undefined;
};

interface Given {
  readonly type: unknown;
  readonly payload: unknown;
  readonly userId?: unknown;
  readonly externalUserId?: unknown;
  readonly broadcast?: unknown;
  readonly idempotencyKey?: unknown;
  readonly requestId?: unknown;
}

/** Checks what types alone do not hold, in JavaScript least of all. Throws `invalid_request`, `invalid_payload`. */
export function toNewEvent(given: Given): NewEvent {
  const { type, payload, userId, externalUserId, broadcast, idempotencyKey, requestId } = given;
  const recipients = [userId, externalUserId, broadcast].filter((one) => one !== undefined);
  if (recipients.length !== 1 || (broadcast !== undefined && broadcast !== true)) {
    throw new HooklineError('invalid_request', 'Give one of userId, externalUserId and broadcast: true.');
  }
  if (userId !== undefined && !(typeof userId === 'string' && IsUuid(userId))) {
    throw new HooklineError('invalid_request', 'userId takes a UUID.', {
      hint: 'For an id of your own there is externalUserId.',
    });
  }
  return {
    type: text('type', type, 100),
    ...bodyOf(payload),
    userId: userId ?? null,
    externalUserId: externalUserId === undefined ? null : text('externalUserId', externalUserId, 255),
    idempotencyKey: idempotencyKey === undefined ? null : text('idempotencyKey', idempotencyKey, 255),
    requestId: requestId === undefined ? null : requestIdOf(requestId),
  };
}

function text(name: string, value: unknown, most: number): string {
  if (typeof value === 'string' && value.length >= 1 && value.length <= most && !value.includes('\0')) return value;
  throw new HooklineError('invalid_request', `${name} takes a string of 1 to ${most} characters.`);
}

function requestIdOf(value: unknown): string {
  if (typeof value === 'string' && REQUEST_ID.test(value)) return value;
  throw new HooklineError('invalid_request', 'requestId takes 1 to 128 letters, digits, "_", ".", ":" or "-".');
}

/** The payload as it will be read from JSON: a date is a string there, and so the schema sees it. */
function bodyOf(payload: unknown): { readonly payload: object; readonly json: string } {
  const json = jsonOf(payload);
  const read: unknown = json === undefined ? undefined : JSON.parse(json);
  if (json === undefined || typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new HooklineError('invalid_payload', 'The payload is no object.');
  }
  return { payload: read, json };
}

function jsonOf(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HooklineError('invalid_payload', `The payload cannot be written as JSON: ${reason}`, { cause: error });
  }
}
