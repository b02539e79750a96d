import type { Emitter, OutgoingEvent } from '../emit.js';
import type { FetchLike } from '../options.js';
import { parseRetryAfter } from '../retry-after.js';
import type { Outcome } from '../store.js';
import { parseUrl } from '../url.js';

export interface RestEmitterOptions {
  /** Where a Hookline server answers, as `https://hookline.example.com`. */
  readonly url: string;
  /** Its service key (HOOKLINE_SERVICE_KEY). */
  readonly serviceKey: string;
  readonly fetch?: FetchLike;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Nobody is to be told: the type is not registered or disabled, or the user is not known. */
const SKIPPED = new Set(['unknown_event_type', 'unknown_user']);
/** Wrong settings on one side or the other, which an operator mends: tried until the window is over. */
const MENDABLE = new Set([401, 403, 404, 408, 425, 429]);

/**
 * Triggers events by `POST /v1/events` of a Hookline server, each under its idempotency key.
 * @throws TypeError at once when the URL is no http(s) URL or the key is empty.
 */
export function restEmitter(options: RestEmitterOptions): Emitter {
  const url = parseUrl(options.url);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new TypeError('url must be an http(s) URL.');
  if (options.serviceKey === '') throw new TypeError('serviceKey must not be empty.');
  const send: FetchLike = options.fetch ?? ((target, init) => fetch(target, init));
  const target = `${url.origin}${url.pathname.replace(/\/+$/, '')}/v1/events`;

  return {
    async emit(event, signal) {
      const response = await send(target, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${options.serviceKey}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': event.idempotencyKey,
        },
        body: bodyOf(event),
        redirect: 'manual',
        signal,
      });
      const retryAfterS = parseRetryAfter(response.headers.get('retry-after') ?? undefined, Date.now());
      return outcomeOf(response.status, await answerOf(response), (retryAfterS ?? 0) * 1000);
    },
  };
}

/** The payload goes in as text, so that no number loses a digit. */
function bodyOf({ type, userId, payload }: OutgoingEvent): string {
  const user = UUID.test(userId) ? 'user_id' : 'external_user_id';
  return `{"type":${JSON.stringify(type)},"${user}":${JSON.stringify(userId)},"payload":${payload}}`;
}

function outcomeOf(status: number, answer: Record<string, unknown>, retryAfterMs: number): Outcome {
  if (status === 200 || status === 202) {
    const eventId = answer['event_id'];
    if (typeof eventId === 'string') return { state: 'done', eventId };
    return { state: 'retry', error: 'not_a_hookline_answer', delayMs: 0 };
  }
  const code = typeof answer['code'] === 'string' ? answer['code'] : `http_${status}`;
  if (SKIPPED.has(code)) return { state: 'skipped', error: code };
  if (status < 400 || status >= 500 || MENDABLE.has(status))
    return { state: 'retry', error: code, delayMs: retryAfterMs };
  const detail = typeof answer['detail'] === 'string' ? `: ${answer['detail']}` : '';
  return { state: 'failed', error: `${code}${detail}`.slice(0, 500) };
}

/** The answer's JSON object, of at most 64 KiB; `{}` of anything else. */
async function answerOf(response: Awaited<ReturnType<FetchLike>>): Promise<Record<string, unknown>> {
  const reader = response.body?.getReader();
  if (reader === undefined) return {};
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    if (text.length > 65_536) {
      await reader.cancel().catch(() => undefined);
      return {};
    }
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
