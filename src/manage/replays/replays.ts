import type { Queryable } from '../../db/database.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { type Page, type PageRequest, type PageRow, pageOf } from '../page.js';

const REPLAYS = loadSql(import.meta.url, './replays.sql');
const PLACES = loadSql(import.meta.url, './places.sql');
const CREATE = loadSql(import.meta.url, './create.sql');
const COUNT = loadSql(import.meta.url, './count.sql');
const CANCEL = loadSql(import.meta.url, './cancel.sql');
const SEEN_WEBHOOK = 'SELECT FROM public.webhooks w WHERE w.id = $1::uuid';

export const REPLAY_STATES = ['running', 'completed', 'cancelled', 'expired'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** Which deliveries of a webhook are to be sent again. */
export interface ReplayRequest {
  readonly webhookId: string;
  /** Made from then until then, both included; ISO 8601. Without an end: until now. */
  readonly since: string;
  readonly until?: string | undefined;
  /** Default `failed`. */
  readonly status?: 'failed' | 'all' | undefined;
}

/** How many deliveries a replay would make, in digits. Throws `webhook_not_found`, `invalid_parameter` (a time that is not past). */
export async function countReplay(tx: Queryable, request: ReplayRequest): Promise<string> {
  const { rows } = await tx.query<{ total: string }>(COUNT, paramsOf(request));
  return rows[0]?.total ?? '0';
}

/** Begins a replay and gives it as JSON. Throws `webhook_not_found`, `invalid_parameter`, `replay_running`. */
export async function createReplay(
  tx: Queryable,
  request: ReplayRequest,
  ratePerSecond = 100,
): Promise<{ readonly id: string; readonly json: string }> {
  const { rows } = await tx.query<{ id: string }>(CREATE, [...paramsOf(request), ratePerSecond]);
  const id = rows[0]?.id ?? '';
  return { id, json: await readReplay(tx, id) };
}

/** A replay and how far it is, as JSON. Throws `replay_not_found` for one that the transaction's caller may not see. */
export async function readReplay(tx: Queryable, id: string): Promise<string> {
  const { rows } = await tx.query<PageRow>(REPLAYS, [[id], null, null, null, 1, null]);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('replay_not_found');
  return row.json;
}

/** The replays of a webhook as JSON, newest first. Throws `webhook_not_found`. */
export async function listReplays(tx: Queryable, webhookId: string, { limit, after }: PageRequest): Promise<Page> {
  const { rowCount } = await tx.query(SEEN_WEBHOOK, [webhookId]);
  if (rowCount === 0) throw new HooklineError('webhook_not_found');
  const place = [after?.at ?? null, after?.id ?? null];
  const { rows } = await tx.query<PageRow>(REPLAYS, [null, webhookId, ...place, limit + 1, null]);
  return pageOf(rows, limit);
}

/** The replays of all webhooks of the transaction's caller, a user, as JSON, newest first; those of a state, or of any. */
export async function listOwnReplays(
  tx: Queryable,
  state: ReplayState | null,
  { limit, after }: PageRequest,
): Promise<Page> {
  const { rows } = await tx.query<PageRow>(REPLAYS, [
    null,
    null,
    after?.at ?? null,
    after?.id ?? null,
    limit + 1,
    state,
  ]);
  return pageOf(rows, limit);
}

/** As `listOwnReplays`, for the service: those of a user, or (null) of everybody. */
export async function listAllReplays(
  tx: Queryable,
  userId: string | null,
  state: ReplayState | null,
  { limit, after }: PageRequest,
): Promise<Page> {
  const place = [after?.at ?? null, after?.id ?? null];
  const places = await tx.query<{ ids: string[] | null }>(PLACES, [userId, state, ...place, limit + 1]);
  const ids = places.rows[0]?.ids ?? [];
  // One may have left the state since: it is not of the list any more.
  const { rows } = await tx.query<PageRow>(REPLAYS, [ids.slice(0, limit), null, null, null, limit, state]);
  const last = rows.at(-1);
  const hasMore = ids.length > limit;
  if (hasMore && last === undefined) return listAllReplays(tx, userId, state, { limit, after });
  return { items: rows.map(({ json }) => json), next: hasMore && last ? { at: last.at, id: last.id } : null };
}

/** Ends a replay; what it has made is sent. One that has ended stays as it is. Gives it as JSON; throws `replay_not_found`. */
export async function cancelReplay(tx: Queryable, id: string): Promise<string> {
  await tx.query(CANCEL, [id]);
  return readReplay(tx, id);
}

function paramsOf({ webhookId, since, until, status = 'failed' }: ReplayRequest): (string | null)[] {
  return [webhookId, since, until ?? null, status];
}
