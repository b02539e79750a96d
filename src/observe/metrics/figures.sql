-- What /metrics tells of the whole installation: one row. Of the queue 100,000 rows are read at most, of webhooks in each condition 10,000. A
-- delivery is held while its webhook may not be called, as hookline.next_turns has it. Of one that is ordered, has a rate limit or is being probed what waits is no sign
-- of workers that do not keep up, so it does not count as late.
WITH queued AS (
  SELECT q.webhook_id, q.due_at, coalesce(q.lease_id IS NOT NULL AND q.lease_ends_at > now(), false) AS is_leased, q.due_at > now() AS is_scheduled
  FROM hookline.queue q LIMIT 100000
), by_webhook AS (
  SELECT q.webhook_id, count(*) AS all_of_it, count(*) FILTER (WHERE q.is_leased) AS in_flight,
         count(*) FILTER (WHERE NOT q.is_leased AND q.is_scheduled) AS scheduled,
         count(*) FILTER (WHERE NOT q.is_leased AND NOT q.is_scheduled) AS due,
         count(*) FILTER (WHERE NOT q.is_leased AND q.due_at < now() - interval '1 minute') AS late,
         min(q.due_at) FILTER (WHERE NOT q.is_leased AND NOT q.is_scheduled) AS oldest_due_at
  FROM queued q GROUP BY q.webhook_id
), judged AS (
  SELECT b.*, NOT coalesce(e.is_active AND (e.is_verified OR s.verification <> 'required')
                AND coalesce(e.paused_until <= now(), true) AND coalesce(e.breaker_until <= now(), true), false) AS is_held,
         coalesce(e.breaker_since IS NULL AND NOT e.is_ordered AND e.rate_limit_per_second IS NULL, false) AS is_free
  FROM by_webhook b CROSS JOIN hookline.settings s LEFT JOIN hookline.endpoints e ON e.webhook_id = b.webhook_id
), queue AS (
  SELECT coalesce(sum(j.in_flight), 0) AS in_flight, coalesce(sum(j.scheduled), 0) AS scheduled,
         coalesce(sum(j.due) FILTER (WHERE NOT j.is_held), 0) AS ready, coalesce(sum(j.due) FILTER (WHERE j.is_held), 0) AS held,
         coalesce(sum(j.late) FILTER (WHERE j.is_free AND NOT j.is_held), 0) AS late,
         coalesce(extract(epoch FROM clock_timestamp() - min(j.oldest_due_at) FILTER (WHERE j.is_free AND NOT j.is_held)), 0) AS oldest_seconds,
         coalesce(sum(j.all_of_it), 0) >= 100000 AS is_capped
  FROM judged j
), workers AS (
  -- Alive is as hookline.free_dead_leases has it.
  SELECT count(*) FILTER (WHERE NOT w.is_idle) AS busy, count(*) FILTER (WHERE w.is_idle) AS idle
  FROM hookline.workers w WHERE w.heartbeat_at > now() - interval '15 seconds'
)
SELECT q.in_flight::float8 AS "inFlight", q.scheduled::float8 AS scheduled, q.ready::float8 AS ready, q.held::float8 AS held, q.late::float8 AS late,
       q.oldest_seconds::float8 AS "oldestSeconds", q.is_capped AS "isCapped", w.busy::float8 AS "workersBusy", w.idle::float8 AS "workersIdle",
       (SELECT count(*) FROM (SELECT FROM public.webhooks h WHERE h.breaker_since IS NOT NULL AND h.breaker_until > now() LIMIT 10000) n)::float8 AS "breakerOpen",
       (SELECT count(*) FROM (SELECT FROM public.webhooks h WHERE h.breaker_since IS NOT NULL AND h.breaker_until <= now() LIMIT 10000) n)::float8 AS "breakerProbing",
       (SELECT count(*) FROM (SELECT FROM public.webhooks h WHERE h.paused_until > now() LIMIT 10000) n)::float8 AS paused,
       (SELECT count(*) FROM (SELECT FROM public.webhooks h WHERE NOT h.is_active AND h.disabled_reason IS NOT NULL LIMIT 10000) n)::float8 AS disabled,
       (SELECT count(*) FROM (SELECT FROM public.webhooks h WHERE NOT h.is_verified LIMIT 10000) n)::float8 AS unverified,
       (SELECT count(*) FROM (SELECT FROM public.webhooks h WHERE h.failing_since IS NOT NULL LIMIT 10000) n)::float8 AS failing,
       CASE WHEN has_database_privilege(current_database(), 'CONNECT') THEN pg_database_size(current_database()) END::float8 AS "databaseBytes"
FROM queue q CROSS JOIN workers w
