/** What the gateway itself knows of a webhook that it sends. Null is what the body does not say, or says as something else than text. */
export interface Envelope {
  readonly type: string | null;
  readonly event: string | null;
  readonly channelId: string | null;
  readonly callbackUrl: string | null;
  /** False only where the body says so. */
  readonly callbackRequired: boolean;
}

/** Reads the envelope of a body that may be anything: replayed files are sent as they are, well formed or not. */
export function readEnvelope(body: Uint8Array): Envelope {
  const fields = parseObject(Buffer.from(body).toString('utf8'));
  const text = (name: string): string | null => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    type: text('type'),
    event: text('event'),
    channelId: text('channel_id'),
    callbackUrl: text('callback_url'),
    callbackRequired: fields['callback_required'] !== false,
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
