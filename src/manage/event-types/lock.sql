-- Locks an event type and gives its version. No row: there is none of this name.
-- $1 text  event type
SELECT to_char(e.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at
FROM public.webhook_events e WHERE e.event_type = $1::text FOR UPDATE
