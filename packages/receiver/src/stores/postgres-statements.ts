/**
 * The statements of the PostgreSQL store. They stand in a module, not in .sql files, since an edge runtime has no file system. Parameters are
 * text or integers, cast here, and results are text, so that every driver gives and takes the same.
 */

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const SAVED_AT = `to_char(c.created_at AT TIME ZONE 'UTC', ${ISO}) AS saved_at`;
const UNLEASED = '(c.callback_lease_until IS NULL OR c.callback_lease_until <= now())';

/**
 * 1 title, 2 body, 3 category, 4 metadata, 5 channel_id, 6 event_name, 7 idempotency_key, 8 body_hash, 9 payload, 10 callback_url,
 * 11 callback_state, 12 callback_error, 13 lease token, 14 lease in ms, 15 callback window in ms. On a repeat the first row stays: only the
 * counts change. `repeats` is 0 for the one insert and more for every repeat.
 */
export const INSERT = `
INSERT INTO public.ai_content AS c (title, body, category, metadata, channel_id, event_name, idempotency_key, body_hash, payload,
  callback_url, callback_state, callback_error, callback_attempts, callback_lease, callback_lease_until, callback_next_at, callback_expires_at)
VALUES ($1::text, $2::text, $3::text, $4::text::jsonb, $5::text, $6::text, $7::text, $8::text, $9::text::jsonb, $10::text, $11::text, $12::text,
  CASE WHEN $13::text IS NULL THEN 0 ELSE 1 END, $13::text, now() + $14::integer * interval '1 millisecond',
  now(), now() + $15::integer * interval '1 millisecond')
ON CONFLICT (idempotency_key) DO UPDATE SET
  repeats = c.repeats + 1,
  differing_repeats = c.differing_repeats + CASE WHEN c.body_hash = excluded.body_hash THEN 0 ELSE 1 END
RETURNING c.id::text AS id, ${SAVED_AT}, c.repeats = 0 AS created, c.body_hash::text <> $8::text AS differs`;

/** 1 lease token, 2 lease in ms, 3 limit, 4 id or NULL. SKIP LOCKED: what another drain is taking is not waited for. */
export const CLAIM = `
WITH due AS MATERIALIZED (
  SELECT c.id FROM public.ai_content AS c
  WHERE c.callback_state = 'pending' AND c.callback_next_at <= now() AND c.callback_expires_at > now() AND ${UNLEASED}
    AND ($4::text IS NULL OR c.id = $4::text::bigint)
  ORDER BY c.callback_next_at LIMIT $3::integer FOR UPDATE SKIP LOCKED
)
UPDATE public.ai_content AS c
SET callback_lease = $1::text, callback_lease_until = now() + $2::integer * interval '1 millisecond',
    callback_attempts = c.callback_attempts + 1
FROM due WHERE c.id = due.id
RETURNING c.id::text AS id, ${SAVED_AT}, c.callback_url, c.payload::text AS payload, c.callback_attempts AS attempts`;

/** 1 id, 2 lease token, 3 outcome (done, failed, refused, retry), 4 error, 5 delay of a retry in ms. */
export const FINISH = `
UPDATE public.ai_content AS c
SET callback_state = CASE WHEN $3::text <> 'retry' THEN $3::text
      WHEN c.callback_expires_at <= now() + $5::bigint * interval '1 millisecond' THEN 'expired' ELSE 'pending' END,
    callback_error = $4::text, callback_next_at = now() + $5::bigint * interval '1 millisecond',
    callback_lease = NULL, callback_lease_until = NULL
WHERE c.id = $1::text::bigint AND c.callback_lease = $2::text
RETURNING c.callback_state AS state`;

export const EXPIRE = `
WITH expired AS (
  UPDATE public.ai_content AS c
  SET callback_state = 'expired', callback_error = coalesce(c.callback_error, 'expired'), callback_lease = NULL, callback_lease_until = NULL
  WHERE c.callback_state = 'pending' AND c.callback_expires_at <= now() AND ${UNLEASED}
  RETURNING 1
)
SELECT count(*)::integer AS expired FROM expired`;
