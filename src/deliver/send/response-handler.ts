import type { IncomingHttpHeaders } from 'node:http';
import { parseRetryAfter } from '@hookline/receiver';
import type { Dispatcher } from 'undici';
import type { Responded } from '../stages.js';
import { BoundedBody } from './bounded-body.js';
import { TooManyInterimAnswersError } from './failure.js';

type Answer = Omit<Responded, 'kind' | 'timeMs'>;
type HandlerResult = { kind: 'answer'; answer: Answer } | { kind: 'error'; error: unknown };

/** Interim (1xx) answers before the answer. One or two are of use; a flood would keep the parser busy until the deadline. */
const MOST_INTERIM_ANSWERS = 16;

export interface ResponseHandlerOptions {
  /** Bytes of the body that are kept. */
  readonly limit: number;
  /** When the call's time is over, on `performance.now()`. */
  readonly endsAt: number;
  /** The database's clock, for a Retry-After date. */
  readonly nowMs: () => number;
}

/**
 * Reads an answer at undici's protocol level (`request` costs about a fifth more CPU a call, reference measurement): status, headers, and the
 * body up to the limit. A body beyond the limit ends the call, and its connection with it; the answer counts all the same.
 */
export class ResponseHandler implements Dispatcher.DispatchHandler {
  readonly #endsAt: number;
  readonly #nowMs: () => number;
  readonly #done: (result: HandlerResult) => void;
  readonly #body: BoundedBody;
  #controller: Dispatcher.DispatchController | undefined;
  #finished = false;
  #writtenAt: number | undefined;
  #answeredAt: number | undefined;
  #receivedBytes = 0;
  #interimAnswers = 0;
  #status = 0;
  #headers: IncomingHttpHeaders = {};

  constructor({ limit, endsAt, nowMs }: ResponseHandlerOptions, done: (result: HandlerResult) => void) {
    this.#body = new BoundedBody(limit);
    this.#endsAt = endsAt;
    this.#nowMs = nowMs;
    this.#done = done;
  }

  /** When the first byte of the request was written, on `performance.now()`; undefined: it was not. */
  get writtenAt(): number | undefined {
    return this.#writtenAt;
  }

  /** When the head of the answer had come, on `performance.now()`; undefined: it has not. */
  get answeredAt(): number | undefined {
    return this.#answeredAt;
  }

  /** How much of the answer's body has come. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Ends the call, whether it is queued, connecting or under way. */
  abort(): void {
    this.#end({ kind: 'error', error: new DOMException('aborted', 'AbortError') });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // A process that stood still, its connection half made, gets to the writing before the timer: nothing is sent after its time.
    const now = performance.now();
    if (this.#finished || now >= this.#endsAt) controller.abort(new DOMException('aborted', 'AbortError'));
    else this.#writtenAt = now;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200) {
      this.#status = status;
      this.#headers = headers;
      this.#answeredAt = performance.now();
      return;
    }
    this.#interimAnswers += 1;
    if (this.#interimAnswers > MOST_INTERIM_ANSWERS) {
      this.#end({ kind: 'error', error: new TooManyInterimAnswersError() });
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#receivedBytes += chunk.length;
    if (this.#finished || this.#body.add(chunk)) return;
    this.#end({ kind: 'answer', answer: this.#answer() });
  }

  onResponseEnd(): void {
    this.#finish({ kind: 'answer', answer: this.#answer() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    // Such an answer has no body, whatever length it gives; undici takes a length for a promise that was not kept.
    if (this.#status === 204 || this.#status === 304) this.onResponseEnd();
    else this.#finish({ kind: 'error', error });
  }

  /** Gives the result, and breaks the connection. */
  #end(result: HandlerResult): void {
    if (this.#finished) return;
    this.#finish(result);
    this.#controller?.abort(new DOMException('aborted', 'AbortError'));
  }

  #finish(result: HandlerResult): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#done(result);
  }

  #answer(): Answer {
    // undici makes no member without a value.
    const headers = this.#headers as Record<string, string | string[]>;
    const retryAfter = headers['retry-after'];
    const retryAfterSeconds = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, this.#nowMs());
    return { status: this.#status, headers, body: this.#body.text(), retryAfterSeconds };
  }
}
