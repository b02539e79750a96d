import type { FollowUp } from '../store.js';

/**
 * The statements of the PostgreSQL store. They stand in a module, not in .sql files, since an edge runtime has no file system. Parameters are
 * text or integers, cast here, and results are text, so that every driver gives and takes the same. `kind_` stands for the kind of follow-up
 * work, whose columns are callback_… or event_….
 */

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const SAVED_AT = `to_char(c.created_at AT TIME ZONE 'UTC', ${ISO}) AS saved_at`;
const UNLEASED = '(c.kind_lease_until IS NULL OR c.kind_lease_until <= now())';

const BODY_HASH = `encode(sha256(convert_to($8::text, 'UTF8')), 'hex')`;

/** A row is done with when neither kind of work is pending; a payload that shall not be kept goes then. $state is the kind's new state. */
const payloadAfter = (keep: boolean): string =>
  keep ? '' : `, payload = CASE WHEN 'pending' IN ($state, coalesce(c.other_state, '')) THEN c.payload END`;

/**
 * 1 title, 2 body, 3 category, 4 metadata, 5 channel_id, 6 event_name, 7 idempotency_key, 8 payload, 9 callback_url, 10 callback state, 11 its error,
 * 12 its lease token, 13 event state, 14 its error, 15 its lease token, 16 lease in ms, 17 window of the callback and 18 of the event in ms; with
 * added columns 19: a JSON object of them. On a repeat the first row stays: only the counts change. `repeats` is 0 for the one insert and more for
 * every repeat. The database hashes the payload: a digest in the runtime took as long as parsing it.
 */
export function insert(columns: readonly string[], payloadKept: boolean): string {
  const names = columns.map((name) => `, "${name}"`).join('');
  const values = columns.map((name) => `, a."${name}"`).join('');
  const added =
    columns.length === 0 ? '' : ' FROM jsonb_populate_record(NULL::public.ai_content, $19::text::jsonb) AS a';
  return `
INSERT INTO public.ai_content AS c (title, body, category, metadata, channel_id, event_name, idempotency_key, body_hash, payload, callback_url,
  callback_state, callback_error, callback_attempts, callback_lease, callback_lease_until, callback_next_at, callback_expires_at,
  event_state, event_error, event_attempts, event_lease, event_lease_until, event_next_at, event_expires_at${names})
SELECT $1::text, $2::text, $3::text, $4::text::jsonb, $5::text, $6::text, $7::text, ${BODY_HASH}, ${payloadKept ? '$8::text::json' : 'NULL'}, $9::text,
  $10::text, $11::text, ${begun(12, 17)},
  $13::text, $14::text, ${begun(15, 18)}${values}${added}
ON CONFLICT (idempotency_key) DO UPDATE SET
  repeats = c.repeats + 1,
  differing_repeats = c.differing_repeats + CASE WHEN c.body_hash = excluded.body_hash THEN 0 ELSE 1 END
RETURNING c.id::text AS id, ${SAVED_AT}, c.repeats = 0 AS created, c.body_hash::text <> ${BODY_HASH} AS differs`;
}

/** attempts, lease, lease_until, next_at, expires_at */
function begun(token: number, window: number): string {
  return `CASE WHEN $${token}::text IS NULL THEN 0 ELSE 1 END, $${token}::text,
  CASE WHEN $${token}::text IS NOT NULL THEN now() + $16::integer * interval '1 millisecond' END, now(), now() + $${window}::integer * interval '1 millisecond'`;
}

/** 1 lease token, 2 lease in ms, 3 limit, 4 id or NULL. SKIP LOCKED: what another drain is taking is not waited for. */
const CLAIM = `
WITH due AS MATERIALIZED (
  SELECT c.id FROM public.ai_content AS c
  WHERE c.kind_state = 'pending' AND c.kind_next_at <= now() AND c.kind_expires_at > now() AND ${UNLEASED}
    AND ($4::text IS NULL OR c.id = $4::text::bigint)
  ORDER BY c.kind_next_at LIMIT $3::integer FOR UPDATE SKIP LOCKED
)
UPDATE public.ai_content AS c
SET kind_lease = $1::text, kind_lease_until = now() + $2::integer * interval '1 millisecond', kind_attempts = c.kind_attempts + 1
FROM due WHERE c.id = due.id
RETURNING c.id::text AS id, c.idempotency_key::text AS idempotency_key, ${SAVED_AT}, c.callback_url, c.payload::text AS payload,
  c.kind_attempts AS attempts`;

/** 1 id, 2 lease token, 3 outcome (done, failed, refused, skipped, retry), 4 error, 5 delay of a retry in ms, 6 id of the event. */
const FINISH = `
UPDATE public.ai_content AS c
SET kind_state = $state, kind_error = $4::text, kind_next_at = now() + $5::bigint * interval '1 millisecond', kind_lease = NULL, kind_lease_until = NULL$id$payload
WHERE c.id = $1::text::bigint AND c.kind_lease = $2::text
RETURNING c.kind_state AS state`;
const STATE = `CASE WHEN $3::text <> 'retry' THEN $3::text
  WHEN c.kind_expires_at <= now() + $5::bigint * interval '1 millisecond' THEN 'expired' ELSE 'pending' END`;

const EXPIRE = `
WITH expired AS (
  UPDATE public.ai_content AS c
  SET kind_state = 'expired', kind_error = coalesce(c.kind_error, 'expired'), kind_lease = NULL, kind_lease_until = NULL$payload
  WHERE c.kind_state = 'pending' AND c.kind_expires_at <= now() AND ${UNLEASED}
  RETURNING 1
)
SELECT count(*)::integer AS expired FROM expired`;

export interface FollowUpStatements {
  readonly claim: string;
  readonly finish: string;
  readonly expire: string;
}

/** The statements of one kind of follow-up work. `keepPayload`: the webhook stays on the row when all is done. */
export function followUpStatements(kind: FollowUp, keepPayload: boolean): FollowUpStatements {
  const other = kind === 'callback' ? 'event' : 'callback';
  const of = (statement: string): string => statement.replaceAll('kind_', `${kind}_`).replaceAll('other_', `${other}_`);
  const eventId = kind === 'event' ? ', event_id = $6::text::uuid' : '';
  const after = payloadAfter(keepPayload);
  return {
    claim: of(CLAIM),
    finish: of(
      FINISH.replace('$payload', () => after)
        .replaceAll('$state', () => STATE)
        .replace('$id', () => eventId),
    ),
    expire: of(EXPIRE.replace('$payload', () => after.replace('$state', `'expired'`))),
  };
}
