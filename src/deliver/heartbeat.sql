-- A worker's heartbeat; tells what it has to know of the others and of the settings.
-- Commits asynchronously: a beat that a crash of the server forgets was not needed any more.
-- $1 uuid  the worker   $2 text  its name for people   $3 bool  whether it is idle, and wants to be told of new work
-- $4 bigint  how many of its transactions were rolled back and tried again
-- $5 int, $6 int  the share of the caps for each webhook and each user to which it keeps; NULL: it has none
-- $7 text[]  the keys of secrets that it holds, as id:proof
WITH beat AS (
  INSERT INTO hookline.workers AS w (id, name, is_idle, rollbacks, calls_per_webhook, calls_per_user, secret_keys)
  VALUES ($1::uuid, $2::text, $3::bool, $4::bigint, $5::int, $6::int, $7::text[])
  ON CONFLICT (id) DO UPDATE SET heartbeat_at = now(), is_idle = excluded.is_idle, rollbacks = excluded.rollbacks,
    calls_per_webhook = excluded.calls_per_webhook, calls_per_user = excluded.calls_per_user, secret_keys = excluded.secret_keys
), company AS (
  SELECT count(*)::int AS others, count(*) FILTER (WHERE w.id < $1::uuid)::int AS before FROM hookline.workers w WHERE w.id <> $1::uuid
)
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs", s.calls_per_webhook AS "perWebhook", s.calls_per_user AS "perUser",
       c.others, c.before, hookline.caps_are_counted() AS "areCapsCounted", set_config('synchronous_commit', 'off', true)
FROM hookline.settings s CROSS JOIN company c
