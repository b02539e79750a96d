-- Adds an event type; no row: there is one of this name.
-- $1 text  a JSON object with event_type, category, description, is_enabled and payload_schema; the last three may be absent
INSERT INTO public.webhook_events (event_type, category, description, is_enabled, payload_schema)
SELECT g.event_type, g.category, g.description, coalesce(g.is_enabled, true), nullif(g.payload_schema, 'null')
FROM jsonb_to_record($1::text::jsonb) g (event_type text, category text, description text, is_enabled boolean, payload_schema jsonb)
ON CONFLICT (event_type) DO NOTHING RETURNING id::text
