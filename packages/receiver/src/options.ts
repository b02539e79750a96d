import type { Emitter } from './emit.js';
import { parseUrl } from './url.js';

/** What the receiver sends with: `fetch` of any runtime, or of undici with a dispatcher that guards addresses. */
export type FetchLike = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body: string;
    redirect: 'manual';
    signal: AbortSignal;
  },
) => Promise<FetchedResponse>;

/** The parts of a Response that a callback looks at. */
export interface FetchedResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: {
    getReader(): {
      read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  } | null;
}

/** One line of the log. `fields` hold no secret, no SQL and nothing of the content. */
export type ReceiverLog = (level: 'info' | 'warn' | 'error', event: string, fields: Record<string, unknown>) => void;

/** How what follows a stored webhook is done, by the handler and by `drain`. */
export interface FollowUpOptions {
  /** The gateway's API key, sent as `Authorization: Bearer`. */
  readonly apiKey: string;
  /** Origins that callbacks may go to, as `https://api.modelriver.com` (the default). */
  readonly callbackOrigins?: readonly string[];
  /** Time limit of one call, its answer included, of callbacks and of the emitter. 5,000 by default. */
  readonly callbackTimeoutMs?: number;
  /** Triggers the webhook's event for the product's customers; without it nobody is told. */
  readonly emitter?: Emitter;
  /** Sends callbacks, in place of the global `fetch`: one that guards addresses goes here. */
  readonly fetch?: FetchLike;
  /** Without it nothing is logged. */
  readonly log?: ReceiverLog;
}

/** `FollowUpOptions` with their defaults. */
export interface FollowUpSettings {
  readonly apiKey: string;
  readonly origins: ReadonlySet<string>;
  readonly timeoutMs: number;
  readonly emitter: Emitter | undefined;
  readonly fetch: FetchLike;
  readonly log: ReceiverLog;
}

export const DEFAULT_CALLBACK_ORIGINS: readonly string[] = ['https://api.modelriver.com'];

/**
 * The options with their defaults.
 * @throws TypeError when the API key is empty or a callback origin is no http(s) origin.
 */
export function followUpSettings(options: FollowUpOptions): FollowUpSettings {
  if (options.apiKey === '') throw new TypeError('apiKey must not be empty.');
  return {
    apiKey: options.apiKey,
    origins: new Set((options.callbackOrigins ?? DEFAULT_CALLBACK_ORIGINS).map(toOrigin)),
    timeoutMs: options.callbackTimeoutMs ?? 5_000,
    emitter: options.emitter,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    log: safeLog(options.log),
  };
}

/** A log that cannot fail its caller. */
function safeLog(log: ReceiverLog | undefined): ReceiverLog {
  return (level, event, fields) => {
    try {
      log?.(level, event, fields);
    } catch {
      // A broken logger must not lose a webhook.
    }
  };
}

/** An error's name and code. Its message may carry SQL, values or an address, so it is left out. */
export function errorFields(error: unknown): { error: string; error_code?: string } {
  const name = error instanceof Error ? error.name : typeof error;
  const code = errorCode(error);
  return code === undefined ? { error: name } : { error: name, error_code: code };
}

/** The `code` of an error (SQLSTATE, ECONNREFUSED, …) or of its causes. */
export function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code: unknown = 'code' in at ? at.code : undefined;
    if (typeof code === 'string' && /^\w{1,50}$/.test(code)) return code;
  }
  return undefined;
}

/** What went wrong with a call, as a code: `timeout`, `network_error`, `network_error ECONNREFUSED`. */
export function networkError(error: unknown): string {
  const name = error instanceof Object && 'name' in error ? error.name : undefined;
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  const code = errorCode(error);
  return code === undefined ? 'network_error' : `network_error ${code}`;
}

function toOrigin(text: string): string {
  const url = parseUrl(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new TypeError(`A callback origin must look like https://api.modelriver.com, not ${JSON.stringify(text)}.`);
  }
  return url.origin;
}
