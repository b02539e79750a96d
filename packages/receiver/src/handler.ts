import { attemptCallback, leaseMs } from './attempt.js';
import { readBody } from './body.js';
import { failureBody, isAllowed, postCallback } from './callback.js';
import { EventError, isWork, type ParsedEvent, parseEvent } from './event.js';
import { sha256Hex } from './hash.js';
import { type CallbackOptions, callbackSettings, errorFields } from './options.js';
import { idempotencyKey, toRecord } from './record.js';
import { json, received, refusal } from './responses.js';
import type { Insertion, Lease, LeasedCallback, Store } from './store.js';
import { pause, within } from './time.js';
import { UnstorableError } from './unstorable.js';
import { verifySignature } from './verify.js';

export interface WebhookHandlerOptions extends CallbackOptions {
  readonly store: Store;
  /** The key that the gateway signs with. */
  readonly secret: string;
  /** 1 MiB by default. */
  readonly maxBodyBytes?: number;
  /** Time limit of the insert; past it the gateway is asked to send again. 4,000 by default. */
  readonly storeTimeoutMs?: number;
}

/** What the runtime gives beside the request: `waitUntil` keeps it alive for work after the answer. */
export interface HandlerContext {
  waitUntil?(promise: Promise<unknown>): void;
}

export type WebhookHandler = (request: Request, context?: HandlerContext) => Promise<Response>;

/** Without `waitUntil`, a callback holds the answer back for this long at most. */
const AWAITED_MS = 5_000;
const FAILURE_RETRIES_MS = [500, 1_500];

/**
 * A handler for the gateway's webhooks: verifies, stores exactly once, answers and calls back (rules 1 to 5 of the inbound specification).
 * It never throws. 401: not signed; 413: too large; 400: no webhook; 503: the store is away, send again; else 200.
 * @throws TypeError at once when the secret or the API key is empty or an origin is malformed.
 */
export function createWebhookHandler(options: WebhookHandlerOptions): WebhookHandler {
  if (options.secret === '') throw new TypeError('secret must not be empty.');
  const { store, secret, maxBodyBytes = 1_048_576, storeTimeoutMs = 4_000 } = options;
  const settings = callbackSettings(options);
  const { log } = settings;

  async function receive(request: Request, context: HandlerContext): Promise<Response> {
    const body = await readBody(request, maxBodyBytes);
    if (body === null) return refusal(413, 'body_too_large', `The body is larger than ${maxBodyBytes} bytes.`);
    if (!(await verifySignature(body, request.headers.get('mr-signature'), secret))) {
      return json(401, { error: 'Invalid signature' });
    }
    const event = parseEvent(body);
    if (!isWork(event)) return received();
    try {
      const bodyHash = await sha256Hex(body);
      const lease = { token: crypto.randomUUID(), ms: leaseMs(settings) };
      const stored = await within(storeTimeoutMs, insert(event, event.callbackUrl, bodyHash, lease));
      await settle(context, callBack(event, event.callbackUrl, stored, lease));
    } catch (error) {
      if (!(error instanceof UnstorableError)) throw error;
      log('warn', 'webhook.unstorable', { channel_id: event.channelId, reason: error.message, ...errorFields(error) });
      await settle(context, reportFailure(event.callbackUrl, error.message));
    }
    return received();
  }

  async function insert(event: ParsedEvent, callbackUrl: string, bodyHash: string, lease: Lease): Promise<Insertion> {
    const key = await idempotencyKey(event, bodyHash);
    const callback = isAllowed(callbackUrl, settings.origins) ? { lease } : { refused: 'origin_not_allowed' };
    const record = toRecord(event, store.limits);
    const stored = await store.insert({ ...record, event, idempotencyKey: key, bodyHash, callbackUrl, callback });
    const refused = stored.created && 'refused' in callback;
    log(stored.differs || refused ? 'warn' : 'info', 'webhook.stored', {
      record_id: stored.id,
      channel_id: event.channelId,
      event: event.event,
      repeat: !stored.created,
      differs: stored.differs,
      ...(stored.created && { callback: refused ? 'refused' : 'pending' }),
      ...(refused && { callback_origin: originOf(callbackUrl) }),
    });
    return stored;
  }

  /** A repeat takes up the callback when whoever held it is gone, so that a crash heals without a drain, too. */
  async function callBack(event: ParsedEvent, callbackUrl: string, stored: Insertion, lease: Lease): Promise<void> {
    if (!stored.created) {
      const claimed = await store.claimCallbacks({ id: stored.id, lease, limit: 1 });
      await Promise.all(claimed.map((callback) => attemptCallback(store, callback, settings)));
    } else if (isAllowed(callbackUrl, settings.origins)) {
      const { id, savedAt } = stored;
      const callback = { id, savedAt, callbackUrl, payload: event.text, attempts: 1, leaseToken: lease.token };
      await attemptCallback(store, callback satisfies LeasedCallback, settings);
    }
  }

  /** There is no row to keep its state on, so it is tried three times here. */
  async function reportFailure(callbackUrl: string, message: string): Promise<void> {
    for (const wait of [0, ...FAILURE_RETRIES_MS]) {
      await pause(wait);
      const answer = await postCallback(callbackUrl, failureBody(message), settings);
      const origin = answer.result === 'origin_refused' ? { callback_origin: originOf(callbackUrl) } : {};
      log(answer.result === 'accepted' ? 'info' : 'warn', 'callback.failure_reported', { ...answer, ...origin });
      if (answer.result !== 'unavailable') return;
    }
  }

  /** Work after the answer where the runtime can wait for it; else before it, for a while. Whatever fails is on the row or in the log. */
  async function settle(context: HandlerContext, work: Promise<void>): Promise<void> {
    const logged = work.catch((error: unknown) => log('error', 'callback.failed', errorFields(error)));
    if (context.waitUntil !== undefined) context.waitUntil(logged);
    else await within(AWAITED_MS, logged).catch(() => undefined);
  }

  return async (request, context = {}) => {
    try {
      return await receive(request, context);
    } catch (error) {
      if (error instanceof EventError) return refusal(400, error.code, error.message);
      if (error instanceof UnstorableError) {
        log('warn', 'webhook.unreadable', { reason: error.message });
        return received();
      }
      log('error', 'webhook.not_stored', errorFields(error));
      return refusal(503, 'database_unavailable', 'The webhook could not be stored. Send it again.', 5);
    }
  };
}

/** The origin of a callback URL for the log: path and query may hold a token. Null when it is no URL. */
function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
