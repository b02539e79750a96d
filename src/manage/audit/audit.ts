import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { type Page, type PageRequest, type PageRow, pageOf } from '../page.js';

const PLACES = loadSql(import.meta.url, './places.sql');
const ENTRIES = loadSql(import.meta.url, './entries.sql');

/** Who may be behind a change, as `hookline.audit_log.actor_kind` has them. */
export const ACTOR_KINDS = ['user', 'api_key', 'portal_token', 'service', 'system', 'sql'] as const;

/** Which entries are wanted; what is left out narrows nothing. */
export interface AuditFilter {
  /** Such as `webhook.updated`. */
  readonly action?: string | undefined;
  /** The id of what was changed; of a subscription its webhook's, of an event type its name. */
  readonly thing?: string | undefined;
  /** The id of the user, the API key or the portal token. */
  readonly actor?: string | undefined;
  /** ISO 8601, both included. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Changes to the things of the transaction's caller, a user, as JSON, newest first. */
export async function listOwnAudit(tx: Queryable, filter: AuditFilter, { limit, after }: PageRequest): Promise<Page> {
  const { rows } = await tx.query<PageRow>(ENTRIES, [null, ...paramsOf(filter, after), limit + 1]);
  return pageOf(rows, limit);
}

/** As `listOwnAudit`, for the service: those to a user's things, or (null) all, the installation's included. */
export async function listAudit(
  tx: Queryable,
  userId: string | null,
  filter: AuditFilter,
  { limit, after }: PageRequest,
): Promise<Page> {
  const places = await tx.query<{ ids: string[] | null }>(PLACES, [userId, ...paramsOf(filter, after), limit + 1]);
  const { rows } = await tx.query<PageRow>(ENTRIES, [places.rows[0]?.ids ?? [], ...paramsOf({}, null), limit + 1]);
  return pageOf(rows, limit);
}

function paramsOf({ action, thing, actor, since, until }: AuditFilter, after: PageRequest['after']): (string | null)[] {
  return [action, thing, actor, since, until, after?.at, after?.id].map((value) => value ?? null);
}
