-- The changes between two positions that the caller may see, in order.
-- $1 float8  after this position   $2 float8  up to this one   $3 uuid  of this user alone, or NULL
SELECT c.position::float8 AS position, c.kind::text AS kind, c.webhook_id::text AS "webhookId", c.event_type::text AS "eventType", c.status::text AS status,
       json_build_object('kind', c.kind, 'changed_at', to_char(c.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'delivery', c.delivery)::text AS body
FROM public.webhook_delivery_changes c
WHERE c.position > $1::float8::bigint AND c.position <= $2::float8::bigint AND ($3::uuid IS NULL OR c.user_id = $3::uuid)
ORDER BY c.position
