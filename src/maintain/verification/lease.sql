-- Leases verifications that are wanted, the oldest first, with what is needed to make the calls.
-- $1 int  how many at most
SELECT webhook_id AS "webhookId", url, secrets, signature_algorithm AS algorithm, timeout_seconds * 1000 AS "timeoutMs", token,
       (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
FROM hookline.lease_verifications($1::int)
