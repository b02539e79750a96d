import type { Database } from '../../src/db/database.js';
import { schemaFingerprint } from '../integration/schema-fingerprint.js';

/** Rows by their key, and of each the columns, as JSON. */
export type Kept = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What no upgrade may change. What changes by itself, since webhooks are called meanwhile, is left out. */
const TABLES: Readonly<Record<string, string>> = {
  'auth.users': 'SELECT id::text AS key, to_jsonb(t) AS row FROM auth.users t',
  'public.webhook_events': `SELECT event_type AS key, to_jsonb(t) AS row FROM public.webhook_events t`,
  'public.webhooks': `SELECT id::text AS key, to_jsonb(c) AS row FROM public.webhooks t, LATERAL (SELECT t.user_id, t.name, t.url, t.secret, t.signature_algorithm,
    t.verification_token, t.retry_enabled, t.max_retries, t.retry_delay_seconds, t.timeout_seconds, t.metadata, t.created_at) c`,
  'public.webhook_event_subscriptions':
    'SELECT id::text AS key, to_jsonb(t) AS row FROM public.webhook_event_subscriptions t',
  'public.webhook_deliveries': `SELECT id::text AS key, to_jsonb(t) AS row FROM public.webhook_deliveries t WHERE status IN ('success', 'failed')`,
  'hookline.events': 'SELECT id::text AS key, to_jsonb(t) AS row FROM hookline.events t',
  'hookline.webhook_delivery_attempts': `SELECT delivery_id || ' ' || attempt_number || ' ' || is_late AS key, to_jsonb(t) AS row FROM hookline.webhook_delivery_attempts t`,
  'hookline.settings': `SELECT 'settings' AS key, to_jsonb(t) AS row FROM hookline.settings t`,
  'hookline.users': 'SELECT user_id::text AS key, to_jsonb(t) AS row FROM hookline.users t',
  'hookline.access_tokens': 'SELECT id::text AS key, to_jsonb(t) AS row FROM hookline.access_tokens t',
  'hookline.webhook_headers': 'SELECT webhook_id::text AS key, to_jsonb(t) AS row FROM hookline.webhook_headers t',
  'hookline.replays': `SELECT id::text AS key, jsonb_build_object('webhook_id', webhook_id, 'total', total, 'since', since, 'until', until) AS row FROM hookline.replays t`,
  // 0033 has other names for the states of events, and its payload is the text as it came.
  'public.ai_content': `SELECT id::text AS key, to_jsonb(t) - ARRAY['payload', 'event_state'] || jsonb_build_object('payload', payload::jsonb,
    'event_state', replace(event_state, 'triggered', 'done')) AS row FROM public.ai_content t`,
};

/** What stands in the tables that this schema has. */
export async function keep(db: Database): Promise<Record<string, Kept>> {
  const kept: Record<string, Kept> = {};
  for (const [table, query] of Object.entries(TABLES)) {
    const { rows: there } = await db.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [table]);
    if (there.length === 0) continue;
    const { rows } = await db.query<{ key: string; row: Kept[string] }>(query, []);
    kept[table] = Object.fromEntries(rows.map(({ key, row }) => [key, row]));
  }
  return kept;
}

/** Rows of the fingerprint that are made while a database is used, or at a time of its own. */
const OF_ITS_OWN = /^(public\.webhook_events|hookline\.migrations|hookline\.settings) /;

/** The definition of everything, but for partitions, which follow the days that a database has seen. */
export async function schemaOf(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>('SELECT relname AS name FROM pg_class WHERE relispartition', []);
  const lines = await schemaFingerprint(db);
  return lines.filter((line) => !OF_ITS_OWN.test(line) && !rows.some(({ name }) => line.includes(name)));
}
