-- Registers an endpoint, as its owner.
-- $1 name
-- $2 URL
-- $3 event types
SELECT webhook_id::text AS id, webhook_secret::text AS secret
  FROM create_webhook(p_name := $1::text, p_url := $2::text, p_event_types := $3::text[]);
