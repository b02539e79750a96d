-- Leases due deliveries to a worker and gives all that is needed to send them.
-- $1 uuid    the worker
-- $2 int     how many at most
-- $3 uuid[]  webhooks to pass over: the worker has enough of theirs
-- A lease outlasts the webhook's time-out by 30 s, the longest that a row may wait in the worker's memory.
SELECT d.id AS "deliveryId", w.id AS "webhookId", l.lease_id AS "leaseId", coalesce(d.replay_of, d.id) AS "messageId",
       d.event_type AS "eventType", w.url, w.secret, w.signature_algorithm AS algorithm, w.timeout_seconds * 1000 AS "timeoutMs",
       d.attempt_number + 1 AS attempt, d.request_payload::text AS payload,
       (extract(epoch FROM l.lease_ends_at - clock_timestamp()) * 1000)::float8 AS "leaseMs",
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
FROM hookline.lease_due($1::uuid, $2::int, false, $3::uuid[], interval '30 seconds') l
JOIN public.webhook_deliveries d ON d.id = l.delivery_id
JOIN public.webhooks w ON w.id = d.webhook_id
