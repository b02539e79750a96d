import { WebhookVerificationError } from '../verify/error.js';
import type { VerificationKeys } from '../verify/keys.js';
import type { ReadRequest } from '../verify/request.js';
import { type VerifyOptions, verifyWebhook } from '../verify/verify.js';
import type { VerifiedWebhook } from '../verify/webhook.js';

export interface RouteOptions extends Omit<VerifyOptions, 'requireTimestamp'> {
  /** Is told of each request that is refused, for a log. */
  readonly onRefused?: (error: WebhookVerificationError) => void;
}

/**
 * The keys, or what gives them for a request: where they are known only then, or each webhook (X-Webhook-ID) has its
 * own.
 */
export type KeysFor<Incoming> =
  | VerificationKeys
  | ((request: Incoming) => VerificationKeys | Promise<VerificationKeys>);

/** What the route answers by itself. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

type Judged<Events extends object> = { readonly webhook: VerifiedWebhook<Events> } | { readonly answer: Answer };

/**
 * Verifies a request for a route. The verification of a URL is answered with its token, a refused request with a
 * problem document.
 * @throws TypeError when a key is not well-formed; what `keys` throws.
 */
export async function judge<Events extends object, Incoming>(
  incoming: Incoming,
  read: () => Promise<Request | ReadRequest>,
  keys: KeysFor<Incoming>,
  options: RouteOptions,
): Promise<Judged<Events>> {
  const known = typeof keys === 'function' ? await keys(incoming) : keys;
  try {
    const webhook = await verifyWebhook<Events>(await read(), known, options);
    const token = tokenOf(webhook);
    return token === undefined ? { webhook } : { answer: json(200, { token }) };
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    return { answer: refused(error, options) };
  }
}

/** Tells `onRefused`; gives what such a request is answered. */
export function refused(error: WebhookVerificationError, { onRefused }: RouteOptions): Answer {
  onRefused?.(error);
  return problem(error);
}

function tokenOf({ event, payload }: { readonly event: string; readonly payload: unknown }): string | undefined {
  if (event !== 'webhook.verification' || typeof payload !== 'object' || payload === null) return undefined;
  return 'token' in payload && typeof payload.token === 'string' ? payload.token : undefined;
}

function problem({ code, status, message }: WebhookVerificationError): Answer {
  const document = {
    type: `urn:hookline:problem:${code}`,
    title: 'The webhook was refused.',
    status,
    detail: message,
    code,
  };
  return { ...json(status, document), type: 'application/problem+json; charset=utf-8' };
}

function json(status: number, body: object): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
