import type { Database } from '../../../src/db/database.js';
import type { Webhooks } from './seed-webhooks.js';

/** Rows of `ai_content`, by their ids; each is named by the state of its callback. */
export interface Content {
  readonly done: string;
  readonly pending: string;
  readonly failed: string;
  readonly expired: string;
  readonly refused: string;
  /** It asked for no callback. */
  readonly none: string;
  readonly strangers: string;
}

const NAMES = ['done', 'pending', 'failed', 'expired', 'refused', 'none', 'strangers'] as const;

/** One row in each state of a callback, and in several of an event; one of the stranger's; one that is nobody's. */
export async function seedContent(
  db: Database,
  { owner, stranger }: { readonly owner: { readonly id: string }; readonly stranger: { readonly id: string } },
  { good }: Webhooks,
): Promise<Content> {
  const { rows } = await db.query<{ id: string }>(ROWS, [owner.id, stranger.id, good]);
  const ids = rows.map(({ id }) => id);
  return Object.fromEntries(NAMES.map((name, index) => [name, ids[index]])) as Record<keyof Content, string>;
}

// $1 owner, $2 stranger, $3 webhook by which the event of the done row is found. What is pending is due in an hour, so that it stays so.
const ROWS = `
  INSERT INTO ai_content (title, body, category, metadata, channel_id, event_name, payload, idempotency_key, callback_url, callback_state, callback_attempts,
    callback_next_at, callback_expires_at, callback_error, event_state, event_id, event_error, repeats, created_at, updated_at)
  SELECT r.title, 'A river in the morning light. ' || r.title, r.category, jsonb_build_object('user_id', r.user_id, 'model', 'gpt-4o', 'tokens', 1200 + r.n),
    'chan_' || r.n, r.event_name, jsonb_build_object('event', r.event_name, 'channel_id', 'chan_' || r.n, 'data', jsonb_build_object('title', r.title)),
    md5(r.title) || md5(r.title), CASE WHEN r.callback IS NOT NULL THEN 'https://api.modelriver.com/v1/callback/chan_' || r.n END, r.callback,
    CASE WHEN r.callback IN ('done', 'refused') THEN 1 WHEN r.callback IS NULL THEN 0 ELSE 3 END,
    CASE r.callback WHEN 'pending' THEN now() + interval '1 hour' END, CASE r.callback WHEN 'pending' THEN now() + interval '2 hours' END,
    r.callback_error, r.event, CASE r.event WHEN 'done' THEN (SELECT e.id FROM hookline.events e WHERE e.idempotency_key = $3 || ':3') END, r.event_error,
    CASE WHEN r.n = 1 THEN 2 ELSE 0 END, now() - make_interval(mins => r.n * 9), now() - make_interval(mins => r.n * 9)
  FROM (VALUES
    (1, 'River at dawn', 'video', $1::text, 'video.generated', 'done', NULL, 'done', NULL),
    (2, 'River at noon', 'video', $1, 'video.generated', 'pending', 'http_503', 'done', NULL),
    (3, 'River at dusk', 'image', $1, 'image.generated', 'failed', 'http_400', 'failed', '22023: the payload is refused'),
    (4, 'River by night', 'image', $1, 'image.generated', 'expired', 'timeout', 'expired', '40P01: deadlock'),
    (5, 'River in snow', 'text', $1, 'text.generated', 'refused', 'origin_refused', 'skipped', 'event_type_not_registered'),
    (6, 'River in spring', 'text', $1, NULL, NULL, NULL, 'skipped', 'event_type_not_registered'),
    (7, 'Stranger''s mountain', 'video', $2, 'video.generated', 'done', NULL, 'skipped', 'event_type_disabled'),
    (8, 'Nobody''s lake', 'video', 'nobody', 'video.generated', 'done', NULL, 'skipped', 'user_unknown')
  ) r (n, title, category, user_id, event_name, callback, callback_error, event, event_error)
  ORDER BY r.n RETURNING id::text`;
