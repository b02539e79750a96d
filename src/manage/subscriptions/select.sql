-- Subscriptions of one webhook, the newest first, as the API shows them; Row Level Security decides whose.
-- $1 webhook
-- $2 event type, or NULL: all
-- $3 time and $4 id of the row that the list goes on after, or NULL
-- $5 how many at most
SELECT s.id, s.created_at AS at, s.updated_at, to_json(s)::text AS json FROM (
  SELECT e.id::text, e.webhook_id, e.event_type, e.is_active, e.filters,
         to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
         to_char(e.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at
    FROM public.webhook_event_subscriptions e
   WHERE e.webhook_id = $1::text::uuid
     AND ($2::text IS NULL OR e.event_type = $2::text)
     AND ($4::text IS NULL OR (e.created_at, e.id) < ($3::text::timestamptz, $4::text::uuid))
   ORDER BY e.created_at DESC, e.id DESC
   LIMIT $5::integer
) s
ORDER BY s.created_at DESC, s.id DESC;
