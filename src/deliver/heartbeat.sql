-- A worker's heartbeat; frees what workers hold that have stopped beating.
-- $1 uuid  the worker   $2 text  its name for people   $3 bool  whether it is idle, and wants to be told of new work
WITH beat AS (
  INSERT INTO hookline.workers AS w (id, name, is_idle) VALUES ($1::uuid, $2::text, $3::bool)
  ON CONFLICT (id) DO UPDATE SET heartbeat_at = now(), is_idle = excluded.is_idle
)
SELECT hookline.free_dead_leases() AS freed, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
