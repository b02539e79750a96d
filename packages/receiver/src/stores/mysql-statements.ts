import type { FollowUp } from '../store.js';
import { WINDOW_MS } from '../store.js';

/**
 * The statements of the MySQL and PlanetScale stores. They stand in a module, not in .sql files, since an edge runtime has no file system. Every one
 * that writes names the row's idempotency_key, so that on a sharded keyspace it goes to one shard; so do all that read but the look-ups
 * of what is due or late. Bookkeeping sets `updated_at = updated_at`: the column is for changes of the content. No RETURNING (PlanetScale has
 * none) and no transaction (each would be three trips). MySQL assigns from left to right, so no assignment here reads a column set before it.
 * `kind_` stands for the kind of follow-up work, whose columns are callback_… or event_….
 */

/** In UTC whatever the session's time zone is; a TIMESTAMP would be read in that one. */
const NOW = 'UTC_TIMESTAMP(3)';
const IN_MICROSECONDS = `${NOW} + INTERVAL ? MICROSECOND`;
const DUE = `kind_state = 'pending' AND kind_next_at <= ${NOW} AND kind_expires_at > ${NOW}`;
/** What is past its window is past its due time, too: the second condition lets the index leave out what waits. */
const LATE = `kind_state = 'pending' AND kind_next_at <= ${NOW} AND kind_expires_at <= ${NOW}`;
const UNLEASED = `(kind_lease_until IS NULL OR kind_lease_until <= ${NOW})`;

/** How a row's work of one kind begins. What is left out of the statement, which every insert sends and the driver scans, has its default. */
export type BegunAs = 'leased' | 'noted' | 'marked' | 'none';

function begun(kind: FollowUp, as: BegunAs): { columns: string; values: string } {
  if (as === 'none') return { columns: '', values: '' };
  const expiry = `${NOW} + INTERVAL ${WINDOW_MS[kind] * 1000} MICROSECOND`;
  const { columns, values } = {
    leased: {
      columns: ['state', 'attempts', 'next_at', 'expires_at', 'lease', 'lease_until'],
      values: `'pending', 1, ${NOW}, ${expiry}, ?, ${IN_MICROSECONDS}`,
    },
    noted: { columns: ['state', 'error'], values: '?, ?' },
    marked: { columns: ['state', 'error', 'lease'], values: '?, ?, ?' },
  }[as];
  return { columns: columns.map((name) => `, ${kind}_${name}`).join(''), values: `, ${values}` };
}

/** What of a row is not in every insert: how follow-up work begins, and whether the webhook is kept. */
export interface InsertedAs extends Readonly<Record<FollowUp, BegunAs>> {
  readonly payload: 'kept' | 'dropped';
}

/**
 * title, body, category, metadata, channel_id, event_name, time of the insert in Unix seconds, idempotency_key, payload, callback_url, and the webhook's JSON
 * for its hash where the payload is not kept;
 * for the callback and then the event, where it is leased: lease token, lease in µs, where it is noted: state, error, and the mark where it is marked; then the added columns. All of
 * that for each of so many rows. Affects 1 for a row that is new and 2 where the key was there, whether or not the connection counts found rows. VALUES(), since MariaDB has no
 * row alias.
 */
export function insert(columns: readonly string[], as: InsertedAs, rows: number): string {
  const callback = begun('callback', as.callback);
  const event = begun('event', as.event);
  const names = columns.map((name) => `, \`${name}\``).join('');
  const values = `(?, ?, ?, ?, ?, ?, FROM_UNIXTIME(?), ?, ?, ?, ${as.payload === 'kept' ? 'SHA2(payload, 256)' : 'SHA2(?, 256)'}${callback.values}${event.values}${', ?'.repeat(columns.length)})`;
  return `INSERT INTO ai_content (title, body, category, metadata, channel_id, event_name, created_at, idempotency_key, payload, callback_url,
body_hash${callback.columns}${event.columns}${names})
VALUES ${listOf(values, rows)}
ON DUPLICATE KEY UPDATE repeats = repeats + 1, differing_repeats = differing_repeats + IF(body_hash = VALUES(body_hash), 0, 1),
updated_at = updated_at`;
}

const ID_AND_TIME = 'CAST(id AS CHAR) AS id, UNIX_TIMESTAMP(created_at) AS saved_at';

/** The webhook's JSON, idempotency_key */
export const FIRST_ROW = `SELECT ${ID_AND_TIME}, body_hash <> SHA2(?, 256) AS differs FROM ai_content WHERE idempotency_key = ?`;

/** The keys. Of rows that were just inserted, with the lease or mark of the insert that made each. */
export function rowsOf(keys: number): string {
  return `SELECT CAST(id AS CHAR) AS id, idempotency_key, callback_lease FROM ai_content WHERE ${among(keys)}`;
}

