-- The deliveries of some webhooks, as their owner sees them.
-- $1 webhook ids
SELECT id::text AS id, webhook_id::text AS webhook_id, event_type::text AS event, status::text AS status,
       attempt_number AS attempts, response_status AS answered
  FROM webhook_deliveries WHERE webhook_id = ANY ($1::uuid[]) ORDER BY created_at, id;
