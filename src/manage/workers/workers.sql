-- Workers that have signed on, the latest first, with what each holds; for the service. Alive is as hookline.free_dead_leases has it.
-- $1 int  how many at most
WITH held AS MATERIALIZED (
  -- A row of leases is a hint where to look: what it names may be done, or taken over by another worker, for whom it stands in a second row.
  SELECT q.lease_worker AS id, count(DISTINCT q.delivery_id) AS in_flight
    FROM hookline.leases l CROSS JOIN LATERAL unnest(l.deliveries) u (id)
    JOIN hookline.queue q ON q.delivery_id = ANY (ARRAY[u.id]) AND q.lease_id = l.lease_id AND q.lease_ends_at > now()
   GROUP BY q.lease_worker
)
SELECT coalesce(json_agg(json_build_object(
         'id', w.id, 'name', w.name,
         'started_at', to_char(w.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         'heartbeat_at', to_char(w.heartbeat_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
         'is_alive', w.heartbeat_at > now() - interval '15 seconds', 'is_idle', w.is_idle, 'in_flight', coalesce(h.in_flight, 0),
         'calls_per_webhook', w.calls_per_webhook, 'calls_per_user', w.calls_per_user, 'rollbacks', w.rollbacks) ORDER BY w.started_at DESC, w.id), '[]')::text AS json
  FROM (SELECT * FROM hookline.workers ORDER BY started_at DESC, id LIMIT $1::integer) w LEFT JOIN held h ON h.id = w.id
