import { retryAfter } from './retry.js';

/** What a call of the client resolves to. */
export interface Result {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * An answer that is none of 2xx. `code` is stable; `problem` the problem document (RFC 9457), or the text of an answer
 * that is none.
 */
export class HooklineApiError extends Error {
  override readonly name = 'HooklineApiError';
  readonly status: number;
  readonly code: string;
  readonly problem: unknown;
  /** `X-Request-Id`, which is in the server's log, too. */
  readonly requestId: string | null;
  /** `Retry-After` in seconds; null when the server did not say. */
  readonly retryAfter: number | null;

  constructor({ error, response }: Result) {
    const { status, headers } = response;
    const { code, detail } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
    super(typeof detail === 'string' ? detail : `The server answered ${status}.`);
    this.status = status;
    this.code = typeof code === 'string' ? code : `http_${status}`;
    this.problem = error;
    this.requestId = headers.get('x-request-id');
    this.retryAfter = retryAfter(response);
  }
}

/**
 * The data of a call: `const webhook = ok(await client.GET(…))`.
 * @throws HooklineApiError when the answer is none of 2xx.
 */
export function ok<R extends Result>(result: R): Exclude<R['data'], undefined> {
  if (!result.response.ok) throw new HooklineApiError(result);
  return result.data as Exclude<R['data'], undefined>;
}
