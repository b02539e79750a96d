-- Leases verifications that are wanted, the oldest first, with what is needed to make the calls.
-- $1 int     how many at most
-- $2 uuid[]  users to pass over: enough of theirs are in flight here
SELECT l.webhook_id AS "webhookId", l.user_id AS "userId", l.url, l.secrets, l.signature_algorithm AS algorithm,
       -- No join: a function is taken for a thousand rows, and the planner would read all webhooks for them.
       (SELECT CASE WHEN w.sign_asymmetric THEN (SELECT hookline.live_signing_keys()) END FROM public.webhooks w WHERE w.id = l.webhook_id) AS "signingKeys",
       (SELECT h.headers FROM hookline.webhook_headers h WHERE h.webhook_id = l.webhook_id) AS "customHeaders",
       l.timeout_seconds * 1000 AS "timeoutMs", l.token, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
FROM hookline.lease_verifications($1::int, $2::uuid[]) l
