-- Triggers the event of a webhook that is stored elsewhere.
-- $1 event type
-- $2 payload
-- $3 user, by UUID or external id
-- $4 idempotency key
-- $5 why the payload does not fulfil the event type's schema, or NULL
SELECT event_state, event_id::text AS event_id, event_error
  FROM hookline.emit_event($1::text, $2::text::jsonb, $3::text, $4::text, $5::text)
