-- An API key, as the signed-in user, or as the service for one. Raises HK003, HK008, HK010, HK016, HK017.
-- $1 name
-- $2 access: read or write
-- $3 seconds until it expires, or NULL: never
-- $4 the user, by the service alone, else NULL
SELECT api_key_id::text AS id, api_key AS secret
  FROM public.create_webhook_api_key($1::text, $2::text, make_interval(secs => $3::integer), $4::uuid);
