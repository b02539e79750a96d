-- All there is of a delivery, as JSON in PostgreSQL's own digits. No row: there is none that the caller may see.
-- $1 uuid  delivery
SELECT json_build_object(
  'id', d.id, 'webhook_id', d.webhook_id, 'user_id', d.user_id, 'event_id', d.event_id, 'event_type', d.event_type, 'status', d.status,
  'attempt_number', d.attempt_number, 'max_attempts', d.max_attempts, 'request_url', d.request_url, 'request_method', d.request_method,
  'request_headers', d.request_headers, 'request_payload', d.request_payload, 'request_signature', d.request_signature,
  'response_status', d.response_status, 'response_headers', d.response_headers, 'response_body', d.response_body,
  'response_time_ms', d.response_time_ms, 'error_code', d.error_code, 'error_message', d.error_message, 'replay_of', d.replay_of,
  'metadata', d.metadata,
  'next_retry_at', to_char(d.next_retry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'created_at', to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'attempted_at', to_char(d.attempted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'delivered_at', to_char(d.delivered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'failed_at', to_char(d.failed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS json
FROM public.webhook_deliveries d WHERE d.id = $1::uuid
