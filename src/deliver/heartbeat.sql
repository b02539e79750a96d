-- A worker's heartbeat.
-- $1 uuid  the worker   $2 text  its name for people   $3 bool  whether it is idle, and wants to be told of new work
INSERT INTO hookline.workers AS w (id, name, is_idle) VALUES ($1::uuid, $2::text, $3::bool)
ON CONFLICT (id) DO UPDATE SET heartbeat_at = now(), is_idle = excluded.is_idle
RETURNING (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
