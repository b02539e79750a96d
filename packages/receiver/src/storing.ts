import { failureBody, isAllowed, postCallback } from './callback.js';
import { beginEmission } from './emit.js';
import type { ParsedEvent } from './event.js';
import { fitRecord } from './fit.js';
import { attempt, leaseMs } from './follow-up.js';
import type { HandlerContext, WebhookHandlerOptions } from './handler-options.js';
import { errorFields, followUpSettings } from './options.js';
import { idempotencyKey } from './record.js';
import type { Row } from './row.js';
import type { FollowUp, Insertion, Lease, NewContent } from './store.js';
import { pause, within } from './time.js';
import { UnstorableError } from './unstorable.js';
import { parseUrl } from './url.js';

/** Makes a webhook a row. Throws MappingError and UnstorableError. */
export type ToRow = (event: ParsedEvent) => Row | Promise<Row>;
type Work = ParsedEvent & { readonly callbackUrl: string };
type Storing = (
  event: Work,
  body: Uint8Array<ArrayBuffer>,
  context: HandlerContext,
  leftMs: () => number,
) => Promise<void>;

/** The gateway could not be told that processing failed. */
export class NotReportedError extends Error {
  override readonly name = 'NotReportedError';
}

/** Without `waitUntil`, what follows the insert holds the answer back for this long at most. */
const AWAITED_MS = 5_000;
const FAILURE_RETRIES_MS = [500, 1_500];

/**
 * From a verified webhook to its row and what follows it: callback, event, `onStored`.
 * It throws what the store throws for trouble that may pass, and MappingError; then the gateway shall send again.
 */
export function createStoring(options: WebhookHandlerOptions, toRow: ToRow): Storing {
  const { store, storeTimeoutMs = 4_000, onStored } = options;
  const settings = followUpSettings(options);
  const { log } = settings;

  async function newContent(event: Work, body: Uint8Array<ArrayBuffer>, lease: Lease): Promise<NewContent> {
    const { record, columns } = await toRow(event);
    return {
      ...fitRecord(record, columns, event, store.limits),
      event,
      idempotencyKey: await idempotencyKey(event, body),
      callbackUrl: event.callbackUrl,
      callback: isAllowed(event.callbackUrl, settings.origins)
        ? { lease }
        : { state: 'refused', error: 'origin_not_allowed' },
      ...(settings.emitter !== undefined && { emission: beginEmission(event, lease) }),
    };
  }

  async function insert(event: Work, body: Uint8Array<ArrayBuffer>, lease: Lease) {
    const content = await newContent(event, body, lease);
    const stored = await store.insert(content);
    const refused = stored.created && 'state' in content.callback;
    log(stored.differs || refused ? 'warn' : 'info', 'webhook.stored', {
      record_id: stored.id,
      channel_id: inLog(event.channelId),
      event: inLog(event.event),
      repeat: !stored.created,
      differs: stored.differs,
      ...(stored.created && { callback: refused ? 'refused' : 'pending' }),
      ...(refused && { callback_origin: originOf(event.callbackUrl) }),
    });
    return { content, stored };
  }

  /** A repeat takes up what whoever held it has left behind, so that a crash heals without a drain, too. */
  async function takeUp(kind: FollowUp, id: string, lease: Lease): Promise<void> {
    const claimed = await store.claim(kind, { id, lease, limit: 1 });
    await Promise.all(claimed.map((work) => attempt(kind, store, work, settings)));
  }

  async function begin(kind: FollowUp, content: NewContent, { id, savedAt }: Insertion): Promise<void> {
    const begun = kind === 'callback' ? content.callback : content.emission;
    if (begun === undefined || 'state' in begun) return;
    const { idempotencyKey, callbackUrl, event } = content;
    const { token } = begun.lease;
    const work = { id, idempotencyKey, savedAt, callbackUrl, payload: event.text, attempts: 1, leaseToken: token };
    await attempt(kind, store, work, settings);
  }

  async function followUp(content: NewContent, stored: Insertion, lease: Lease): Promise<void> {
    const kinds: FollowUp[] = settings.emitter === undefined ? ['callback'] : ['callback', 'event'];
    const work = kinds.map((kind) => (stored.created ? begin(kind, content, stored) : takeUp(kind, stored.id, lease)));
    if (stored.created) work.push(tell(content, stored));
    await Promise.all(
      work.map((one) => one.catch((error: unknown) => log('error', 'follow_up.failed', errorFields(error)))),
    );
  }

  async function tell(content: NewContent, { id, savedAt }: Insertion): Promise<void> {
    const { title, body, category, metadata, channelId, eventName } = content;
    try {
      await onStored?.({
        id,
        savedAt,
        record: { title, body, category, metadata, channelId, eventName },
        event: content.event.value,
      });
    } catch (error) {
      log('error', 'on_stored.failed', { record_id: id, ...errorFields(error) });
    }
  }

  /** There is no row to keep its state on: it is tried three times, and when it is not in by then, the gateway shall send the webhook again. */
  async function reportFailure(callbackUrl: string, message: string): Promise<void> {
    for (const wait of [0, ...FAILURE_RETRIES_MS]) {
      await pause(wait);
      const answer = await postCallback(callbackUrl, failureBody(message), settings);
      const origin = answer.result === 'origin_refused' ? { callback_origin: originOf(callbackUrl) } : {};
      log(answer.result === 'accepted' ? 'info' : 'warn', 'callback.failure_reported', {
        result: answer.result,
        ...('status' in answer && { status: answer.status }),
        ...('error' in answer && { error_code: answer.error }),
        ...origin,
      });
      if (answer.result !== 'unavailable') return;
    }
    throw new NotReportedError();
  }

  return async (event, body, context, leftMs) => {
    /** Work after the answer where the runtime can wait for it; else before it, for a while. Whatever fails is on the row or in the log. */
    const settle = async (work: Promise<void>): Promise<void> => {
      if (context.waitUntil !== undefined) context.waitUntil(work);
      else await within(Math.min(AWAITED_MS, leftMs()), work).catch(() => undefined);
    };
    const lease = { token: crypto.randomUUID(), ms: leaseMs(settings) };
    try {
      const { content, stored } = await within(Math.min(storeTimeoutMs, leftMs()), insert(event, body, lease));
      await settle(followUp(content, stored, lease));
    } catch (error) {
      if (!(error instanceof UnstorableError)) throw error;
      log('warn', 'webhook.unstorable', {
        channel_id: inLog(event.channelId),
        reason: error.message,
        ...errorFields(error),
      });
      await within(Math.min(AWAITED_MS, leftMs()), reportFailure(event.callbackUrl, error.message)).catch(() => {
        throw new NotReportedError();
      });
    }
  };
}

/** A name from outside, no longer than a line of the log should be. */
function inLog(name: string | null): string | null {
  return name === null ? null : name.slice(0, 100);
}

/** The origin of a callback URL for the log: path and query may hold a token. Null when it is no URL. */
function originOf(url: string): string | null {
  return parseUrl(url)?.origin ?? null;
}
