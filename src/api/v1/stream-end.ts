import type { FastifyReply, FastifyRequest } from 'fastify';
import { HooklineError } from '../../errors.js';
import type { Auth } from '../auth/auth.js';

const LONGEST_TIMER_MS = 2_147_483_647;

export interface StreamTimes {
  /** How often it is asked whether the credentials still hold. Default 10 s. */
  readonly checkMs?: number;
  /** A reader who has taken nothing for so long is dropped. Default 30 s. */
  readonly slowMs?: number;
}

/** Ends a stream with its connection, with its credentials, or when its reader is too slow. Nothing is buffered for a slow one but what was handed over last. */
export class StreamEnd {
  /** Why the server ended it, for the reader to know. */
  reason: HooklineError | undefined;
  readonly #ended = new AbortController();
  #blockedSince: number | undefined;

  constructor(request: FastifyRequest, reply: FastifyReply, auth: Auth, times: StreamTimes = {}) {
    const { checkMs = 10_000, slowMs = 30_000 } = times;
    const check = (): void => {
      if (this.#blockedSince === undefined || performance.now() - this.#blockedSince < slowMs) {
        void this.#checkCredentials(request, auth);
        return;
      }
      request.log.info('stream.dropped');
      reply.raw.destroy();
    };
    const timers = [setInterval(check, Math.min(checkMs, slowMs)), this.#expiry(request)];
    reply.raw.once('close', () => this.end());
    this.signal.addEventListener('abort', () => {
      timers.forEach(clearInterval);
      if (reply.raw.destroyed) return;
      // The last words, too, have to be taken.
      const last = setTimeout(() => reply.raw.destroy(), slowMs);
      reply.raw.once('close', () => clearTimeout(last));
    });
    // Gone while the caller was looked up: its close was told before anybody listened.
    if (reply.raw.destroyed) this.end();
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Ends it now. */
  end(reason?: HooklineError): void {
    this.reason ??= reason;
    this.#ended.abort();
  }

  /** Yields something, and keeps the time until it was taken. */
  *handedOver<Given>(given: Given): Generator<Given, void> {
    this.#blockedSince = performance.now();
    yield given;
    this.#blockedSince = undefined;
  }

  #expiry({ caller, session }: FastifyRequest): NodeJS.Timeout | undefined {
    const ofCredential = (caller.kind === 'anon' ? undefined : caller.endsAt) ?? Number.POSITIVE_INFINITY;
    const ofSession = session?.endsAt ?? Number.POSITIVE_INFINITY;
    const inMs = Math.min(ofCredential, ofSession) * 1000 - Date.now();
    // One that is far off is seen when credentials are checked.
    if (inMs > LONGEST_TIMER_MS) return undefined;
    const reason = ofCredential <= ofSession ? 'token_expired' : 'session_expired';
    return setTimeout(() => this.end(new HooklineError(reason)), inMs);
  }

  async #checkCredentials(request: FastifyRequest, auth: Auth): Promise<void> {
    try {
      await auth.callerOf(request);
    } catch (error) {
      // While it cannot be known, the stream goes on.
      if (error instanceof HooklineError && error.status === 401) this.end(error);
    }
  }
}
