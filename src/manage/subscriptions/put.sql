-- Subscribes a webhook to an event type, or sets what its subscription is; is_new: there was none.
-- $1 webhook
-- $2 event type
-- $3 a JSON object with is_active (default true) and filters (default none)
INSERT INTO public.webhook_event_subscriptions AS e (webhook_id, event_type, is_active, filters)
SELECT $1::text::uuid, $2::text, coalesce(r.is_active, true), r.filters FROM json_to_record($3::text::json) AS r (is_active boolean, filters jsonb)
ON CONFLICT (webhook_id, event_type) DO UPDATE SET is_active = excluded.is_active, filters = excluded.filters
RETURNING e.xmax = 0 AS is_new;
