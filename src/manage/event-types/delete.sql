-- Removes an event type that nothing needs, and says what needs it: webhooks that subscribe, deliveries that it has made.
-- $1 text  event type
WITH needed AS MATERIALIZED (
  SELECT EXISTS (SELECT FROM public.webhook_event_subscriptions s WHERE s.event_type = $1::text) AS by_subscriptions,
         EXISTS (SELECT FROM public.webhook_deliveries d WHERE d.event_type = $1) AS by_deliveries
), removed AS (
  DELETE FROM public.webhook_events e USING needed n WHERE e.event_type = $1 AND NOT n.by_subscriptions AND NOT n.by_deliveries RETURNING 1
)
SELECT n.by_subscriptions, n.by_deliveries, (SELECT count(*) FROM removed)::integer AS removed FROM needed n
