-- A portal token for a user, as the service. Raises HK008, HK010.
-- $1 name, or NULL
-- $2 access: read or write
-- $3 seconds until it expires
-- $4 the user
SELECT token_id::text AS id, token AS secret
  FROM hookline.create_access_token('portal_token', $4::uuid, $1::text, $2::text, make_interval(secs => $3::integer));
