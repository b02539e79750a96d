-- Callbacks and events of received AI webhooks that are not finished: how many, 10,000 of each at most, and for how long the one that is due longest has been due.
SELECT c.pending::float8 AS callbacks, greatest(c.overdue, 0)::float8 AS "callbacksOverdue", e.pending::float8 AS events, greatest(e.overdue, 0)::float8 AS "eventsOverdue"
FROM (
  SELECT count(*) AS pending, coalesce(extract(epoch FROM clock_timestamp() - min(n.next_at)), 0) AS overdue FROM (
    SELECT a.callback_next_at AS next_at FROM public.ai_content a WHERE a.callback_state = 'pending' ORDER BY a.callback_next_at LIMIT 10000) n
) c CROSS JOIN (
  SELECT count(*) AS pending, coalesce(extract(epoch FROM clock_timestamp() - min(n.next_at)), 0) AS overdue FROM (
    SELECT a.event_next_at AS next_at FROM public.ai_content a WHERE a.event_state = 'pending' ORDER BY a.event_next_at LIMIT 10000) n
) e
