-- Frees all that a lease still holds: a claim may have committed without its worker hearing of it.
-- $1 uuid  the lease
UPDATE hookline.queue q SET is_ready = true, lease_id = NULL, lease_worker = NULL, due_at = now()
WHERE q.lease_id = $1::uuid
