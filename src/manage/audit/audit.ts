import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { type Page, type PageRequest, type PageRow, pageOf } from '../page.js';

const ENTRIES = loadSql(import.meta.url, './entries.sql');
/** What one has done most may be taken for little, and all of it be sorted for a page: 30,000 entries took 26 ms, by index it is 2. */
const BY_INDEX = "SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)";

/** Who may be behind a change, as `hookline.audit_log.actor_kind` has them. */
export const ACTOR_KINDS = ['user', 'api_key', 'portal_token', 'service', 'system', 'sql'] as const;

const of = <Thing extends string, Verb extends string>(thing: Thing, ...verbs: readonly Verb[]) =>
  verbs.map((verb) => `${thing}.${verb}` as const);

/** What is in the audit log, as `hookline.audit` writes it (migrations 0046, 0047); docs/audit-log.md says what each is. */
export const ACTIONS = [
  ...of('webhook', 'created', 'updated', 'deleted', 'activated', 'deactivated', 'moved'),
  ...of('webhook', 'secret_rotated', 'secret_overlap_ended', 'headers_set', 'verified', 'unverified'),
  ...of('subscription', 'created', 'updated', 'deleted'),
  ...of('api_key', 'created', 'revoked', 'deleted'),
  ...of('portal_token', 'created', 'revoked', 'deleted'),
  ...of('event_type', 'created', 'updated', 'deleted'),
  ...of('replay', 'created', 'cancelled'),
  ...of('signing_key', 'created', 'retired', 'deleted'),
  ...of('secret_key', 'created', 'deleted'),
  ...of('settings', 'updated'),
  ...of('user_limits', 'created', 'updated', 'deleted'),
  ...of('user', 'erased'),
] as const;

export type Action = (typeof ACTIONS)[number];

/** Which entries are wanted; what is left out narrows nothing. */
export interface AuditFilter {
  readonly action?: Action | undefined;
  /** The id of what was changed; of a subscription its webhook's, of an event type its name. */
  readonly thing?: string | undefined;
  /** The id of the user, the API key or the portal token. */
  readonly actor?: string | undefined;
  /** ISO 8601, both included. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Changes that the transaction's caller may see, of those to a user's things, or (null) all of them, as JSON, newest first. */
export async function listAudit(
  tx: Queryable,
  userId: string | null,
  { action, thing, actor, since, until }: AuditFilter,
  { limit, after }: PageRequest,
): Promise<Page> {
  const narrowed = [action, thing, actor, since, until, after?.at, after?.id].map((value) => value ?? null);
  await tx.query(BY_INDEX, []);
  const { rows } = await tx.query<PageRow>(ENTRIES, [userId, ...narrowed, limit + 1]);
  return pageOf(rows, limit);
}
