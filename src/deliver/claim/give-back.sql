-- Gives leases back unused: the deliveries are due again at once.
-- $1 uuid[]  deliveries
-- $2 uuid[]  their leases, in the same order
UPDATE hookline.queue q SET is_ready = true, lease_id = NULL, lease_worker = NULL, due_at = now()
FROM unnest($1::uuid[], $2::uuid[]) g (delivery_id, lease_id)
WHERE q.delivery_id = g.delivery_id AND q.lease_id = g.lease_id
