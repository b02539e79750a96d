-- Gives a failed delivery one more attempt. No row: there is no such delivery that the caller may see.
-- $1 uuid  delivery
SELECT r.success FROM public.webhook_deliveries d, LATERAL public.retry_failed_delivery(d.id) r WHERE d.id = $1::uuid
