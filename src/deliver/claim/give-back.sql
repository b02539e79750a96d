-- Gives leases back unused: the deliveries may be claimed again at once. Row by row by its index, as in 0030; lock-held.sql comes before it.
-- $1 uuid[]  deliveries
-- $2 uuid[]  their leases, in the same order
UPDATE hookline.queue q SET lease_id = NULL, lease_worker = NULL, is_counted = false
WHERE q.ctid = ANY (ARRAY(
  SELECT h.ctid FROM unnest($1::uuid[], $2::uuid[]) g (delivery_id, lease_id) CROSS JOIN LATERAL (
    SELECT r.ctid FROM hookline.queue r WHERE r.delivery_id = g.delivery_id AND r.lease_id = g.lease_id OFFSET 0) h))
