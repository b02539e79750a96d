-- What ended in the last hours, over webhooks. Raises HK008.
-- $1 int   hours, 1 to 840
-- $2 uuid  the user, by the service alone, or NULL: everybody; for a user NULL: their own
SELECT json_build_object('hours', s.hours, 'data', s.data, 'total', s.total, 'event_types', s.event_types, 'worst_webhooks', s.worst_webhooks)::text AS json
  FROM public.get_overall_statistics($1::integer, $2::uuid) s
