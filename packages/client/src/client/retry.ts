export interface RetryOptions {
  /** Tries after the first. Default 3; 0 for none. */
  readonly retries?: number;
  /**
   * The pause before the first retry is up to this, before each further one up to twice as much, 8 s at most. Default
   * 250.
   */
  readonly backoffMs?: number;
  /** Over each try, its answer included; of the live stream over its beginning alone. Default 30,000. */
  readonly timeoutMs?: number;
  readonly fetch?: (request: Request, init: { readonly signal: AbortSignal }) => Promise<Response>;
}

const LONGEST_BACKOFF_MS = 8_000;
/** What asks for a longer pause is answered to the caller, who knows whether to wait. */
const LONGEST_RETRY_AFTER_S = 60;
const STREAM = /\/v1\/deliveries\/stream$/;
const REPEATABLE = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'];
/** Statuses of refusals that may pass. */
export const PASSING: readonly number[] = [429, 500, 502, 503, 504];

/**
 * A `fetch` that tries again what may pass: network errors, time-outs, 429 and 5xx (503 only with `Retry-After`), after
 * `Retry-After` or a growing pause of random length. What could be done twice by that (a POST or PATCH without an idempotency key) is tried again
 * after 429 alone, which says that nothing was done.
 */
export function retryingFetch(options: RetryOptions): (request: Request) => Promise<Response> {
  const { retries = 3, backoffMs = 250, timeoutMs = 30_000 } = options;
  const send = options.fetch ?? ((request, init) => fetch(request, init));

  function once(request: Request): Promise<Response> {
    if (STREAM.test(new URL(request.url).pathname)) return opened(request);
    return send(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) });
  }

  /** A stream has no end, but a beginning. */
  async function opened(request: Request): Promise<Response> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('No answer came in time.', 'TimeoutError')), timeoutMs);
    try {
      return await send(request, { signal: AbortSignal.any([request.signal, late.signal]) });
    } finally {
      clearTimeout(timer);
    }
  }

  return async (request) => {
    const isRepeatable = REPEATABLE.includes(request.method) || request.headers.has('idempotency-key');
    for (let attempt = 1; attempt <= retries; attempt++) {
      let wait = Math.random() * Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** (attempt - 1));
      try {
        const response = await once(request.clone());
        const seconds = retryAfter(response);
        // The server says when to come again wherever that helps: a 503 without it waits for its operator.
        const isForOperator = response.status === 503 && seconds === null;
        const passes = isRepeatable ? PASSING.includes(response.status) && !isForOperator : response.status === 429;
        if (!passes || (seconds ?? 0) > LONGEST_RETRY_AFTER_S) return response;
        if (seconds !== null) wait = seconds * 1000;
        await response.body?.cancel();
      } catch (error) {
        if (!isRepeatable || request.signal.aborted) throw error;
      }
      await pause(wait, request.signal);
    }
    return once(request);
  };
}

/** `Retry-After` in seconds, of a number or of a date; null without one that can be read. `Date.parse` takes `-5` and `1.5` for dates, too. */
export function retryAfter({ headers }: Pick<Response, 'headers'>): number | null {
  const text = headers.get('retry-after') ?? '';
  const date = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  const seconds = /^\d+$/.test(text) ? Number(text) : (date - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

/** Waits. @throws the reason of the signal, at once when it aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
