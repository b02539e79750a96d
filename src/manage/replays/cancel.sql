-- Ends a bulk replay that runs. Raises HK013.
-- $1 uuid  replay
SELECT r.state FROM public.cancel_webhook_replay($1::uuid) r
