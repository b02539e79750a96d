-- Users, the newest first, with what they have; for the service. Of each user 10,000 webhooks are counted at most. A row without JSON is the place where the walk
-- ended before the end of the list.
-- $1 text         what the external id holds, or the id begins with, or NULL
-- $2 timestamptz, $3 uuid  the place after which the page begins, or NULL
-- $4 int          how many to give
-- $5 int          how many to walk over
SELECT to_char(u.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, u.user_id::text AS id, CASE WHEN u.matches THEN json_build_object(
         'user_id', u.user_id, 'external_user_id', u.external_user_id,
         'created_at', to_char(u.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         'webhooks', c.webhooks, 'active_webhooks', c.active, 'stopped_webhooks', c.stopped,
         'last_delivery_at', to_char(c.last_delivery_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         'successful_deliveries', c.successful, 'failed_deliveries', c.failed)::text END AS json, u.is_cut
  FROM hookline.walk_users($1::text, $2::timestamptz, $3::uuid, $4::integer, $5::integer) u
 CROSS JOIN LATERAL (
   SELECT count(*) AS webhooks, count(*) FILTER (WHERE o.is_active) AS active,
          count(*) FILTER (WHERE CASE WHEN o.is_active THEN o.breaker_since IS NOT NULL OR coalesce(o.paused_until > now(), false)
                                 ELSE o.disabled_reason IS NOT NULL END) AS stopped,
          max(o.last_delivery_at) AS last_delivery_at, coalesce(sum(o.successful_deliveries), 0) AS successful, coalesce(sum(o.failed_deliveries), 0) AS failed
     FROM (SELECT w.* FROM public.webhooks w WHERE u.matches AND w.user_id = u.user_id LIMIT 10000) o
 ) c
 ORDER BY u.at DESC, u.user_id DESC
