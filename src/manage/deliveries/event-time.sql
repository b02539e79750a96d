-- When an event was made. No row: there is none that the caller may know of, or not in that time.
-- $1 uuid        event
-- $2 timestamptz from then on
-- $3 timestamptz until then, included
SELECT to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
FROM public.webhook_event_created_at($1::uuid) e WHERE e.created_at BETWEEN $2::timestamptz AND $3::timestamptz
