-- Frees all that a lease still holds: a claim may have committed without its worker hearing of it.
-- $1 uuid  the lease
SELECT hookline.free_leases(ARRAY[$1::uuid], false)
