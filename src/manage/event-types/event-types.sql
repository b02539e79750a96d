-- Event types, newest first: places, versions and JSON.
-- $1 text        event type, or NULL: all
-- $2 text        category, or NULL
-- $3 boolean     whether it is enabled, or NULL
-- $4 timestamptz, $5 uuid  the place after which they begin, or NULL
-- $6 int         how many to give
SELECT to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, e.id::text AS id,
  to_char(e.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at, e.payload_schema::text AS payload_schema,
  json_build_object('id', e.id, 'event_type', e.event_type, 'category', e.category, 'description', e.description, 'is_enabled', e.is_enabled,
    'payload_schema', e.payload_schema,
    'created_at', to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'updated_at', to_char(e.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS json
FROM public.webhook_events e
WHERE ($1::text IS NULL OR e.event_type = $1) AND ($2::text IS NULL OR e.category = $2) AND ($3::boolean IS NULL OR e.is_enabled = $3)
  AND ($4::timestamptz IS NULL OR (e.created_at, e.id) < ($4, $5::uuid))
ORDER BY e.created_at DESC, e.id DESC LIMIT $6::integer
