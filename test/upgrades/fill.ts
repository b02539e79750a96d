import type { Database, Statement } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser } from '../harness/databases.js';
import type { Script } from '../harness/receiver-server.js';

/** A webhook of a user of its own for each fate that a delivery may have when a database is migrated; the last part of its URL. */
const FATES = {
  /** Answers, and goes on getting events; its subscription has a filter. */
  steady: { max_retries: 10 },
  /** Fails twice and has no more attempts. */
  failed: { max_retries: 1 },
  /** Failed once and waits for an hour. */
  retrying: { max_retries: 10, retry_delay_seconds: 3600 },
  /** Is inactive, so its deliveries are pending. */
  inactive: { max_retries: 10 },
  /** Answers so late that the call is in flight meanwhile. */
  inflight: { max_retries: 10, timeout_seconds: 60 },
} as const;
export type Fate = keyof typeof FATES;

export interface Tenant {
  readonly userId: string;
  readonly webhookId: string;
}

/** Longer than a migration of the whole takes. */
const LATE_MS = 4_000;

/** How the receiver answers by the path; `isOver`: from now on everything succeeds. */
export function answers(isOver: () => boolean): Script {
  return ({ url }) => {
    if (isOver()) return {};
    if (url.endsWith('failed') || url.endsWith('retrying')) return { status: 500, body: 'not today' };
    return url.endsWith('inflight') ? { delayMs: LATE_MS } : {};
  };
}

/** Users, event types, webhooks and subscriptions, by the functions that every release has. */
export async function makeTenants(db: Database, url: string): Promise<Record<Fate, Tenant>> {
  await asService(db, (tx) =>
    tx.query(
      `INSERT INTO webhook_events (event_type, category, description) VALUES ('order.paid', 'order', 'An order was paid')`,
    ),
  );
  const tenants = [];
  for (const [fate, columns] of Object.entries(FATES)) {
    const userId = await createUser(db);
    const { rows } = await asUserId(db, userId, (tx) =>
      tx.query<{ id: string }>(
        `SELECT webhook_id AS id FROM create_webhook($1, $2, p_event_types := ARRAY['video.generated', 'order.paid'])`,
        [`of ${fate}`, url.replace('/hook', `/${fate}`)],
      ),
    );
    const webhookId = rows[0]?.id ?? '';
    await asService(db, async (tx) => {
      for (const [column, value] of Object.entries({ retry_delay_seconds: 1, ...columns })) {
        await tx.query(`UPDATE webhooks SET ${column} = $1 WHERE id = $2::uuid`, [value, webhookId]);
      }
    });
    tenants.push([fate, { userId, webhookId }] as const);
  }
  const of = Object.fromEntries(tenants) as Record<Fate, Tenant>;
  await asUserId(db, of.steady.userId, (tx) =>
    tx.query(
      `UPDATE webhook_event_subscriptions SET filters = '{"part": {"$in": ["a", "b"]}}' WHERE webhook_id = $1::uuid`,
      [of.steady.webhookId],
    ),
  );
  return of;
}

/** Triggers events of both types for a user, some of which the filter keeps out, and gives the ids of the deliveries. */
export async function trigger(db: Database, { userId }: Tenant, events: number): Promise<string[]> {
  const { rows } = await asService(db, (tx) =>
    tx.query<{ id: string }>(
      `SELECT t.delivery_id AS id FROM generate_series(1, $2::int) n, LATERAL trigger_webhook_event(
         CASE WHEN n % 2 = 0 THEN 'order.paid' ELSE 'video.generated' END,
         jsonb_build_object('n', n, 'part', substr('abc', n % 3 + 1, 1), 'text', 'Größe 数据'), $1::uuid) t`,
      [userId, events],
    ),
  );
  return rows.map(({ id }) => id);
}

/** What only later releases have: statements of one parameter, for where the table is there. */
const EXTRAS: Readonly<Record<string, (of: Record<Fate, Tenant>) => Statement>> = {
  'hookline.users': ({ steady }) => [
    "INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1, 'user_29w83sxmDNGwOuEthce5gg56FcC')",
    [steady.userId],
  ],
  // Slow enough to be at work while the database is migrated.
  'hookline.replays': ({ failed }) => [
    "SELECT create_webhook_replay($1::uuid, now() - interval '1 hour', p_rate_per_second := 1)",
    [failed.webhookId],
  ],
  'hookline.access_tokens': ({ steady }) => [
    "SELECT hookline.create_access_token('api_key', $1::uuid, 'deploy', 'write', NULL)",
    [steady.userId],
  ],
  'hookline.webhook_headers': ({ steady }) => [
    'SELECT set_webhook_headers($1::uuid, \'{"X-Tenant": "acme"}\')',
    [steady.webhookId],
  ],
};

/** Rows of AI webhooks, a setting, and what the release has besides. */
export function addTheRest(db: Database, of: Record<Fate, Tenant>): Promise<void> {
  return asService(db, async (tx) => {
    await tx.query(
      `INSERT INTO ai_content (title, body, category, metadata, channel_id, event_name, payload, idempotency_key, callback_state)
       VALUES ('One', 'Text', 'news', jsonb_build_object('user_id', $1::text), 'c1', 'video.generated', '{"n": 1.50, "b": [1]}', repeat('a', 64), 'done'),
         ('Two', NULL, 'general', NULL, 'c2', 'unknown', NULL, NULL, NULL)`,
      [of.inactive.userId],
    );
    await tx.query(EMIT);
    await tx.query('UPDATE hookline.settings SET webhooks_per_user = 77');
    for (const [table, extra] of Object.entries(EXTRAS)) {
      const { rows } = await tx.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
      if (rows[0]?.there === true) await tx.query(...extra(of));
    }
  });
}

const EMIT = `SELECT e.* FROM ai_content c, LATERAL hookline.emit_stored_event(c.id, '{"n": 1}') e`;
