-- Makes a bulk replay and gives its id. Raises HK002, HK008, HK014.
-- $1 uuid  webhook · $2 timestamptz, $3 timestamptz  of deliveries made from then until then, or NULL: now · $4 text  failed or all
-- $5 int   deliveries a second
SELECT r.replay_id::text AS id FROM public.create_webhook_replay($1::uuid, $2::timestamptz, $4::text, $3::timestamptz, $5::integer) r
