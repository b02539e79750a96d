-- Records a batch of results, each under its lease.
-- $1 text  the results as JSON; the fields stand in migrations/postgres/0010_claim_and_record_functions.sql
SELECT delivery_id AS "deliveryId", is_recorded AS "isRecorded", status, next_retry_at AS "nextRetryAt"
FROM hookline.record_attempts($1::json)
