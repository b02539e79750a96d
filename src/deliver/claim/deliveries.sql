-- What is needed to send deliveries that were just leased, beside what stands on their webhooks. In a transaction after the lease: the snapshot of a
-- single statement would be older than the leases, and miss a delivery that committed in between (60 of 27,150 were lost for the length of their lease).
-- In the order of their events: a payload that is the same, byte by byte, as that of the row before is NULL. To write JSONB as text costs more than all else here.
-- $1 uuid[]  the deliveries
SELECT d.id AS "deliveryId", d.replay_of AS "replayOf", d.event_type AS "eventType", d.attempt_number + 1 AS attempt, d.request_url AS "storedUrl",
       d.event_id AS "eventId", d.max_attempts AS "maxAttempts", e.request_id AS "requestId", e.traceparent,
       (date_part('epoch', d.created_at) * 1000)::float8 AS "createdMs",
       CASE WHEN record_image_eq(ROW(d.request_payload), ROW(d.payload_before)) THEN NULL ELSE d.request_payload::text END AS payload
FROM (
  SELECT d.id, d.replay_of, d.event_id, d.event_type, d.attempt_number, d.max_attempts, d.request_url, d.created_at, d.request_payload,
         lag(d.request_payload) OVER (ORDER BY d.event_id, d.id) AS payload_before
  FROM unnest($1::uuid[]) u (id)
  -- Where deliveries are in partitions, a place in the queue says which one it is; those of before 0048 do not, and all are looked into.
  LEFT JOIN LATERAL (
    SELECT q.delivery_created_at FROM hookline.queue q
    WHERE q.delivery_id = u.id AND (SELECT c.relkind = 'p' FROM pg_catalog.pg_class c WHERE c.oid = 'public.webhook_deliveries'::regclass) OFFSET 0
  ) q ON true
  JOIN LATERAL (
    SELECT o.* FROM public.webhook_deliveries o
    WHERE o.id = u.id AND o.created_at BETWEEN coalesce(q.delivery_created_at, '-infinity') AND coalesce(q.delivery_created_at, 'infinity') OFFSET 0
  ) d ON true
) d
-- Row by row by its index, whatever was last seen of the table (OFFSET 0); some 2 us each.
LEFT JOIN LATERAL (SELECT v.request_id, v.traceparent FROM hookline.events v WHERE v.id = d.event_id OFFSET 0) e ON true
ORDER BY d.event_id, d.id
