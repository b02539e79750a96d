-- What is needed to send deliveries that were just leased. A statement of its own, after the lease: the snapshot of a single one would be
-- older than the leases, and miss a delivery that committed in between (60 of 27,150 were lost for the length of their lease).
-- $1 uuid[]  the deliveries
SELECT d.id AS "deliveryId", w.id AS "webhookId", coalesce(d.replay_of, d.id) AS "messageId", d.event_type AS "eventType", w.url,
       -- The function (3 us a row) only where an earlier key still signs.
       CASE WHEN now() < ANY (w.retired_secrets_until)
         THEN hookline.live_secrets(w.secret, w.retired_secrets, w.retired_secrets_until) ELSE ARRAY[w.secret::text] END AS secrets,
       w.signature_algorithm AS algorithm, w.timeout_seconds * 1000 AS "timeoutMs", d.attempt_number + 1 AS attempt,
       d.request_payload::text AS payload
FROM public.webhook_deliveries d
JOIN public.webhooks w ON w.id = d.webhook_id
WHERE d.id = ANY ($1::uuid[])
