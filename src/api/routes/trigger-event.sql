-- Triggers an event from the body of POST /v1/events. No row: there is no such user; HK010: none with such an external id.
-- $1 event type
-- $2 the whole body as it came: PostgreSQL takes the payload out, so that no number loses a digit
-- $3 user, or NULL
-- $4 user by external id, or NULL; without either the event is for everyone
-- $5 idempotency key, or NULL
WITH recipient AS MATERIALIZED (
  SELECT u.id FROM (SELECT CASE WHEN $4::text IS NULL THEN hookline.known_user($3::text) ELSE hookline.user_of($4::text) END) AS u (id)
  WHERE ($3::text IS NULL AND $4::text IS NULL) OR u.id IS NOT NULL
)
SELECT t.event_id::text AS event_id, t.is_duplicate, t.deliveries::text AS deliveries
  FROM recipient r, LATERAL hookline.trigger_event($1::text, $2::text::jsonb -> 'payload', r.id, $5::text) t;
