import { textOf } from './answer.js';
import { PlanetscaleError } from './api-error.js';
import type { Asked } from './refusal.js';
import { timeLimit } from './time-limit.js';

export interface ExchangeOptions {
  /** `https://api.planetscale.com`. */
  readonly api: string;
  readonly organization: string;
  readonly database: string;
  readonly tokenId: string;
  readonly token: string;
  readonly requestTimeoutMs: number;
  readonly fetch: typeof fetch;
}

export interface Request {
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** Sends one request and gives its answer, whatever its status. */
export type Exchange = (asked: Asked, request: Request) => Promise<Answer>;

/** Requests with the service token. They throw `planetscale_unavailable` when no answer came, `planetscale_refused` for an endless one, and the signal's reason. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { api, organization, database, tokenId, token, requestTimeoutMs } = options;
  const base = `${api.replace(/\/+$/, '')}/v1/organizations/${encodeURIComponent(organization)}/databases/${encodeURIComponent(database)}`;
  // An answer that echoed the token would bring it into messages.
  const withoutToken = (text: string): string => (token === '' ? text : plain(text).replaceAll(token, '[token]'));

  return async (asked, { body, signal }) => {
    const limit = timeLimit(requestTimeoutMs, () => new DOMException('timed out', 'TimeoutError'), signal);
    try {
      const response = await options.fetch(`${base}${asked.path}`, {
        method: asked.method,
        headers: {
          authorization: `${tokenId}:${token}`,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: limit.signal,
      });
      const text = await textOf(asked, response);
      return { status: response.status, text: withoutToken(text), retryAfter: response.headers.get('retry-after') };
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof PlanetscaleError ? error : unreachable(asked, error, options);
    } finally {
      limit.end();
    }
  };
}

/** JSON without escapes that could hide a word; another text as it is. */
function plain(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Node's codes of a connection that was never made: the request has not left. */
const NEVER_LEFT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

function unreachable(
  { method, path }: Asked,
  error: unknown,
  { api, requestTimeoutMs }: ExchangeOptions,
): PlanetscaleError {
  const code = codeOf(error);
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  const why = timedOut ? `no answer within ${requestTimeoutMs / 1_000} s` : code || 'the connection broke';
  return new PlanetscaleError('planetscale_unavailable', `PlanetScale was not reached for ${method} ${path}: ${why}`, {
    exchange: { status: 0, words: '', lost: !NEVER_LEFT.test(code) },
    hint: `Try again. At first: can this machine reach ${api}?`,
    cause: error,
  });
}

/** The innermost code: fetch wraps what the connection threw, and Node the errors of several addresses. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner =
    codeOf(error.cause) || (error instanceof AggregateError ? error.errors.map(codeOf).find(Boolean) : undefined);
  return inner || ('code' in error && typeof error.code === 'string' ? error.code : '');
}
