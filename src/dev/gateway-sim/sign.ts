import { createHmac } from 'node:crypto';

/** `mr`: the documented headers. `legacy`: those of the gateway's older public demos, whose signature covers the timestamp too. */
export type SignatureScheme = 'mr' | 'legacy';

export interface Signing {
  readonly scheme: SignatureScheme;
  readonly secret: string;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Sent as `mr-channel-id`; null: the webhook names none. */
  readonly channelId: string | null;
}

/** The headers of one attempt. Both signatures are lower-case hex HMAC-SHA256: of the raw body, or of `<timestamp>.<raw body>`. */
export function signedHeaders(
  body: Uint8Array,
  { scheme, secret, timestamp, channelId }: Signing,
): Record<string, string> {
  const hmac = createHmac('sha256', secret);
  const common = { 'content-type': 'application/json', 'user-agent': 'hookline-gateway-sim' };
  if (scheme === 'legacy') {
    const signature = hmac.update(`${timestamp}.`).update(body).digest('hex');
    return { ...common, 'X-ModelRiver-Signature': signature, 'X-ModelRiver-Timestamp': String(timestamp) };
  }
  return {
    ...common,
    'mr-signature': hmac.update(body).digest('hex'),
    'mr-timestamp': String(timestamp),
    ...(channelId !== null && fitsHeader(channelId) && { 'mr-channel-id': channelId }),
  };
}

/** A replayed body may name anything; HTTP headers take visible ASCII. */
function fitsHeader(text: string): boolean {
  return /^[\x21-\x7e]{1,1000}$/.test(text);
}
