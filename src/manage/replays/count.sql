-- How many deliveries a bulk replay would make. Raises HK002, HK008.
-- $1 uuid  webhook · $2 timestamptz, $3 timestamptz  of deliveries made from then until then, or NULL: now · $4 text  failed or all
SELECT r.total::text AS total FROM public.count_webhook_replay($1::uuid, $2::timestamptz, $4::text, $3::timestamptz) r
