-- Locks what is to be given back. A statement of its own, so that give-back.sql, which comes after it, sees what others changed while this one waited for them:
-- by the snapshot of one from before, it would pass over a row that a claim has counted meanwhile (hookline.count_leases), and its lease would last to its end.
-- $1 uuid[]  deliveries
-- $2 uuid[]  their leases, in the same order
SELECT FROM unnest($1::uuid[], $2::uuid[]) g (delivery_id, lease_id) CROSS JOIN LATERAL (
  SELECT FROM hookline.queue r WHERE r.delivery_id = g.delivery_id AND r.lease_id = g.lease_id FOR UPDATE OFFSET 0) h
