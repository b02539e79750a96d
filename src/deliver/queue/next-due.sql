-- In how many ms it is worth claiming (0 or less: now, something is ready); NULL when nothing waits. What is ready and yet was not claimed is held back:
-- by a cap, a pause, or a rate limit, whose next call is told too.
SELECT least(
         (SELECT extract(epoch FROM min(q.due_at) - clock_timestamp()) * 1000 FROM hookline.queue q WHERE q.is_waiting),
         (SELECT 0 FROM hookline.queue q WHERE NOT q.is_waiting AND q.lease_id IS NULL LIMIT 1)
       )::float8 AS "inMs",
       (SELECT min((1 - b.tokens) / e.rate_limit_per_second - extract(epoch FROM clock_timestamp() - b.filled_at)) * 1000
        FROM hookline.rate_buckets b JOIN hookline.endpoints e ON e.webhook_id = b.webhook_id
        -- One that is full enough by now is held by something else.
        WHERE b.tokens + e.rate_limit_per_second * extract(epoch FROM clock_timestamp() - b.filled_at) < 1
          AND EXISTS (SELECT FROM hookline.queue q JOIN public.webhooks w ON w.id = b.webhook_id AND w.user_id = q.user_id
                      WHERE NOT q.is_waiting AND q.lease_id IS NULL AND q.webhook_id = b.webhook_id))::float8 AS "rateInMs"
