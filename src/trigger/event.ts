import { HooklineError } from '../errors.js';

/** As hookline.check_payload has it. */
const PAYLOAD_LIMIT_BYTES = 262_144;

/** What is safe to log, and to hold in a column: what `hookline.events.request_id` takes. */
export const REQUEST_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

/** An event as a caller gives it. Without a user it is for everyone: whoever makes one has asked for that. */
export interface NewEvent {
  readonly type: string;
  /** For the check against the type's schema. */
  readonly payload: object;
  /** The payload's JSON, which is what is stored: a number that passed through `JSON.parse` is no longer exact. */
  readonly json: string;
  /** UUID of a row of auth.users. */
  readonly userId: string | null;
  /** The application's own id of the user. */
  readonly externalUserId: string | null;
  readonly idempotencyKey: string | null;
  /** Id of the request that triggers it: 1 to 128 letters, digits, `_`, `.`, `:` or `-`. */
  readonly requestId?: string | null;
  /** The span that it comes from, as a W3C `traceparent` of version 00. */
  readonly traceparent?: string | null;
}

/** What came of an event. */
export interface Triggered {
  /** UUID. */
  readonly eventId: string;
  /** It was triggered before under its idempotency key; all else is of then. */
  readonly isDuplicate: boolean;
  /** How many deliveries were made. */
  readonly matched: number;
  /** JSON: `[{"id", "webhook_id", "url"}]`. */
  readonly deliveries: string;
  /** Of an event for everyone: users who were passed over, since their backlog is full. */
  readonly skipped: number;
}

/** Before the schema is asked, which may take long. SQL judges by the exact numbers, which are never shorter. Throws `payload_too_large`. */
export function refuseTooLarge({ payload, json }: Pick<NewEvent, 'payload' | 'json'>): void {
  if (Buffer.byteLength(json) <= PAYLOAD_LIMIT_BYTES) return;
  const size = Buffer.byteLength(JSON.stringify(payload));
  if (size <= PAYLOAD_LIMIT_BYTES) return;
  throw new HooklineError('payload_too_large', `The payload has ${size} bytes; ${PAYLOAD_LIMIT_BYTES} are allowed.`, {
    hint: 'Store large content elsewhere and put its URL into the payload.',
  });
}
