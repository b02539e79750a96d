-- A worker's heartbeat; tells what it has to know of the others and of the settings.
-- Commits asynchronously: a beat that a crash of the server forgets was not needed any more.
-- $1 uuid  the worker   $2 text  its name for people   $3 bool  whether it is idle, and wants to be told of new work
-- $4 bigint  how many of its transactions were rolled back and tried again
WITH beat AS (
  INSERT INTO hookline.workers AS w (id, name, is_idle, rollbacks) VALUES ($1::uuid, $2::text, $3::bool, $4::bigint)
  ON CONFLICT (id) DO UPDATE SET heartbeat_at = now(), is_idle = excluded.is_idle, rollbacks = excluded.rollbacks
)
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs", s.calls_per_webhook AS "perWebhook", s.calls_per_user AS "perUser",
       EXISTS (SELECT FROM hookline.workers w WHERE w.id <> $1::uuid) AS "hasCompany", set_config('synchronous_commit', 'off', true)
FROM hookline.settings s
