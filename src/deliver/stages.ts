/** What a delivery is at each hop: Claimed → Prepared → Outcome → recorded. */

export interface Claimed {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly userId: string;
  /** Its place in the order of creation. */
  readonly position: number;
  readonly leaseId: string;
  /** When the claim was sent that leased it, or that took it over, by `performance.now()`. */
  readonly leasedAt?: number;
  /** Until when the lease holds, on this process's monotonic clock (`performance.now()`), in ms. */
  readonly leaseUntil: number;
  /** `webhook-id`: the same for every attempt, and for a replay that of the original. */
  readonly messageId: string;
  /** Null where there is no event: a test delivery. */
  readonly eventId?: string | null;
  readonly eventType: string;
  readonly url: string;
  /** Whether `url` is still the one that stands on the delivery. */
  readonly isStoredUrl: boolean;
  /** The keys that sign, the oldest first and the current one last; more than one during a rotation, never none. */
  readonly secrets: readonly [string, ...string[]];
  readonly algorithm: SignatureAlgorithm;
  /** The private keys of Ed25519 that sign too, the current one first (PKCS #8 in DER, base64), where the webhook wants that. */
  readonly signingKeys?: readonly string[] | null;
  /** Headers of the webhook's owner, name to value. The values are secrets: nothing but `send` looks at them. */
  readonly customHeaders?: Readonly<Record<string, string>> | null;
  readonly timeoutMs: number;
  /** Whether the webhook wants one at a time. */
  readonly isOrdered: boolean;
  /** The number of the attempt that begins, from 1. */
  readonly attempt: number;
  readonly maxAttempts?: number;
  /** The request that triggered the event. */
  readonly requestId?: string | null;
  /** The span that triggered the event, as a W3C `traceparent`. */
  readonly traceparent?: string | null;
  /** When it was triggered, by the database's clock, in ms since 1970. */
  readonly createdMs?: number;
  readonly payload: Payload;
}

/** One for all deliveries of an event that were claimed together, so that its body is made once. */
export interface Payload {
  /** As PostgreSQL writes JSONB. */
  readonly text: string;
}

export type SignatureAlgorithm = 'sha256' | 'sha512';

/** What a call needs, be it of an attempt or of a verification. */
export interface Call {
  readonly delivery: Pick<Claimed, 'url' | 'timeoutMs' | 'customHeaders'>;
  readonly body: Buffer;
  /** As they may be recorded: `***` stands for the values of custom headers. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Prepared extends Call {
  readonly delivery: Claimed;
  /** The value of X-Webhook-Signature. */
  readonly signature: string;
  /** When the attempt began, by the database's clock. */
  readonly attemptedAt: Date;
}

/** What came of a call: the endpoint answered (with any status), or it did not. */
export type Outcome = Responded | Unanswered;

export interface Responded {
  readonly kind: 'responded';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The body up to the limit. */
  readonly body: string;
  readonly timeMs: number;
  /** When the first byte of the request was written, after the call began. */
  readonly firstByteMs?: number | undefined;
  /** When the head of the answer had come, after the call began. */
  readonly answeredMs?: number | undefined;
  /** Bytes of the answer's body that came, also beyond the limit. */
  readonly receivedBytes?: number;
  /** From Retry-After, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
}

export interface Unanswered {
  readonly kind: 'unanswered';
  readonly code: FailureCode;
  readonly message: string;
  readonly timeMs: number;
  /** As of an answer; undefined: nothing was written. */
  readonly firstByteMs?: number | undefined;
}

/** Whether the endpoint took it: any 2xx. */
export function isSuccess(outcome: Outcome): boolean {
  return outcome.kind === 'responded' && outcome.status >= 200 && outcome.status <= 299;
}

/** `error_code` of an attempt that got no whole answer. Those for answers (`http_gone`, `http_server_error`, …) are given by SQL. */
export const FAILURE_CODES = [
  'timeout',
  'connection_refused',
  'connection_reset',
  'dns_error',
  'address_forbidden',
  'port_forbidden',
  'proxy_error',
  'unreachable',
  'tls_error',
  'protocol_error',
  'headers_too_large',
  'invalid_url',
  'unsendable_payload',
  'network_error',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];
