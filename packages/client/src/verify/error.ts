/** The status with which an endpoint answers each refusal. Never 410, for which the sender deactivates the webhook. */
const STATUS = {
  missing_headers: 401,
  timestamp_required: 401,
  invalid_timestamp: 401,
  timestamp_too_old: 401,
  timestamp_too_new: 401,
  invalid_signature: 401,
  already_seen: 409,
  invalid_json: 400,
  body_broken: 400,
  body_too_large: 413,
  body_already_read: 500,
  keys_unavailable: 503,
} as const;

/** Why a request was not taken. A code is added, never renamed. */
export type VerificationErrorCode = keyof typeof STATUS;

/** A request that is not a webhook to act upon. The message says what to mend, and holds nothing secret. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
  readonly code: VerificationErrorCode;
  /** The HTTP status that fits as the answer. */
  readonly status: number;

  constructor(code: VerificationErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.status = STATUS[code];
  }
}
