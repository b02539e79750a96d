-- Gives leases back whose calls were cut off: another worker may make them at once. One whose request was replaced meanwhile is left alone.
-- $1 uuid[]  webhooks
-- $2 text[]  their tokens, in the same order
UPDATE public.webhooks w SET verification_lease_until = NULL
FROM unnest($1::uuid[], $2::text[]) g (webhook_id, token)
WHERE w.id = g.webhook_id AND w.verification_token = g.token AND w.verification_requested_at IS NOT NULL
