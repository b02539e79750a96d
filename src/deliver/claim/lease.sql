-- Leases due deliveries to a worker; claim.sql then reads what is needed to send them.
-- $1 uuid    the worker
-- $2 int     how many at most
-- $3 int     how many of one webhook at most
-- $4 bigint  how many bytes of payload at most
-- $5 uuid[]  webhooks to pass over: the worker has enough of theirs
-- A lease outlasts the webhook's time-out by 30 s, the longest that a row may wait in the worker's memory.
SELECT delivery_id AS "deliveryId", lease_id AS "leaseId",
       (extract(epoch FROM lease_ends_at - clock_timestamp()) * 1000)::float8 AS "leaseMs",
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
FROM hookline.lease_due($1::uuid, $2::int, $3::int, $4::bigint, false, $5::uuid[], interval '30 seconds')
