import { createHmac, randomUUID } from 'node:crypto';

export const SECRET = 'secret-of-the-runtimes';

/** What breaks when a driver or a runtime escapes, encodes or counts wrongly. */
export const TITLE = `It's "quoted" \\ ? :id 100% 🎬 日本 \u{1F469}\u200D\u{1F4BB}`;

export interface Webhook {
  readonly channelId: string;
  readonly userId: string;
  readonly body: string;
}

/** A webhook of a finished generation, with a channel and a user of its own. */
export function newWebhook(callbackOrigin: string): Webhook {
  const [channelId, userId] = [randomUUID(), randomUUID()];
  const body = JSON.stringify({
    type: 'task.ai_generated',
    event: 'new_movie_suggestion',
    channel_id: channelId,
    ai_response: { data: { title: TITLE, description: 'A thief who steals secrets.', year: 2010 } },
    callback_url: `${callbackOrigin}${callbackPath(channelId)}`,
    callback_required: true,
    customer_data: { user_id: userId, category: 'movies' },
    meta: { model: 'gpt-5', provider: 'openai' },
    timestamp: '2026-01-05T12:34:56.789Z',
  });
  return { channelId, userId, body };
}

export function callbackPath(channelId: string): string {
  return `/v1/callback/${channelId}`;
}

/** The headers with which the gateway sends `body`, signed under `secret`. */
export function signedHeaders(body: string, secret = SECRET): Record<string, string> {
  return {
    'content-type': 'application/json',
    'mr-signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
}
