-- API keys or portal tokens, newest first, as whoever asks sees them.
-- $1 kind: api_key or portal_token
-- $2 user, or NULL
-- $3 timestamptz, $4 uuid: the place after which the page begins, or NULL
-- $5 how many
-- $6 the one with this id alone, or NULL
SELECT to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, t.id::text AS id,
       json_build_object(
         'id', t.id, 'user_id', t.user_id, 'name', t.name, 'prefix', t.prefix, 'access', t.access,
         'created_at', to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         'expires_at', to_char(t.expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         'last_used_at', to_char(t.last_used_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         'revoked_at', to_char(t.revoked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS json
  FROM public.webhook_access_tokens t
 WHERE t.kind = $1::text
   AND ($2::uuid IS NULL OR t.user_id = $2)
   AND ($3::timestamptz IS NULL OR (t.created_at, t.id) < ($3, $4::uuid))
   AND ($6::uuid IS NULL OR t.id = $6)
 ORDER BY t.created_at DESC, t.id DESC
 LIMIT $5::integer;
