-- Triggers the event of a stored row for its user, and writes what came of it on the row.
-- $1 row of ai_content
-- $2 payload
-- $3 why the payload does not fulfil the event type's schema, or NULL
-- $4 id of the request that it came with, or NULL
-- $5 W3C traceparent, or NULL
SELECT t.event_state, t.event_id::text AS event_id, t.event_error
  FROM (SELECT set_config('hookline.request_id', coalesce($4::text, ''), true) || set_config('hookline.traceparent', coalesce($5::text, ''), true) AS done) o,
       LATERAL hookline.emit_stored_event(CASE WHEN o.done IS NOT NULL THEN $1::text::bigint END, $2::text::jsonb, $3::text) t
