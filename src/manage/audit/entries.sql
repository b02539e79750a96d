-- Entries of the audit log that the caller may see, newest first: places and JSON. By index: the view has this order in itself.
-- $1 uuid  whose things they are about, or NULL: of everything that the caller may see
-- $2 text  action, or NULL      $3 text  thing, or NULL      $4 text  actor, or NULL
-- $5 timestamptz, $6 timestamptz  since and until when, both included, or NULL
-- $7 timestamptz, $8 uuid  the place after which they begin, or NULL
-- $9 int   how many to give
SELECT to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, a.id::text AS id, json_build_object(
  'id', a.id, 'at', to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'action', a.action, 'actor_kind', a.actor_kind, 'actor_id', a.actor_id, 'login', a.login, 'user_id', a.user_id,
  'thing_kind', a.thing_kind, 'thing_id', a.thing_id, 'thing_name', a.thing_name, 'changes', a.changes,
  'request_id', a.request_id, 'ip', a.ip, 'user_agent', a.user_agent)::text AS json
FROM public.webhook_audit_log a
WHERE ($1::uuid IS NULL OR a.user_id = $1) AND ($2::text IS NULL OR a.action = $2) AND ($3::text IS NULL OR a.thing_id = $3)
  AND ($4::text IS NULL OR a.actor_id = $4) AND ($5::timestamptz IS NULL OR a.at >= $5) AND ($6::timestamptz IS NULL OR a.at <= $6)
  AND ($7::timestamptz IS NULL OR (a.at, a.id) < ($7, $8::uuid))
ORDER BY a.at DESC, a.id DESC LIMIT $9::integer
