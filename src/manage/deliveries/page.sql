-- Deliveries of a list, newest first, by walking over $12 of them at most in the order of one index: what is read is bounded, also where nothing matches.
-- The last one walked over comes as a place without JSON when it does not match: the list goes on there. Only one arm is left when this is planned. Row
-- comparisons begin and end its walk, in an order that no other index has; what is not in the index is asked outside.
-- $1 text        the index that is walked, webhook_deliveries_…: history, webhook_troubled, troubled, or of_user (where $2 is NULL idx_…_created_at)
-- $2 uuid        user, or NULL: everybody
-- $3 uuid        webhook, or NULL
-- $4 text        event type, or NULL
-- $5 text        status, or NULL
-- $6 uuid        event, or NULL
-- $7 timestamptz from then on
-- $8 timestamptz until then, $8 included
-- $9 timestamptz, $10 uuid  the place after which the page begins
-- $11 int        how many to give
-- $12 int        how many to walk over
-- $13 int, $14 int  the lowest and the highest status of the answer, 0: there is none; or NULL
SELECT to_char(w.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, w.id::text AS id,
  CASE WHEN w.matches THEN json_build_object(
    'id', w.id, 'webhook_id', w.webhook_id, 'user_id', w.user_id, 'event_id', w.event_id, 'event_type', w.event_type, 'status', w.status,
    'attempt_number', w.attempt_number, 'max_attempts', w.max_attempts, 'request_url', w.request_url,
    'response_status', w.response_status, 'response_time_ms', w.response_time_ms, 'error_code', w.error_code, 'error_message', w.error_message,
    'replay_of', w.replay_of,
    'next_retry_at', to_char(w.next_retry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'created_at', to_char(w.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'attempted_at', to_char(w.attempted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'delivered_at', to_char(w.delivered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'failed_at', to_char(w.failed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text END AS json,
  w.nth = $12 AS is_cut
FROM (
  SELECT walked.*, row_number() OVER () AS nth,
    ($2::uuid IS NULL OR walked.user_id = $2) AND ($3::uuid IS NULL OR walked.webhook_id = $3) AND ($4::text IS NULL OR walked.event_type = $4)
      AND ($5::text IS NULL OR walked.status = $5) AND ($6::uuid IS NULL OR walked.event_id = $6) AND walked.created_at <= $8::timestamptz
      AND ($13::integer IS NULL OR coalesce(walked.response_status, 0) BETWEEN $13 AND $14::integer) AS matches
  FROM (
    (SELECT d.id, d.webhook_id, d.user_id, d.event_id, d.event_type, d.status, d.attempt_number, d.max_attempts, d.request_url, d.response_status,
            d.response_time_ms, d.error_code, d.error_message, d.replay_of, d.next_retry_at, d.created_at, d.attempted_at, d.delivered_at, d.failed_at
     FROM public.webhook_deliveries d
     WHERE $1::text = 'history' AND d.user_id = (SELECT w.user_id FROM public.webhooks w WHERE w.id = $3)
       AND (d.webhook_id, d.created_at, d.id) < ($3, $9::timestamptz, $10::uuid) AND (d.webhook_id, d.created_at) >= ($3, $7::timestamptz)
     ORDER BY d.webhook_id DESC, d.created_at DESC, d.id DESC LIMIT $12::integer)
    UNION ALL
    (SELECT d.id, d.webhook_id, d.user_id, d.event_id, d.event_type, d.status, d.attempt_number, d.max_attempts, d.request_url, d.response_status,
            d.response_time_ms, d.error_code, d.error_message, d.replay_of, d.next_retry_at, d.created_at, d.attempted_at, d.delivered_at, d.failed_at
     FROM public.webhook_deliveries d
     WHERE $1 = 'webhook_troubled' AND EXISTS (SELECT FROM public.webhooks w WHERE w.id = $3) AND d.status IN ('failed', 'retrying')
       AND (d.webhook_id, d.status, d.created_at, d.id) < ($3, $5, $9, $10) AND (d.webhook_id, d.status, d.created_at) >= ($3, $5, $7)
     ORDER BY d.webhook_id DESC, d.status DESC, d.created_at DESC, d.id DESC LIMIT $12)
    UNION ALL
    (SELECT d.id, d.webhook_id, d.user_id, d.event_id, d.event_type, d.status, d.attempt_number, d.max_attempts, d.request_url, d.response_status,
            d.response_time_ms, d.error_code, d.error_message, d.replay_of, d.next_retry_at, d.created_at, d.attempted_at, d.delivered_at, d.failed_at
     FROM public.webhook_deliveries d
     WHERE $1 = 'troubled' AND d.user_id = $2::uuid AND d.status IN ('failed', 'retrying')
       AND (d.status, d.created_at, d.id) < ($5, $9, $10) AND (d.status, d.created_at) >= ($5, $7)
     ORDER BY d.status DESC, d.created_at DESC, d.id DESC LIMIT $12)
    UNION ALL
    (SELECT d.id, d.webhook_id, d.user_id, d.event_id, d.event_type, d.status, d.attempt_number, d.max_attempts, d.request_url, d.response_status,
            d.response_time_ms, d.error_code, d.error_message, d.replay_of, d.next_retry_at, d.created_at, d.attempted_at, d.delivered_at, d.failed_at
     FROM public.webhook_deliveries d
     WHERE $1 = 'of_user' AND ($2 IS NULL OR d.user_id = $2) AND (d.created_at, d.id) < ($9, $10) AND d.created_at >= $7
     ORDER BY d.created_at DESC, d.id DESC LIMIT $12)
  ) walked
) w
WHERE w.matches OR w.nth = $12
LIMIT $11::integer
