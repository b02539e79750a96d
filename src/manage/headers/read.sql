-- The names of a webhook's custom headers, and when they were set, never their values. No row: no such webhook, or not the caller's.
-- $1 uuid  the webhook
SELECT json_build_object('names', coalesce(w.custom_header_names, '{}'),
  'set_at', to_char(w.custom_headers_set_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS json
FROM public.webhooks w WHERE w.id = $1::uuid
