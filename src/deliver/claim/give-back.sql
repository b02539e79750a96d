-- Gives leases back unused: the deliveries may be claimed again at once.
-- $1 uuid[]  deliveries
-- $2 uuid[]  their leases, in the same order
UPDATE hookline.queue q SET lease_id = NULL, lease_worker = NULL, is_counted = false
FROM unnest($1::uuid[], $2::uuid[]) g (delivery_id, lease_id)
WHERE q.delivery_id = g.delivery_id AND q.lease_id = g.lease_id
