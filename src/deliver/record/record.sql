-- Records a batch of results, each under its lease. Waits for no lock on a webhook: such results come back with isRecorded NULL.
-- $1 text  the results as JSON; the fields stand in migrations/postgres/0011_record_functions.sql
SELECT delivery_id AS "deliveryId", lease_id AS "leaseId", is_recorded AS "isRecorded", status, next_retry_at AS "nextRetryAt"
FROM hookline.record_attempts($1::json, false)
