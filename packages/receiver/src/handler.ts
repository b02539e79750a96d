import { type NotRead, readBody } from './body.js';
import { EventError, isWork, type ParsedEvent, parseEvent, TASK_COMPLETED, type TaskCompletedEvent } from './event.js';
import type { HandlerContext, OnTaskCompleted, WebhookHandler, WebhookHandlerOptions } from './handler-options.js';
import { mapped } from './map-record.js';
import { errorFields, followUpSettings } from './options.js';
import { idempotencyKey, toRecord } from './record.js';
import { json, received, refusal } from './responses.js';
import { MappingError } from './row.js';
import { createStoring, NotReportedError, type ToRow } from './storing.js';
import { startDeadline, within } from './time.js';
import { UnstorableError } from './unstorable.js';
import { isSigned } from './verify.js';

/** The whole handler answers within ten seconds; what is left of them is for the runtime. */
const ANSWER_MS = 9_500;
const BODY_MS = 4_000;
const RETRY_AFTER_S = 5;

/**
 * A handler for the gateway's webhooks: verifies, stores exactly once, answers and calls back (rules 1 to 5 of the inbound specification), within ten
 * seconds. It never throws. 401: not signed; 413: too large; 400: no webhook; 503: the store is away, or `onTaskCompleted` failed, send again; 500: `mapRecord` failed; else 200.
 * @throws TypeError at once when a secret or the API key is empty or an origin is malformed.
 */
export function createWebhookHandler(options: WebhookHandlerOptions): WebhookHandler {
  const { mapRecord } = options;
  if (mapRecord === undefined) return createPlainHandler(options);
  return createPlainHandler(options, (event) => mapped(mapRecord, toRecord(event), event.value));
}

/** The handler by itself: the ready-made one has no `mapRecord`, and shall not bring its checks into a bundle. */
export function createPlainHandler(
  options: WebhookHandlerOptions,
  toRow: ToRow = (event) => ({ record: toRecord(event), columns: {} }),
): WebhookHandler {
  const secrets = typeof options.secret === 'string' ? [options.secret] : [...options.secret];
  if (secrets.length === 0 || secrets.includes('')) throw new TypeError('secret must not be empty.');
  const { maxBodyBytes = 1_048_576, legacyMaxAgeSeconds: legacyMaxAgeS = 300, onTaskCompleted } = options;
  const { log } = followUpSettings(options);
  const store = createStoring(options, toRow);

  async function receive(request: Request, context: HandlerContext): Promise<Response> {
    const leftMs = startDeadline(ANSWER_MS);
    const body = await readBody(request, maxBodyBytes, BODY_MS);
    if (typeof body === 'string') return notRead(body);
    if (!(await isSigned(request.headers, body, { secrets, legacyMaxAgeS }))) {
      return json(401, { error: 'Invalid signature' });
    }
    const event = parseEvent(body);
    if (isWork(event)) await store(event, body, context, leftMs);
    else if (event.type === TASK_COMPLETED && onTaskCompleted !== undefined) {
      try {
        await within(leftMs(), complete(event, body, onTaskCompleted));
      } catch (error) {
        if (error instanceof UnstorableError) throw error;
        log('error', 'task_completed.not_taken', errorFields(error));
        return refusal(503, 'task_not_taken', 'The completed task was not taken. Send it again.', RETRY_AFTER_S);
      }
    }
    return received();
  }

  function notRead(why: NotRead): Response {
    if (why === 'too_large') return refusal(413, 'body_too_large', `The body is larger than ${maxBodyBytes} bytes.`);
    return refusal(503, `body_${why}`, 'The body did not arrive whole and in time. Send it again.', RETRY_AFTER_S);
  }

  async function complete(event: ParsedEvent, body: Uint8Array<ArrayBuffer>, take: OnTaskCompleted): Promise<void> {
    const key = await idempotencyKey(event, body);
    await take(event.value as TaskCompletedEvent, { idempotencyKey: key, text: event.text });
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
      if (error instanceof MappingError) {
        log('error', 'webhook.mapping_failed', { reason: error.message, ...errorFields(error.cause) });
        return refusal(500, 'mapping_failed', 'The webhook could not be made a row. Send it again.', RETRY_AFTER_S);
      }
      if (error instanceof NotReportedError) {
        return refusal(
          503,
          'callback_unavailable',
          'The callback did not get through. Send the webhook again.',
          RETRY_AFTER_S,
        );
      }
      log('error', 'webhook.not_stored', errorFields(error));
      return refusal(503, 'database_unavailable', 'The webhook could not be stored. Send it again.', RETRY_AFTER_S);
    }
  };
}
