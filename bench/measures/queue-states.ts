import pg from 'pg';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { claimOf } from '../claim.js';
import type { Stand } from '../stand/stand.js';
import { EVENT_TYPE, payloads, trigger, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';

const BATCH = 20_000;
const EVENTS = 50;

// $1 uuid[] webhooks
// $2 int    deliveries of each
const ADD = `INSERT INTO webhook_deliveries (webhook_id, user_id, event_type, request_url, request_payload)
SELECT w.id, w.user_id, '${EVENT_TYPE}', w.url, jsonb_build_object('n', n)
FROM generate_series(1, $2::int) n, webhooks w WHERE w.id = ANY ($1::uuid[])`;

/** Deliveries that wait, due now, shared out evenly to webhooks; written straight into the table, through the same triggers as everything. */
export async function addPending(db: Database, webhooks: readonly string[], count: number): Promise<void> {
  for (let added = 0; added < count; added += BATCH) {
    const each = Math.ceil(Math.min(BATCH, count - added) / webhooks.length);
    await asService(db, (tx) => tx.query(ADD, [webhooks, each]));
  }
}

/** So many workers live, as far as the database knows, for as long as the measure takes. */
export async function workersLive(db: Database, count: number): Promise<void> {
  await db.query('DELETE FROM hookline.workers', []);
  await db.query(
    `INSERT INTO hookline.workers (id, name, heartbeat_at)
     SELECT gen_random_uuid(), 'bench', now() + interval '1 hour' FROM generate_series(1, $1::int)`,
    [count],
  );
}

/** Claims of `hot` webhooks what their cap allows. Throws when that was nothing. */
export async function atItsCap(db: Database, hot: readonly string[], others: readonly string[]): Promise<void> {
  const excluded = `p_excluded_webhooks => '{${others.join(',')}}'`;
  const claimed = await asService(db, (tx) => tx.query(claimOf(1_000, [excluded]), []));
  const again = await asService(db, (tx) => tx.query(claimOf(1_000, [excluded]), []));
  if (claimed.rows.length === 0 || again.rows.length > 0) throw new Error(`no cap was reached on ${hot.join(', ')}`);
}

/** What a worker knows that has claimed everything before what waits now: arguments of its claim. */
export async function knownToAWorker(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ users: string; webhooks: string; after: string }>(
    `SELECT array_agg(user_id)::text AS users, array_agg(webhook_id)::text AS webhooks, array_agg(before)::text AS after
     FROM (SELECT user_id, webhook_id, min(position) - 1 AS before FROM hookline.queue WHERE NOT is_waiting AND lease_id IS NULL GROUP BY 1, 2) q`,
    [],
  );
  const { users = '{}', webhooks = '{}', after = '{}' } = rows[0] ?? {};
  return [`p_known_users => '${users}'`, `p_known_webhooks => '${webhooks}'`, `p_known_after => '${after}'`];
}

/** Opens a snapshot and lets a worker make `already` deliveries that wait and `passing` more; the snapshot stays open until its end. */
export async function passUnderOldSnapshot(
  { built, receivers }: Stand,
  { db, url }: { readonly db: Database; readonly url: string },
  { already, passing }: { readonly already: number; readonly passing: number },
): Promise<pg.Client> {
  const snapshot = new pg.Client({ connectionString: url });
  await snapshot.connect();
  await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM hookline.queue');
  await receivers.reset();
  const child = await startWorkerProcess(built, { url });
  const { rows } = await db.query<{ count: number }>('SELECT count(*)::int AS count FROM webhooks', []);
  const each = EVENTS * (rows[0]?.count ?? 0);
  const released = each * Math.ceil(passing / each);
  for (let n = 0; n < released; n += each) await trigger(db, payloads(EVENTS));
  await untilRecorded(db, receivers, already + released);
  await child.stop();
  return snapshot;
}
