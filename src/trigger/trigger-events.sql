-- Triggers events, the n-th of all arrays together; a row for each, nth counting from 1 (hookline.trigger_events).
-- $1 event types
-- $2 payloads: JSON, as it came, so that no number loses a digit
-- $3 users, or NULL
-- $4 users by external id, or NULL; without either the event is for everyone
-- $5 idempotency keys, or NULL
-- $6 digests of the schemas that the payloads have passed: '' for none; NULL: none was passed
-- $7 ids of the requests that trigger them, or NULL
-- $8 W3C traceparents, or NULL
-- The last two go by settings of the transaction (0044), which have to be there first; where all are NULL, those that the transaction has already are of all events.
SELECT t.nth, t.event_id::text AS event_id, t.is_duplicate, t.matched, t.deliveries::text AS deliveries, t.schema, t.schema_digest,
       t.problem_state, t.problem, t.hint
  FROM (SELECT set_config('hookline.request_ids', CASE WHEN array_remove($7::text[], NULL) = '{}' THEN '' ELSE $7::text[]::text END, true)
            || set_config('hookline.traceparents', CASE WHEN array_remove($8::text[], NULL) = '{}' THEN '' ELSE $8::text[]::text END, true) AS done) o,
       LATERAL hookline.trigger_events(CASE WHEN o.done IS NOT NULL THEN $1::text[] END, $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[]) t
