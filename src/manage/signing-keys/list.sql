-- The keys that sign or are published, the newest first, without what is private.
SELECT json_build_object(
  'id', k.id, 'public_key', 'whpk_' || encode(k.public_key, 'base64'),
  'state', CASE WHEN k.retired_at IS NULL THEN 'current' WHEN k.retired_at > now() THEN 'retiring' ELSE 'retired' END,
  'created_at', to_char(k.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'retired_at', to_char(k.retired_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'published_until', to_char(k.published_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS json
FROM hookline.signing_keys k
WHERE coalesce(k.published_until > now(), true)
ORDER BY k.retired_at DESC NULLS FIRST, k.id
