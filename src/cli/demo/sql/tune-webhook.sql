-- Sets what create_webhook leaves at its default, as the owner.
-- $1 webhook
-- $2 signature algorithm
-- $3 seconds before the first retry
UPDATE webhooks SET signature_algorithm = $2::text, retry_delay_seconds = $3::integer WHERE id = $1::uuid;
