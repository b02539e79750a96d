import type { Database, Queryable } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { waitUntil } from '../../test/harness/wait-until.js';
import { payload } from '../payload.js';
import type { Receivers } from './receivers.js';

const LOOK_MS = 2;
export const EVENT_TYPE = 'video.generated';

// $1 int  how many
// $2 text the URL, to which the number is added
const REGISTER = `WITH owner AS (INSERT INTO auth.users SELECT FROM generate_series(1, $1::int) RETURNING id),
hook AS (INSERT INTO webhooks (user_id, name, url)
  SELECT id, 'bench', $2::text || row_number() OVER () FROM owner RETURNING id, user_id),
subscribed AS (INSERT INTO webhook_event_subscriptions (webhook_id, event_type) SELECT id, '${EVENT_TYPE}' FROM hook)
SELECT user_id AS "user" FROM hook`;

/** One event. $1 text  the payload; $2 uuid  its user */
export const TRIGGER_ONE = `SELECT delivery_id, webhook_url FROM trigger_webhook_event('${EVENT_TYPE}', $1::jsonb, $2::uuid)`;

/** Registers `count` webhooks, each of a user of its own, subscribed to EVENT_TYPE; gives the users. Their URLs begin with `url`. */
export async function registerWebhooks(
  db: Database,
  receivers: Receivers,
  count: number,
  url = receivers.url(''),
): Promise<string[]> {
  const { rows } = await db.query<{ user: string }>(REGISTER, [count, url]);
  return rows.map((row) => row.user);
}

/** `count` payloads of about 500 bytes, or of about `bytes`. */
export function payloads(count: number, bytes = 0): string[] {
  return Array.from({ length: count }, (_, n) => {
    const plain = payload(n);
    const missing = bytes - JSON.stringify(plain).length - ',"padding":""'.length;
    return JSON.stringify(missing > 0 ? { ...plain, padding: 'x'.repeat(missing) } : plain);
  });
}

/** Triggers an event for each payload, all in one transaction; its commit releases the deliveries. */
export async function trigger(db: Database, texts: readonly string[]): Promise<void> {
  await asService(db, (tx) =>
    tx.query(`SELECT count(*) FROM unnest($1::text[]) p, trigger_webhook_event('${EVENT_TYPE}', p::jsonb)`, [texts]),
  );
}

/** Waits until so many calls have arrived since the receivers' last reset, and everything of the queue is recorded. */
export async function untilRecorded(db: Queryable, receivers: Receivers, arrivals: number): Promise<void> {
  await receivers.until(arrivals);
  const isEmpty = async (): Promise<boolean> => !(await isLeft(db));
  await waitUntil(isEmpty, { message: 'everything is recorded', timeoutMs: 60_000, intervalMs: LOOK_MS });
}

async function isLeft(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ left: boolean }>('SELECT EXISTS (SELECT FROM hookline.queue) AS left', []);
  return rows[0]?.left === true;
}

/** Throws when a delivery ended otherwise than in success. */
export async function allSucceeded(db: Queryable): Promise<void> {
  const { rows } = await db.query<{ bad: number }>(
    "SELECT count(*)::int AS bad FROM webhook_deliveries WHERE status <> 'success'",
    [],
  );
  if (rows[0]?.bad !== 0) throw new Error(`${rows[0]?.bad} deliveries did not succeed`);
}
