-- Triggers the event of a stored row for its user, and writes what came of it on the row.
-- $1 row of ai_content
-- $2 payload
-- $3 why the payload does not fulfil the event type's schema, or NULL
SELECT event_state, event_id::text AS event_id, event_error
  FROM hookline.emit_stored_event($1::text::bigint, $2::text::jsonb, $3::text)
