-- An API key or portal token as it stands now. No row: it was never given out, or went with its user.
-- $1 its SHA-256
-- state       live, revoked or expired
-- is_use_due  its use was not written down within the last minute
-- ends_at     when it expires, in seconds since 1970, or NULL
SELECT t.id::text AS id, t.kind::text AS kind, t.user_id::text AS user_id, t.access::text AS access,
       CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= now() THEN 'expired' ELSE 'live' END AS state,
       (t.last_used_at > now() - interval '1 minute') IS NOT TRUE AS is_use_due,
       extract(epoch FROM t.expires_at)::float8 AS ends_at
  FROM hookline.access_tokens t
 WHERE t.hash = $1::bytea;
