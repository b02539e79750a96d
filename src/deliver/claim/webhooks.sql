-- The endpoints of deliveries that were just leased.
-- $1 uuid[]  the webhooks
SELECT w.id AS "webhookId", w.user_id AS "userId", w.url,
       -- The function (3 us a row) only where an earlier key still signs.
       CASE WHEN now() < ANY (w.retired_secrets_until)
         THEN hookline.live_secrets(w.secret, w.retired_secrets, w.retired_secrets_until) ELSE ARRAY[w.secret::text] END AS secrets,
       w.signature_algorithm AS algorithm, w.timeout_seconds * 1000 AS "timeoutMs", w.is_ordered AS "isOrdered",
       (date_part('epoch', clock_timestamp()) * 1000)::float8 AS "nowMs"
FROM public.webhooks w
WHERE w.id = ANY ($1::uuid[])
