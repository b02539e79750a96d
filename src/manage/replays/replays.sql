-- Bulk replays that the caller may see, newest first: places and JSON.
-- $1 uuid[]      replays, or NULL
-- $2 uuid        webhook, or NULL
-- $3 timestamptz, $4 uuid  the place after which they begin, or NULL
-- $5 int         how many to give
-- $6 text        state, or NULL
SELECT to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, r.id::text AS id, json_build_object(
  'id', r.id, 'webhook_id', r.webhook_id, 'user_id', r.user_id, 'state', r.state, 'status_filter', r.status_filter,
  'since', to_char(r.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'until', to_char(r.until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'rate_per_second', r.rate_per_second, 'total', r.total, 'created', r.created, 'waiting_for', r.waiting_for,
  'waiting_since', to_char(r.waiting_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'created_at', to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'started_at', to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'ended_at', to_char(r.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS json
FROM public.webhook_replays r
WHERE ($1::uuid[] IS NULL OR r.id = ANY ($1)) AND ($2::uuid IS NULL OR r.webhook_id = $2) AND ($6::text IS NULL OR r.state = $6)
  AND ($3::timestamptz IS NULL OR (r.created_at, r.id) < ($3, $4::uuid))
ORDER BY r.created_at DESC, r.id DESC LIMIT $5::integer
