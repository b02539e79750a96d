-- Leases ready deliveries to a worker; deliveries.sql and webhooks.sql then read what is needed to send them.
-- $1 uuid      the worker
-- $2 int       how many at most
-- $3 int       how many of one webhook at most
-- $4 bigint    how many bytes of payload at most
-- $5 uuid[]    webhooks to pass over: the worker has enough of theirs
-- $6 uuid[]    users to pass over
-- $7 uuid[]    users, $8 uuid[] their webhooks, $9 bigint[] up to which position the worker has claimed them
-- $10 uuid     the id of the lease
-- A lease outlasts the webhook's time-out by 30 s, the longest that a row may wait in the worker's memory; it counts from the transaction's beginning.
SELECT delivery_id AS "deliveryId", lease_id AS "leaseId", webhook_id AS "webhookId", queue_position::float8 AS position,
       (date_part('epoch', lease_ends_at - now()) * 1000)::int AS "leaseMs"
FROM hookline.lease_due($1::uuid, $2::int, $3::int, $4::bigint, false, interval '30 seconds', $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::bigint[], $10::uuid)
