-- Triggers the event of a webhook that is stored elsewhere.
-- $1 event type
-- $2 payload
-- $3 user, by UUID or external id
-- $4 idempotency key
-- $5 why the payload does not fulfil the event type's schema, or NULL
-- $6 id of the request that it came with, or NULL
-- $7 W3C traceparent, or NULL
SELECT t.event_state, t.event_id::text AS event_id, t.event_error
  FROM (SELECT set_config('hookline.request_id', coalesce($6::text, ''), true) || set_config('hookline.traceparent', coalesce($7::text, ''), true) AS done) o,
       LATERAL hookline.emit_event(CASE WHEN o.done IS NOT NULL THEN $1::text END, $2::text::jsonb, $3::text, $4::text, $5::text) t
