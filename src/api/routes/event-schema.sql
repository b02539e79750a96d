-- The JSON Schema that payloads of an event type have to fulfil, or NULL: it has none, or the event came before under its idempotency key, and
-- gets the answer of then. No row: there is no such event type.
-- $1 event type
-- $2 idempotency key, or NULL
SELECT CASE WHEN NOT EXISTS (
         SELECT FROM hookline.events v, hookline.settings s
         WHERE v.idempotency_key = $2::text AND v.created_at >= now() - s.idempotency_window
       ) THEN e.payload_schema::text END AS schema
  FROM public.webhook_events e
 WHERE e.event_type = $1::text;
