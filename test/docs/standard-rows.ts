import type { Queryable } from '../../src/db/database.js';

/** The user and the webhook that samples in docs are about. */
export const USER_ID = '8c5f0a52-7a5c-4d0c-9a53-0f0c5d9d1b7e';
const EXTERNAL_USER_ID = 'user_456';
export const WEBHOOK_ID = '5b1f7e1e-33a4-4c6e-9d0a-0c6f8f0d2a11';

/** Makes them: the webhook is verified, and subscribed to `video.generated`. */
export async function insertStandardRows(db: Queryable, url = 'https://api.example.com/hooks'): Promise<void> {
  await db.query('INSERT INTO auth.users (id) VALUES ($1)', [USER_ID]);
  await db.query('INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1, $2)', [USER_ID, EXTERNAL_USER_ID]);
  await db.query(
    "INSERT INTO webhooks (id, user_id, name, url, is_verified, verified_at) VALUES ($1, $2, 'Videos', $3, true, now())",
    [WEBHOOK_ID, USER_ID, url],
  );
  await db.query("INSERT INTO webhook_event_subscriptions (webhook_id, event_type) VALUES ($1, 'video.generated')", [
    WEBHOOK_ID,
  ]);
}
