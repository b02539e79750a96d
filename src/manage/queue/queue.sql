-- How the queue stands.
-- $1 uuid  the user, by the service alone, or NULL: everybody; for a user NULL: their own
SELECT json_build_object('waiting', q.waiting, 'retrying', q.retrying, 'in_flight', q.in_flight,
         'oldest_due_at', to_char(q.oldest_due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'is_capped', q.is_capped)::text AS json
  FROM public.get_webhook_queue($1::uuid) q
