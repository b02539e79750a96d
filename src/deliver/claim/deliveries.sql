-- What is needed to send deliveries that were just leased, beside what stands on their webhooks. In a transaction after the lease: the snapshot of a
-- single statement would be older than the leases, and miss a delivery that committed in between (60 of 27,150 were lost for the length of their lease).
-- $1 uuid[]  the deliveries
SELECT d.id AS "deliveryId", d.replay_of AS "replayOf", d.event_type AS "eventType", d.attempt_number + 1 AS attempt,
       d.request_url AS "storedUrl", d.request_payload::text AS payload
FROM public.webhook_deliveries d
WHERE d.id = ANY ($1::uuid[])
