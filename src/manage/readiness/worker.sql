-- Whether workers live, as hookline.free_dead_leases has it.
-- $1 uuid  the worker of this process, or NULL
SELECT coalesce(bool_or(w.heartbeat_at > now() - interval '15 seconds'), false) AS "isAnyAlive",
       coalesce(bool_or(w.heartbeat_at > now() - interval '15 seconds') FILTER (WHERE w.id = $1::uuid), false) AS "isOwnAlive"
  FROM hookline.workers w;
