import type { Dispatcher } from 'undici';
import type { Call, Outcome } from '../stages.js';
import { describeFailure } from './failure.js';
import { ResponseHandler } from './response-handler.js';

/** How much of an answer's body is kept; what comes after is not read. */
export const BODY_LIMIT_BYTES = 64 * 1024;

export interface Sending {
  readonly outcome: Promise<Outcome>;
  /** Ends the call at once; the outcome is then `unanswered`. */
  abort(): void;
}

/**
 * Makes a call. One deadline, the webhook's time-out, is over everything: look-up, connection, request and the whole answer.
 * Never throws and never follows a redirect; `nowMs` is the database's clock, for a Retry-After date.
 */
export function send(dispatcher: Dispatcher, call: Call, nowMs: () => number): Sending {
  const { delivery, body, headers } = call;
  const began = performance.now();
  let handler: ResponseHandler | undefined;

  const outcome = new Promise<Outcome>((resolve) => {
    const timeMs = () => Math.round(performance.now() - began);
    const fail = (error: unknown): void => resolve({ kind: 'unanswered', ...describeFailure(error), timeMs: timeMs() });
    const url = URL.canParse(delivery.url) ? new URL(delivery.url) : undefined;
    if (url === undefined) {
      resolve({ kind: 'unanswered', code: 'invalid_url', message: 'The URL of the webhook is not valid.', timeMs: 0 });
      return;
    }
    const message = `The endpoint did not answer in full within ${delivery.timeoutMs / 1000} s.`;
    const deadline = setTimeout(() => {
      resolve({ kind: 'unanswered', code: 'timeout', message, timeMs: timeMs() });
      handler?.abort();
    }, delivery.timeoutMs);
    handler = new ResponseHandler(BODY_LIMIT_BYTES, nowMs, (result) => {
      clearTimeout(deadline);
      if (result.kind === 'answer') resolve({ ...result.answer, kind: 'responded', timeMs: timeMs() });
      else fail(result.error);
    });
    try {
      dispatcher.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'POST',
          headers: { ...headers, ...basicAuth(url) },
          body,
        },
        handler,
      );
    } catch (error) {
      clearTimeout(deadline);
      fail(error);
    }
  });
  return { outcome, abort: () => handler?.abort() };
}

/** Credentials in a URL are sent as Basic authentication (RFC 7617), as curl does; they stay out of the recorded headers. */
function basicAuth(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}