export interface FollowUpStatements {
  /** With `oneRow`: id. Gives keys, the longest due first. */
  due(limit: number, oneRow: boolean): string;
  /** Lease token, lease in µs, then the keys. */
  take(keys: number): string;
  /** Lease token, then the keys. */
  taken(keys: number): string;
  /** Error, delay in µs, idempotency_key, id, lease token, delay in µs. Affects no row when the lease was lost or the window ends before. */
  readonly retry: string;
  /** State, error, for an event its id, idempotency_key, row's id, lease token. Affects no row when the lease was lost. */
  readonly end: string;
  late(limit: number): string;
  /** The keys. */
  giveUp(keys: number): string;
}

const UNLEASE = 'kind_lease = NULL, kind_lease_until = NULL, updated_at = updated_at';

function named(kind: FollowUp): (statement: string) => string {
  const other = kind === 'callback' ? 'event' : 'callback';
  return (statement) => statement.replaceAll('kind_', `${kind}_`).replaceAll('other_', `${other}_`);
}

/** What ends one kind of work lets the webhook go where it is not kept, unless the other kind still needs it. */
function payloadAfter(keepPayload: boolean): string {
  return keepPayload ? '' : `, payload = IF(other_state = 'pending', payload, NULL)`;
}

/** The statements of one kind of follow-up work. `keepPayload`: the webhook stays on the row when all is done. */
export function followUpStatements(kind: FollowUp, keepPayload: boolean): FollowUpStatements {
  const of = named(kind);
  const eventId = kind === 'event' ? ', event_id = ?' : '';
  const payload = payloadAfter(keepPayload);
  const held = 'idempotency_key = ? AND id = CAST(? AS UNSIGNED) AND kind_lease = ?';
  return {
    due: (limit, oneRow) =>
      of(`SELECT idempotency_key FROM ai_content WHERE ${DUE} AND ${UNLEASED}${oneRow ? ' AND id = CAST(? AS UNSIGNED)' : ''}
ORDER BY kind_next_at LIMIT ${wholeNumber(limit)}`),
    take: (keys) =>
      of(`UPDATE ai_content SET kind_lease = ?, kind_lease_until = ${IN_MICROSECONDS}, kind_attempts = kind_attempts + 1, updated_at = updated_at
WHERE ${among(keys)} AND ${DUE} AND ${UNLEASED}`),
    taken: (keys) =>
      of(`SELECT ${ID_AND_TIME}, idempotency_key, callback_url, payload, kind_attempts AS attempts FROM ai_content
WHERE kind_lease = ? AND ${among(keys)} ORDER BY kind_next_at`),
    retry: of(`UPDATE ai_content SET kind_error = ?, kind_next_at = ${IN_MICROSECONDS}, ${UNLEASE}
WHERE ${held} AND kind_expires_at > ${IN_MICROSECONDS}`),
    end: of(`UPDATE ai_content SET kind_state = ?, kind_error = ?${eventId}${payload}, ${UNLEASE} WHERE ${held}`),
    late: (limit) =>
      of(`SELECT idempotency_key FROM ai_content WHERE ${LATE} AND ${UNLEASED} LIMIT ${wholeNumber(limit)}`),
    giveUp: (keys) =>
      of(`UPDATE ai_content SET kind_state = 'expired', kind_error = COALESCE(kind_error, 'expired')${payload}, ${UNLEASE}
WHERE ${among(keys)} AND ${LATE} AND ${UNLEASED}`),
  };
}

/** What records many rows' work of one kind as done. */
export interface DoneStatements {
  /** For an event key and event's id of each; then the keys, and key and lease token of each. Affects the rows whose leases were held. */
  done(keys: number): string;
  /** The keys. Those that are done. */
  areDone(keys: number): string;
}

export function doneStatements(kind: FollowUp, keepPayload: boolean): DoneStatements {
  const of = named(kind);
  return {
    done: (keys) => {
      const ids = kind === 'event' ? `, event_id = CASE idempotency_key${' WHEN ? THEN ?'.repeat(keys)} END` : '';
      return of(`UPDATE ai_content SET kind_state = 'done', kind_error = NULL${ids}${payloadAfter(keepPayload)}, ${UNLEASE}
WHERE ${among(keys)} AND (idempotency_key, kind_lease) IN (${listOf('(?, ?)', keys)})`);
    },
    areDone: (keys) => of(`SELECT idempotency_key FROM ai_content WHERE ${among(keys)} AND kind_state = 'done'`),
  };
}

function among(keys: number): string {
  return `idempotency_key IN (${listOf('?', keys)})`;
}

function listOf(part: string, times: number): string {
  return `${part}${`, ${part}`.repeat(times - 1)}`;
}

/** A LIMIT stands in the text: prepared statements send numbers as doubles, which LIMIT refuses. */
function wholeNumber(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError('A limit must be a whole number.');
  return limit;
}
