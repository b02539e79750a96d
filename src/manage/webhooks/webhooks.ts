import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { type Page, type PageRequest, type PageRow, pageOf } from '../page.js';

const SELECT = loadSql(import.meta.url, './select.sql');
// Any column would do; by id and RLS it is one row or none.
const LOCK = `SELECT to_char(w.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at
  FROM public.webhooks w WHERE w.id = $1::text::uuid FOR NO KEY UPDATE`;

/** What may be wrong with a webhook, as `select.sql` tells it. */
export const CONDITIONS = ['breaker_open', 'paused', 'disabled', 'unverified', 'failing'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Which webhooks are wanted; what is left out does not matter. */
export interface WebhookFilter {
  readonly userId?: string | undefined;
  readonly isActive?: boolean | undefined;
  /** Those that subscribe to it, active or not. */
  readonly eventType?: string | undefined;
  readonly condition?: Condition | undefined;
}

/** A thing with a version: its JSON as PostgreSQL wrote it, and when its settings last changed (ISO 8601). */
export interface Versioned {
  readonly json: string;
  readonly updatedAt: string;
}

interface Row extends PageRow {
  readonly updated_at: string;
}

/** The webhooks that the caller may see. */
export async function listWebhooks(tx: Queryable, filter: WebhookFilter, { limit, after }: PageRequest): Promise<Page> {
  const { userId, isActive, eventType, condition } = filter;
  const { rows } = await tx.query<Row>(SELECT, [
    null,
    userId ?? null,
    isActive ?? null,
    eventType ?? null,
    after?.at ?? null,
    after?.id ?? null,
    limit + 1,
    condition ?? null,
  ]);
  return pageOf(rows, limit);
}

/** One webhook. Throws `webhook_not_found` for what the caller may not see. */
export async function readWebhook(tx: Queryable, id: string): Promise<Versioned> {
  const { rows } = await tx.query<Row>(SELECT, [id, null, null, null, null, null, 1, null]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('webhook_not_found');
  return { json: row.json, updatedAt: row.updated_at };
}

/** Locks a webhook for a change until the transaction ends, and gives the version that is changed. Throws `webhook_not_found`. */
export async function lockWebhook(tx: Queryable, id: string): Promise<string> {
  const { rows } = await tx.query<{ updated_at: string }>(LOCK, [id]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('webhook_not_found');
  return row.updated_at;
}

/** Removes a webhook with its subscriptions, deliveries and statistics. Throws `webhook_not_found`. */
export async function deleteWebhook(tx: Queryable, id: string): Promise<void> {
  const { rowCount } = await tx.query('DELETE FROM public.webhooks w WHERE w.id = $1::text::uuid', [id]);
  if (rowCount === 0) throw new HooklineError('webhook_not_found');
}
