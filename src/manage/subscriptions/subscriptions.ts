import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { type Page, type PageRequest, type PageRow, pageOf } from '../page.js';
import type { Versioned } from '../webhooks/webhooks.js';

const SELECT = loadSql(import.meta.url, './select.sql');
const PUT = loadSql(import.meta.url, './put.sql');
// Of the webhook, so that it is not deleted meanwhile; a stranger's is not there.
const HOLD_WEBHOOK = 'SELECT FROM public.webhooks w WHERE w.id = $1::text::uuid';
const LOCK = `SELECT to_char(e.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at
  FROM public.webhook_event_subscriptions e WHERE e.webhook_id = $1::text::uuid AND e.event_type = $2::text FOR NO KEY UPDATE`;
const CHANGE = (columns: string) => `UPDATE public.webhook_event_subscriptions e SET ${columns}
  FROM json_to_record($3::text::json) AS r (is_active boolean, filters jsonb) WHERE e.webhook_id = $1::text::uuid AND e.event_type = $2::text`;
const DELETE =
  'DELETE FROM public.webhook_event_subscriptions e WHERE e.webhook_id = $1::text::uuid AND e.event_type = $2::text';

/** Which subscription: a webhook has one of each event type. */
export interface SubscriptionKey {
  readonly webhookId: string;
  readonly eventType: string;
}

interface Row extends PageRow {
  readonly updated_at: string;
}

/** The subscriptions of a webhook. Throws `webhook_not_found`. */
export async function listSubscriptions(
  tx: Queryable,
  webhookId: string,
  { limit, after }: PageRequest,
): Promise<Page> {
  await checkWebhook(tx, webhookId);
  const { rows } = await tx.query<Row>(SELECT, [webhookId, null, after?.at ?? null, after?.id ?? null, limit + 1]);
  return pageOf(rows, limit);
}

/** One subscription. Throws `webhook_not_found` or `subscription_not_found`. */
export async function readSubscription(tx: Queryable, key: SubscriptionKey): Promise<Versioned> {
  await checkWebhook(tx, key.webhookId);
  const { rows } = await tx.query<Row>(SELECT, [key.webhookId, key.eventType, null, null, 1]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('subscription_not_found');
  return { json: row.json, updatedAt: row.updated_at };
}

/** Holds the webhook, and locks the subscription for a change; gives its version, null when there is none. Throws `webhook_not_found`. */
export async function lockSubscription(
  tx: Queryable,
  { webhookId, eventType }: SubscriptionKey,
): Promise<string | null> {
  await checkWebhook(tx, webhookId, 'FOR KEY SHARE');
  const { rows } = await tx.query<{ updated_at: string }>(LOCK, [webhookId, eventType]);
  return rows[0]?.updated_at ?? null;
}

/**
 * Makes the subscription, or sets it: `is_active` (default true) and `filters` (default none) of the JSON object in `jsonText`. After `lockSubscription`.
 * Throws `unknown_event_type` for a new one of an event type that is unknown or disabled, or `invalid_filter`.
 */
export async function putSubscription(
  tx: Queryable,
  key: SubscriptionKey,
  jsonText: string,
  isThere: boolean,
): Promise<Versioned & { readonly isNew: boolean }> {
  const params = [key.webhookId, key.eventType, jsonText];
  // Not by ON CONFLICT, whose insert would refuse an event type that was disabled since.
  const set = CHANGE('is_active = coalesce(r.is_active, true), filters = r.filters');
  const { rows } = isThere
    ? await tx.query<{ is_new: boolean }>(set, params)
    : await tx.query<{ is_new: boolean }>(PUT, params);
  return { ...(await readSubscription(tx, key)), isNew: rows[0]?.is_new ?? false };
}

/** Changes what is named, `is_active` or `filters` or both, of the JSON object in `jsonText`. Throws `subscription_not_found` or `invalid_filter`. */
export async function changeSubscription(
  tx: Queryable,
  key: SubscriptionKey,
  jsonText: string,
  names: readonly ('is_active' | 'filters')[],
): Promise<Versioned> {
  const set = CHANGE(names.map((name) => `${name} = r.${name}`).join(', '));
  await tx.query(set, [key.webhookId, key.eventType, jsonText]);
  return readSubscription(tx, key);
}

/** Ends the subscription. Throws `subscription_not_found`. */
export async function deleteSubscription(tx: Queryable, { webhookId, eventType }: SubscriptionKey): Promise<void> {
  const { rowCount } = await tx.query(DELETE, [webhookId, eventType]);
  if (rowCount === 0) throw new HooklineError('subscription_not_found');
}

async function checkWebhook(tx: Queryable, webhookId: string, lock = ''): Promise<void> {
  const { rowCount } = await tx.query(`${HOLD_WEBHOOK} ${lock}`, [webhookId]);
  if (rowCount === 0) throw new HooklineError('webhook_not_found');
}
