-- Sets a webhook's custom headers in place of those that it had, and gives what read.sql gives.
-- $1 uuid   the webhook
-- $2 jsonb  name to value; {} takes them away
SELECT json_build_object('names', s.header_names,
  'set_at', to_char(s.headers_set_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS json
FROM public.set_webhook_headers($1::uuid, $2::jsonb) s
