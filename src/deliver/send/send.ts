import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Call, Outcome } from '../stages.js';
import { describeFailure } from './failure.js';
import { ResponseHandler } from './response-handler.js';
import { targetOf } from './target.js';

/** How much of an answer's body is kept by default; what comes after is not read. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** Bodies that sockets take whole at once, before the endpoint reads any of it, are no larger than this. */
const SLICE_BYTES = 64 * 1024;

export interface Sending {
  readonly outcome: Promise<Outcome>;
  /** Ends the call at once; the outcome is then `unanswered`. */
  abort(): void;
}

/**
 * Makes a call. One deadline, the webhook's time-out, is over everything: look-up, connection, request and the whole answer.
 * Never throws and never follows a redirect; `nowMs` is the database's clock, for a Retry-After date. Of the answer's body no more than
 * `bodyLimitBytes` is kept, and no more is read. The deadline counts from `began` (`performance.now()`).
 */
export function send(
  dispatcher: Dispatcher,
  call: Call,
  nowMs: () => number,
  bodyLimitBytes: number = BODY_LIMIT_BYTES,
  began: number = performance.now(),
): Sending {
  const { delivery, body, headers } = call;
  let handler: ResponseHandler | undefined;

  const outcome = new Promise<Outcome>((resolve) => {
    const timeMs = () => Math.round(performance.now() - began);
    const firstByteMs = () => (handler?.writtenAt === undefined ? undefined : handler.writtenAt - began);
    const answeredMs = () => (handler?.answeredAt === undefined ? undefined : handler.answeredAt - began);
    const fail = (error: unknown): void =>
      resolve({ kind: 'unanswered', ...describeFailure(error), timeMs: timeMs(), firstByteMs: firstByteMs() });
    const target = targetOf(delivery.url);
    if (target === undefined) {
      resolve({ kind: 'unanswered', code: 'invalid_url', message: 'The URL of the webhook is not valid.', timeMs: 0 });
      return;
    }
    const timedOut = (): void => {
      const message = `The endpoint did not answer in full within ${delivery.timeoutMs / 1000} s.`;
      resolve({ kind: 'unanswered', code: 'timeout', message, timeMs: timeMs(), firstByteMs: firstByteMs() });
    };
    const deadline = setTimeout(() => {
      timedOut();
      handler?.abort();
    }, delivery.timeoutMs);
    const endsAt = began + delivery.timeoutMs;
    handler = new ResponseHandler({ limit: bodyLimitBytes, endsAt, nowMs }, (result) => {
      clearTimeout(deadline);
      if (result.kind === 'answer') {
        // Member by member: to spread an object took 1.4 us, a fiftieth of all that a delivery takes here.
        const { status, headers, body, retryAfterSeconds } = result.answer;
        resolve({
          kind: 'responded',
          status,
          headers,
          body,
          timeMs: timeMs(),
          firstByteMs: firstByteMs(),
          answeredMs: answeredMs(),
          receivedBytes: handler?.receivedBytes ?? 0,
          retryAfterSeconds,
        });
      } else if (performance.now() >= endsAt) timedOut();
      else fail(result.error);
    });
    const { origin, path, authorization } = target;
    const request = {
      origin,
      path,
      method: 'POST' as const,
      headers: headersOf(headers, delivery.customHeaders, authorization),
      body,
    };
    try {
      dispatcher.dispatch(body.length > SLICE_BYTES ? sliced(request) : request, handler);
    } catch (error) {
      clearTimeout(deadline);
      fail(error);
    }
  });
  return { outcome, abort: () => handler?.abort() };
}

/** In the form that undici takes most quickly: names and values in turn. The custom headers' values come in here; their Authorization goes before the URL's. */
function headersOf(
  headers: Call['headers'],
  custom: Call['delivery']['customHeaders'],
  authorization: string | undefined,
): string[] {
  const flat: string[] = [];
  if (authorization !== undefined && !Object.keys(custom ?? {}).some((name) => /^authorization$/i.test(name))) {
    flat.push('authorization', authorization);
  }
  for (const name in headers) flat.push(name, custom?.[name] ?? (headers[name] as string));
  return flat;
}

/**
 * A request whose body is written slice by slice. Only then does undici know, when an answer comes early, that the request is not sent yet: it
 * closes the connection, and the next request does not wait behind bytes that nobody reads.
 */
function sliced<T extends { readonly body: Buffer; readonly headers: readonly string[] }>(request: T) {
  const { body, headers } = request;
  function* slices(): Generator<Buffer> {
    for (let at = 0; at < body.length; at += SLICE_BYTES) yield body.subarray(at, at + SLICE_BYTES);
  }
  return {
    ...request,
    headers: [...headers, 'content-length', String(body.length)],
    body: Readable.from(slices()),
  };
}
