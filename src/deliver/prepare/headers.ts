import type { Claimed } from '../stages.js';
import { signAsymmetric, signBody, signStandard } from './sign.js';

/** What the headers tell of a message, be it an event or a verification. */
export type Message = Pick<
  Claimed,
  'webhookId' | 'messageId' | 'eventType' | 'algorithm' | 'secrets' | 'signingKeys' | 'customHeaders'
>;

/** What stands for the value of a custom header wherever it is recorded. */
const MASK = '***';

/**
 * The headers of a body that is sent at `nowMs` of the database's clock (ms since 1970), and the value of X-Webhook-Signature. That one is made
 * with the oldest live key, so that a subscriber who has not changed yet goes on verifying (DESIGN, Headers). Custom headers are masked.
 */
export function signedHeaders(
  message: Message,
  body: Buffer,
  nowMs: number,
): { readonly signature: string; readonly headers: Record<string, string> } {
  const { webhookId, messageId, eventType, algorithm, secrets, signingKeys, customHeaders } = message;
  const signature = signBody(algorithm, secrets, body);
  const timestamp = Math.floor(nowMs / 1000);
  const standard = signStandard(secrets, messageId, timestamp, body);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'Hookline',
    'X-Webhook-Signature': signature,
    'X-Webhook-Event': headerValue(eventType),
    'X-Webhook-ID': webhookId,
    'webhook-id': messageId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signingKeys
      ? `${standard} ${signAsymmetric(signingKeys, messageId, timestamp, body)}`
      : standard,
  };
  for (const name in customHeaders) headers[name] = MASK;
  return { signature, headers };
}

/** An operator may name an event type in any script, a header holds visible ASCII: the rest is percent-encoded. */
function headerValue(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}
