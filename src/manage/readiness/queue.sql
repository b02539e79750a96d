-- Whether deliveries that nothing holds back have waited for longer than $1 seconds. Looks at 5,000 ready rows at most, and at the first retry.
-- $1 int  seconds
SELECT EXISTS (
         SELECT FROM (SELECT q.webhook_id, q.due_at FROM hookline.queue q WHERE NOT q.is_waiting AND q.lease_id IS NULL LIMIT 5000) q
         JOIN hookline.endpoints e ON e.webhook_id = q.webhook_id
         CROSS JOIN hookline.settings s
         WHERE q.due_at < now() - make_interval(secs => $1::integer) AND e.is_active AND (e.is_verified OR s.verification <> 'required')
           AND coalesce(e.paused_until <= now(), true) AND e.breaker_since IS NULL AND NOT e.is_ordered AND e.rate_limit_per_second IS NULL
       ) OR coalesce((SELECT min(q.due_at) FROM hookline.queue q WHERE q.is_waiting) < now() - make_interval(secs => $1::integer), false) AS "isBehind";
