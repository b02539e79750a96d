-- How the queue moves. Of what is ready 100,000 rows at most are looked at; what nothing holds back is neither inactive, unverified, paused, broken off by
-- its breaker, ordered nor rate-limited.
-- No parameters. Ages in seconds; NULL: there is none.
WITH ready AS MATERIALIZED (
  SELECT q.webhook_id, q.due_at FROM hookline.queue q WHERE NOT q.is_waiting AND q.lease_id IS NULL LIMIT 100000
), free AS MATERIALIZED (
  SELECT r.webhook_id, r.due_at FROM ready r JOIN hookline.endpoints e ON e.webhook_id = r.webhook_id CROSS JOIN hookline.settings s
  WHERE e.is_active AND (e.is_verified OR s.verification <> 'required') AND coalesce(e.paused_until <= now(), true) AND e.breaker_since IS NULL
    AND NOT e.is_ordered AND e.rate_limit_per_second IS NULL
)
SELECT (SELECT count(*) FROM ready)::int AS ready,
       (SELECT count(*) FROM free)::int AS free,
       extract(epoch FROM now() - least((SELECT min(f.due_at) FROM free f), (SELECT min(q.due_at) FROM hookline.queue q WHERE q.is_waiting)))::float8 AS "oldestS",
       (SELECT count(DISTINCT f.webhook_id) FROM free f WHERE f.due_at < now() - interval '1 minute')::int AS "webhooksBehind",
       (SELECT count(*) FROM hookline.leases l WHERE l.ends_at > now())::int AS leases;
