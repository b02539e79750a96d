-- Changes what is given of an event type, null where a column takes it.
-- $1 text  event type
-- $2 text  a JSON object with some of category, description, is_enabled and payload_schema
UPDATE public.webhook_events e SET
  category = CASE WHEN g.given ? 'category' THEN g.given ->> 'category' ELSE e.category END,
  description = CASE WHEN g.given ? 'description' THEN g.given ->> 'description' ELSE e.description END,
  is_enabled = CASE WHEN g.given ? 'is_enabled' THEN (g.given -> 'is_enabled')::boolean ELSE e.is_enabled END,
  payload_schema = CASE WHEN g.given ? 'payload_schema' THEN nullif(g.given -> 'payload_schema', 'null') ELSE e.payload_schema END
FROM (SELECT $2::text::jsonb AS given) g
WHERE e.event_type = $1::text
