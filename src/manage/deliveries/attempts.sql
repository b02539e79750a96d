-- The attempts of a delivery as a JSON array, the latest first, a hundred at most. No row: there is no such delivery that the caller may see.
-- $1 uuid  delivery
SELECT coalesce((
  SELECT json_agg(json_build_object(
    'delivery_id', a.delivery_id, 'webhook_id', a.webhook_id, 'attempt_number', a.attempt_number, 'is_latest', a.is_latest, 'is_late', a.is_late,
    'attempted_at', to_char(a.attempted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'request_url', a.request_url, 'request_headers', a.request_headers, 'request_signature', a.request_signature,
    'response_status', a.response_status, 'response_headers', a.response_headers, 'response_body', a.response_body,
    'response_time_ms', a.response_time_ms, 'error_code', a.error_code, 'error_message', a.error_message))
  FROM (SELECT v.* FROM public.webhook_delivery_attempts v WHERE v.delivery_id = d.id
        ORDER BY v.attempt_number DESC, v.is_late, v.attempted_at DESC LIMIT 100) a
), '[]')::text AS json
FROM public.webhook_deliveries d WHERE d.id = $1::uuid
