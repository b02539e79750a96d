-- Takes deliveries over that another worker, or this one, has handed over; gives the same columns as claim/lease.sql.
-- $1 uuid    the worker
-- $2 uuid[]  deliveries   $3 uuid[]  the leases by which they were handed over, in the same order
-- $4 int     how many at most
-- $5 bigint  how many bytes of payload at most
-- $6 uuid[]  webhooks and $7 uuid[]  users that the worker has enough of: theirs are ready for others again
SELECT delivery_id AS "deliveryId", lease_id AS "leaseId", webhook_id AS "webhookId", queue_position::float8 AS position,
       (date_part('epoch', lease_ends_at - now()) * 1000)::int AS "leaseMs"
FROM hookline.take_over($1::uuid, $2::uuid[], $3::uuid[], $4::int, $5::bigint, $6::uuid[], $7::uuid[])
