-- Leases verifications that are wanted, the oldest first, with what is needed to make the calls.
-- $1 int     how many at most
-- $2 uuid[]  users to pass over: enough of theirs are in flight here
SELECT webhook_id AS "webhookId", user_id AS "userId", url, secrets, signature_algorithm AS algorithm, timeout_seconds * 1000 AS "timeoutMs", token,
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
FROM hookline.lease_verifications($1::int, $2::uuid[])
