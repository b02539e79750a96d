-- All there is of a received webhook, as JSON in PostgreSQL's own digits; the payload as it came. No row: there is none that the caller may see.
-- $1 bigint  content
-- $2 boolean whether users are shown as webhooks name them, where the table knows none
SELECT json_build_object(
  'id', c.id::text, 'title', c.title, 'category', c.category, 'event_name', c.event_name, 'channel_id', c.channel_id,
  'user_id', coalesce(c.user_id::text, CASE WHEN $2::boolean THEN c.metadata ->> 'user_id' END),
  'callback_state', c.callback_state, 'callback_attempts', c.callback_attempts, 'callback_error', c.callback_error,
  'event_state', c.event_state, 'event_id', c.event_id, 'event_error', c.event_error, 'repeats', c.repeats,
  'created_at', to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'updated_at', to_char(c.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'body', c.body, 'metadata', c.metadata, 'payload', c.payload, 'differing_repeats', c.differing_repeats, 'callback_url', c.callback_url,
  'callback_next_at', to_char(c.callback_next_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'callback_expires_at', to_char(c.callback_expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text AS json
FROM public.ai_content c WHERE c.id = $1::text::bigint
