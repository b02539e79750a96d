-- The JSON Schema that payloads of an event type have to fulfil, as text, or NULL. No row: there is no such event type.
-- $1 event type
SELECT e.payload_schema::text AS schema FROM public.webhook_events e WHERE e.event_type = $1::text
