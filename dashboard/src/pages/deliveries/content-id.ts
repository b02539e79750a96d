const CONTENT_ID = /^[0-9]{1,19}$/;

/** The id of the stored AI content that an event may come from: its payload has `id` and `channel_id` (docs/receiver.md). undefined: it is no such event. */
export function contentIdIn(body: string): string | undefined {
  const payload: unknown = JSON.parse(body);
  if (typeof payload !== 'object' || payload === null || !('id' in payload) || !('channel_id' in payload))
    return undefined;
  return typeof payload.id === 'string' && CONTENT_ID.test(payload.id) ? payload.id : undefined;
}
