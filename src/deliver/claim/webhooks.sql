-- The endpoints of deliveries that were just leased.
-- $1 uuid[]  the webhooks
SELECT w.id AS "webhookId", w.user_id AS "userId", w.url,
       -- The function (3 us a row) only where an earlier key still signs.
       CASE WHEN now() < ANY (w.retired_secrets_until)
         THEN hookline.live_secrets(coalesce(w.long_sealed_secret, w.secret), w.retired_secrets, w.retired_secrets_until)
         ELSE ARRAY[coalesce(w.long_sealed_secret, w.secret)] END AS secrets,
       -- Nothing is read for webhooks that want neither.
       CASE WHEN w.sign_asymmetric THEN (SELECT hookline.live_signing_keys()) END AS "signingKeys",
       CASE WHEN w.custom_header_names IS NOT NULL
         THEN (SELECT h.headers FROM hookline.webhook_headers h WHERE h.webhook_id = w.id) END AS "customHeaders",
       w.signature_algorithm AS algorithm, w.timeout_seconds * 1000 AS "timeoutMs", w.is_ordered AS "isOrdered",
       (date_part('epoch', clock_timestamp()) * 1000)::float8 AS "nowMs"
FROM public.webhooks w
WHERE w.id = ANY ($1::uuid[])
