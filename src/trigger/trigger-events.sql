-- Triggers events, the n-th of all arrays together; a row for each, nth counting from 1 (hookline.trigger_events).
-- $1 event types
-- $2 payloads: JSON, as it came, so that no number loses a digit
-- $3 users, or NULL
-- $4 users by external id, or NULL; without either the event is for everyone
-- $5 idempotency keys, or NULL
-- $6 digests of the schemas that the payloads have passed: '' for none; NULL: none was passed
SELECT t.nth, t.event_id::text AS event_id, t.is_duplicate, t.matched, t.deliveries::text AS deliveries, t.schema, t.schema_digest,
       t.problem_state, t.problem, t.hint
  FROM hookline.trigger_events($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[]) t
