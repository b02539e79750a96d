-- What became of the callbacks of received AI webhooks; of those given up among the last 10,000 received, by state. No parameters.
SELECT (SELECT count(*) FROM public.ai_content c WHERE c.callback_state = 'pending')::int AS pending,
       (SELECT count(*) FROM public.ai_content c WHERE c.callback_state = 'pending' AND c.callback_next_at < now() - interval '5 minutes')::int AS late,
       count(*) FILTER (WHERE l.callback_state IN ('failed', 'expired') AND l.created_at > now() - interval '1 day')::int AS "givenUp",
       count(*) FILTER (WHERE l.callback_state = 'refused' AND l.created_at > now() - interval '1 day')::int AS refused
  FROM (SELECT c.callback_state, c.created_at FROM public.ai_content c ORDER BY c.id DESC LIMIT 10000) l;
