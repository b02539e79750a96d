import { WebhookVerificationError } from './error.js';
import { sortKeys, type VerificationKeys } from './keys.js';
import { bodyOf, type HeaderLookUp, lookUp, type ReadRequest } from './request.js';
import type { SeenAttempts } from './seen.js';
import { checkSignature, readClaim } from './signatures.js';
import type { UntimedWebhook, VerifiedWebhook } from './webhook.js';

export interface VerifyOptions {
  /** How far the timestamp may be from now, to either side. Default 300. */
  readonly toleranceSeconds?: number;
  /**
   * False also takes requests that have X-Webhook-Signature and no Standard Webhooks headers: of these nobody can tell
   * when they were made, nor whether they are sent again by somebody who overheard one. Hookline sends both families,
   * so true, the default, refuses none of its calls.
   */
  readonly requireTimestamp?: boolean;
  /**
   * Refuses a request that is sent a second time (`already_seen`): its key is `webhook-id` and `webhook-timestamp`,
   * kept for as long as the timestamp would pass. A retry has a timestamp of its own and does pass, so that nothing is
   * lost when handling the first one failed. To do the work once, do it under the webhook's `id`.
   */
  readonly seen?: SeenAttempts;
  /** Default 1,048,576. */
  readonly maxBodyBytes?: number;
  /** The time in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

export function verifyWebhook<Events extends object = Record<string, unknown>>(
  request: Request | ReadRequest,
  keys: VerificationKeys,
  options: VerifyOptions & { readonly requireTimestamp: false },
): Promise<UntimedWebhook<Events>>;
/**
 * Verifies a request as a webhook of whoever has one of the keys, and gives what it holds. Reads the body of a
 * `Request`.
 * @throws WebhookVerificationError with a stable `code`, and the `status` to answer with; TypeError when a key is empty
 * or not well-formed.
 */
export function verifyWebhook<Events extends object = Record<string, unknown>>(
  request: Request | ReadRequest,
  keys: VerificationKeys,
  options?: VerifyOptions,
): Promise<VerifiedWebhook<Events>>;
export async function verifyWebhook(
  request: Request | ReadRequest,
  keys: VerificationKeys,
  options: VerifyOptions = {},
): Promise<UntimedWebhook> {
  const { toleranceSeconds = 300, requireTimestamp = true, seen, maxBodyBytes = 1_048_576, now = Date.now } = options;
  if (seen !== undefined && !requireTimestamp) {
    throw new TypeError(
      'seen needs the timestamp: X-Webhook-Signature alone is the same each time. Leave requireTimestamp true.',
    );
  }
  const sorted = sortKeys(keys);
  const header = lookUp(request.headers);
  const claim = readClaim(header, requireTimestamp);
  const age = claim.id === null ? null : now() / 1000 - Number(claim.timestamp);
  if (age !== null) checkAge(age, toleranceSeconds);
  const bytes = await bodyOf(request, maxBodyBytes);
  await checkSignature(claim, bytes, sorted);
  const { body, payload } = parsed(bytes);
  if (claim.id !== null && age !== null) {
    const ttl = Math.max(1, Math.ceil(toleranceSeconds - age) + 1);
    if (seen !== undefined && !(await seen.add(`${claim.id}.${claim.timestamp}`, ttl))) {
      throw new WebhookVerificationError('already_seen', 'This request was taken before.');
    }
  }
  const deliveryId = header('x-webhook-delivery');
  return {
    id: claim.id ?? deliveryId,
    timestamp: claim.id === null ? null : new Date(Number(claim.timestamp) * 1000),
    deliveryId,
    attempt: attemptOf(header),
    webhookId: header('x-webhook-id'),
    event: eventOf(header, payload),
    payload,
    body,
  };
}

/** Written so that a tolerance which is no number refuses everything. */
function checkAge(age: number, toleranceSeconds: number): void {
  if (Math.abs(age) <= toleranceSeconds) return;
  throw new WebhookVerificationError(
    age < 0 ? 'timestamp_too_new' : 'timestamp_too_old',
    `webhook-timestamp is ${Math.round(Math.abs(age))} s ${age < 0 ? 'ahead' : 'old'}, more than ${toleranceSeconds}. Is the clock right?`,
  );
}

function parsed(bytes: Uint8Array<ArrayBuffer>): { readonly body: string; readonly payload: unknown } {
  try {
    const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { body, payload: JSON.parse(body) };
  } catch (cause) {
    throw new WebhookVerificationError('invalid_json', 'The signature holds, but the body is no JSON.', { cause });
  }
}

function attemptOf(header: HeaderLookUp): number | null {
  const attempt = header('x-webhook-attempt');
  return attempt !== null && /^\d{1,9}$/.test(attempt) ? Number(attempt) : null;
}

/** A name in other scripts than ASCII comes percent-encoded, and only that is decoded. */
function eventOf(header: HeaderLookUp, payload: unknown): string {
  const name = header('x-webhook-event');
  if (name === null) {
    const type = typeof payload === 'object' && payload !== null && 'type' in payload ? payload.type : undefined;
    return typeof type === 'string' ? type : '';
  }
  try {
    const decoded = decodeURIComponent(name);
    return !/^[\x21-\x7e]*$/.test(decoded) && encodeURIComponent(decoded) === name ? decoded : name;
  } catch {
    return name;
  }
}
