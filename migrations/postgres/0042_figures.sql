-- What the dashboard shows of a whole installation, or of a user: statistics over webhooks, how the queue stands, tenants, replays and webhooks in trouble.
-- What each of these reads is bounded, however much there is.

-- The 50th, 90th, 95th and 99th percentile of a histogram of response times (hookline.statistics_hourly), interpolated in its buckets; NULL where nothing was
-- answered. Beyond the last bound, 30 s, nothing is known but that.
CREATE OR REPLACE FUNCTION hookline.latency_percentiles(p_latency bigint[]) RETURNS numeric[] LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH bucket AS (
    SELECT b.low, b.high, b.n, sum(b.n) OVER (ORDER BY b.nth) AS upto, sum(b.n) OVER () AS total
    FROM unnest(p_latency, '{0, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000}'::integer[],
                '{10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 30000}'::integer[]) WITH ORDINALITY b (n, low, high, nth)
  ), percentile AS (
    -- The first bucket that reaches so far holds it, and it is the least value that any such bucket gives.
    SELECT f.nth, round(min(greatest(b.low, b.low + (b.high - b.low) * (f.part * b.total - b.upto + b.n) / b.n)), 2) AS at
    FROM bucket b, unnest('{0.50, 0.90, 0.95, 0.99}'::numeric[]) WITH ORDINALITY f (part, nth)
    WHERE b.n > 0 AND b.upto >= f.part * b.total GROUP BY f.nth
  )
  SELECT array_agg(p.at ORDER BY p.nth) FROM percentile p
$$;
REVOKE ALL ON FUNCTION hookline.latency_percentiles(bigint[]) FROM PUBLIC, anon, authenticated, service_role;

-- What ended in each hour from p_since on: of one webhook, of a user's, or of all. A user's rows are found webhook by webhook, whatever the planner last knew,
-- so that nobody else's are read.
CREATE OR REPLACE FUNCTION hookline.ended_by_hour(p_webhook_id uuid, p_user_id uuid, p_since timestamptz)
RETURNS TABLE (hour timestamptz, successful bigint, failed bigint, responses bigint, response_time_ms bigint, latency bigint[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
  SELECT e.hour, sum(e.successful)::bigint, sum(e.failed)::bigint, sum(e.responses)::bigint, sum(e.response_time_ms)::bigint,
         ARRAY[sum(e.latency[1]), sum(e.latency[2]), sum(e.latency[3]), sum(e.latency[4]), sum(e.latency[5]), sum(e.latency[6]), sum(e.latency[7]),
               sum(e.latency[8]), sum(e.latency[9]), sum(e.latency[10]), sum(e.latency[11]), sum(e.latency[12])]::bigint[]
  FROM (
    SELECT s.hour, s.successful, s.failed, s.responses, s.response_time_ms, s.latency FROM hookline.statistics_hourly s
    WHERE s.webhook_id = p_webhook_id AND s.hour >= p_since
    UNION ALL
    SELECT o.* FROM public.webhooks w CROSS JOIN LATERAL (
      SELECT s.hour, s.successful, s.failed, s.responses, s.response_time_ms, s.latency FROM hookline.statistics_hourly s
      WHERE s.webhook_id = w.id AND s.hour >= p_since OFFSET 0) o
    WHERE p_webhook_id IS NULL AND w.user_id = p_user_id
    UNION ALL
    SELECT s.hour, s.successful, s.failed, s.responses, s.response_time_ms, s.latency FROM hookline.statistics_hourly s
    WHERE p_webhook_id IS NULL AND p_user_id IS NULL AND s.hour >= p_since
  ) e GROUP BY e.hour
$$;
REVOKE ALL ON FUNCTION hookline.ended_by_hour(uuid, uuid, timestamptz) FROM PUBLIC, anon, authenticated, service_role;

-- As in 0035, over the functions above.
CREATE OR REPLACE FUNCTION public.get_webhook_hourly_statistics(p_webhook_id uuid, p_hours integer DEFAULT 24)
RETURNS TABLE (hour timestamptz, successful_deliveries bigint, failed_deliveries bigint, avg_response_time_ms numeric,
               p50_response_time_ms numeric, p90_response_time_ms numeric, p95_response_time_ms numeric, p99_response_time_ms numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM public.webhooks w WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service())) THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  IF p_hours IS NULL OR p_hours NOT BETWEEN 1 AND 840 THEN
    RAISE EXCEPTION 'p_hours is %', coalesce(p_hours::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'Ask for 1 to 840 hours; they are kept 35 days.';
  END IF;
  RETURN QUERY
  SELECT e.hour, e.successful, e.failed, round(e.response_time_ms / nullif(e.responses, 0)::numeric, 2), p.at[1], p.at[2], p.at[3], p.at[4]
  FROM hookline.ended_by_hour(p_webhook_id, NULL, date_trunc('hour', now(), 'UTC') - make_interval(hours => p_hours - 1)) e
  CROSS JOIN LATERAL (SELECT hookline.latency_percentiles(e.latency) AS at OFFSET 0) p
  WHERE e.successful + e.failed > 0 ORDER BY e.hour;
END $$;

-- Whose figures the caller gets: their own, or, for the service, those of p_user_id, or everybody's (NULL).
CREATE OR REPLACE FUNCTION hookline.whose_figures(p_user_id uuid) RETURNS uuid LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF hookline.is_service() THEN
    RETURN p_user_id;
  ELSIF auth.uid() IS NULL THEN
    RAISE EXCEPTION 'no user is signed in' USING ERRCODE = 'HK003', HINT = 'Set request.jwt.claims to claims with a sub.';
  ELSIF p_user_id IS DISTINCT FROM auth.uid() AND p_user_id IS NOT NULL THEN
    -- One and the same answer whether or not there is such a user.
    RAISE EXCEPTION 'figures of other users are for the service' USING ERRCODE = 'insufficient_privilege', HINT = 'Leave p_user_id out.';
  END IF;
  RETURN auth.uid();
END $$;
REVOKE ALL ON FUNCTION hookline.whose_figures(uuid) FROM PUBLIC, anon, authenticated, service_role;

-- What ended in the last p_hours hours with this one: by the hour, in all, by event type (the 20 with most) and of the webhooks with most failures (10), of the
-- caller, or for the service of a user or of all. Reads a million rows of the roll-up at most, of a user's 300,000 (1 to 3 s): where there are more,
-- it tells of fewer hours, of a user's half of them until they fit.
CREATE OR REPLACE FUNCTION public.get_overall_statistics(p_hours integer DEFAULT 24, p_user_id uuid DEFAULT NULL)
RETURNS TABLE (hours integer, data json, total json, event_types json, worst_webhooks json)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  v_user CONSTANT uuid := hookline.whose_figures(p_user_id);
  -- A user's rows lie far apart: one of them costs as much as three of a whole hour.
  v_most CONSTANT integer := CASE WHEN v_user IS NULL THEN 1000000 ELSE 300000 END;
  v_hour CONSTANT timestamptz := date_trunc('hour', now(), 'UTC');
  v_hours integer := p_hours;
  v_since timestamptz;
BEGIN
  IF p_hours IS NULL OR p_hours NOT BETWEEN 1 AND 840 THEN
    RAISE EXCEPTION 'p_hours is %', coalesce(p_hours::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'Ask for 1 to 840 hours; they are kept 35 days.';
  END IF;
  v_since := v_hour - make_interval(hours => v_hours - 1);
  IF v_user IS NULL THEN
    -- The hour in which there is one row too many, and what was before it, are left out.
    v_since := coalesce((SELECT least(s.hour + interval '1 hour', v_hour) FROM hookline.statistics_hourly s
                         WHERE s.hour >= v_since ORDER BY s.hour DESC OFFSET v_most LIMIT 1), v_since);
    v_hours := 1 + extract(epoch FROM v_hour - v_since) / 3600;
  END IF;
  WHILE v_user IS NOT NULL AND v_hours > 1 AND v_most < (
    SELECT count(*) FROM (
      SELECT FROM public.webhooks w CROSS JOIN LATERAL (
        SELECT FROM hookline.statistics_hourly s WHERE s.webhook_id = w.id AND s.hour >= v_since OFFSET 0) o
      WHERE w.user_id = v_user LIMIT v_most + 1) e
  ) LOOP
    v_hours := v_hours / 2;
    v_since := v_hour - make_interval(hours => v_hours - 1);
  END LOOP;

  RETURN QUERY
  WITH by_hour AS MATERIALIZED (
    SELECT e.*, e.successful + e.failed AS ended FROM hookline.ended_by_hour(NULL, v_user, v_since) e
  ), grouped AS MATERIALIZED (
    SELECT e.webhook_id, e.event_type, sum(e.successful)::bigint AS successful, sum(e.failed)::bigint AS failed FROM (
      SELECT o.* FROM public.webhooks w CROSS JOIN LATERAL (
        SELECT s.webhook_id, s.event_type, s.successful, s.failed FROM hookline.statistics_hourly s WHERE s.webhook_id = w.id AND s.hour >= v_since OFFSET 0) o
      WHERE w.user_id = v_user
      UNION ALL
      SELECT s.webhook_id, s.event_type, s.successful, s.failed FROM hookline.statistics_hourly s WHERE v_user IS NULL AND s.hour >= v_since
    ) e GROUP BY GROUPING SETS ((e.webhook_id), (e.event_type)) HAVING sum(e.successful + e.failed) > 0
  ), all_hours AS (
    SELECT coalesce(sum(h.successful), 0) AS successful, coalesce(sum(h.failed), 0) AS failed, sum(h.responses) AS responses, sum(h.response_time_ms) AS time_ms,
           hookline.latency_percentiles(ARRAY(
             SELECT sum(u.n)::bigint FROM by_hour b, unnest(b.latency) WITH ORDINALITY u (n, nth) GROUP BY u.nth ORDER BY u.nth)) AS at
    FROM by_hour h
  )
  SELECT v_hours, (
    SELECT coalesce(json_agg(json_build_object(
      'hour', to_char(h.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'successful_deliveries', h.successful, 'failed_deliveries', h.failed,
      'avg_response_time_ms', round(h.response_time_ms / nullif(h.responses, 0)::numeric, 2),
      'p50_response_time_ms', p.at[1], 'p90_response_time_ms', p.at[2], 'p95_response_time_ms', p.at[3], 'p99_response_time_ms', p.at[4]) ORDER BY h.hour), '[]')
    FROM by_hour h CROSS JOIN LATERAL (SELECT hookline.latency_percentiles(h.latency) AS at OFFSET 0) p WHERE h.ended > 0
  ), (
    SELECT json_build_object(
      'successful_deliveries', a.successful, 'failed_deliveries', a.failed,
      'success_rate', round(100 * a.successful / nullif(a.successful + a.failed, 0), 2),
      'avg_response_time_ms', round(a.time_ms / nullif(a.responses, 0), 2),
      'p50_response_time_ms', a.at[1], 'p90_response_time_ms', a.at[2], 'p95_response_time_ms', a.at[3], 'p99_response_time_ms', a.at[4])
    FROM all_hours a
  ), (
    SELECT coalesce(json_agg(json_build_object('event_type', t.event_type, 'successful_deliveries', t.successful, 'failed_deliveries', t.failed)
                             ORDER BY t.successful + t.failed DESC, t.event_type), '[]')
    FROM (SELECT g.* FROM grouped g WHERE g.event_type IS NOT NULL ORDER BY g.successful + g.failed DESC, g.event_type LIMIT 20) t
  ), (
    SELECT coalesce(json_agg(json_build_object(
      'webhook_id', t.webhook_id, 'name', w.name, 'url', w.url, 'user_id', w.user_id,
      'successful_deliveries', t.successful, 'failed_deliveries', t.failed,
      'success_rate', round(100.0 * t.successful / (t.successful + t.failed), 2),
      'p95_response_time_ms', (hookline.latency_percentiles(ARRAY(
        SELECT sum(u.n)::bigint FROM hookline.ended_by_hour(t.webhook_id, NULL, v_since) b, unnest(b.latency) WITH ORDINALITY u (n, nth)
        GROUP BY u.nth ORDER BY u.nth)))[3]) ORDER BY t.failed DESC, t.webhook_id), '[]')
    FROM (SELECT g.* FROM grouped g WHERE g.webhook_id IS NOT NULL AND g.failed > 0 ORDER BY g.failed DESC, g.webhook_id LIMIT 10) t
    JOIN public.webhooks w ON w.id = t.webhook_id
  );
END $$;
REVOKE ALL ON FUNCTION public.get_overall_statistics(integer, uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.get_overall_statistics(integer, uuid) TO authenticated, service_role;

-- A user's retries that wait for their time stand in no other index by user. First attempts stand not in this one.
CREATE INDEX IF NOT EXISTS queue_waiting_of_user ON hookline.queue (user_id) WHERE is_waiting;

-- How the queue stands, of the caller, or for the service of a user or of all; what is leased is in flight, and of the rest retrying what was tried already.
-- oldest_due_at: since when what has waited longest could have gone. Counts 100,000 rows at most (is_capped: there are more); the service gets what is in flight of
-- all by the leases, whole.
CREATE OR REPLACE FUNCTION public.get_webhook_queue(p_user_id uuid DEFAULT NULL)
RETURNS TABLE (waiting bigint, retrying bigint, in_flight bigint, oldest_due_at timestamptz, is_capped boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
  v_most CONSTANT integer := 100000;
  v_user CONSTANT uuid := hookline.whose_figures(p_user_id);
BEGIN
  RETURN QUERY
  SELECT count(*) FILTER (WHERE r.is_counted AND NOT r.is_leased AND NOT r.is_retry),
         count(*) FILTER (WHERE r.is_counted AND NOT r.is_leased AND r.is_retry),
         CASE WHEN v_user IS NOT NULL THEN count(*) FILTER (WHERE r.is_counted AND r.is_leased) ELSE (
           SELECT count(DISTINCT q.delivery_id) FROM hookline.leases l CROSS JOIN LATERAL unnest(l.deliveries) u (id)
           JOIN hookline.queue q ON q.delivery_id = ANY (ARRAY[u.id]) AND q.lease_id = l.lease_id AND q.lease_ends_at > now()) END,
         min(r.due_at) FILTER (WHERE r.is_counted AND NOT r.is_leased AND r.due_at <= now()),
         coalesce(bool_or(NOT r.is_counted), false)
  FROM (
    SELECT e.is_retry, e.due_at, coalesce(e.lease_ends_at > now(), false) AS is_leased, row_number() OVER () <= v_most AS is_counted FROM (
      (SELECT q.is_retry, q.due_at, CASE WHEN q.lease_id IS NOT NULL THEN q.lease_ends_at END AS lease_ends_at FROM hookline.queue q
       WHERE NOT q.is_waiting AND q.user_id = v_user LIMIT v_most + 1)
      UNION ALL
      (SELECT q.is_retry, q.due_at, NULL FROM hookline.queue q WHERE q.is_waiting AND q.user_id = v_user LIMIT v_most + 1)
      UNION ALL
      (SELECT q.is_retry, q.due_at, CASE WHEN q.lease_id IS NOT NULL THEN q.lease_ends_at END FROM hookline.queue q WHERE v_user IS NULL LIMIT v_most + 1)
    ) e LIMIT v_most + 1
  ) r;
END $$;
REVOKE ALL ON FUNCTION public.get_webhook_queue(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.get_webhook_queue(uuid) TO authenticated, service_role;

-- Where auth.users is ours: users in the order of their list. One of unknown age is of 1970.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = 'auth.users'::regclass AND pg_get_userbyid(c.relowner) = current_user) THEN
    CREATE INDEX IF NOT EXISTS users_created_at ON auth.users (coalesce(created_at, timestamptz '1970-01-01 00:00:00+00'), id);
  END IF;
END $$;

-- Users after a place, the newest first, by walking over p_walk of them at most: those whose external id holds p_search, in whichever case, or whose own id
-- begins with it (NULL: all), p_limit of them. The last one walked over comes too when it does not match: the list goes on there.
CREATE OR REPLACE FUNCTION hookline.walk_users(p_search text, p_at timestamptz, p_id uuid, p_limit integer, p_walk integer)
RETURNS TABLE (user_id uuid, external_user_id text, created_at timestamptz, at timestamptz, matches boolean, is_cut boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
  v_search CONSTANT text := lower(p_search);
BEGIN
  IF v_search ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' AND EXISTS (SELECT FROM auth.users u WHERE u.id = v_search::uuid) THEN
    RETURN QUERY
    SELECT u.id, x.external_user_id, u.created_at, coalesce(u.created_at, timestamptz '1970-01-01 00:00:00+00'), true, false
    FROM auth.users u LEFT JOIN hookline.users x ON x.user_id = u.id
    WHERE u.id = v_search::uuid AND p_id IS NULL;
    RETURN;
  END IF;
  RETURN QUERY
  SELECT w.* FROM (
    SELECT o.id, o.external_user_id, o.created_at, o.at,
           p_search IS NULL OR coalesce(strpos(lower(o.external_user_id), v_search) > 0, false) OR starts_with(o.id::text, v_search) AS matches,
           row_number() OVER () = p_walk AS is_cut
    FROM (
      SELECT u.id, x.external_user_id, u.created_at, u.at FROM (
        SELECT n.id, n.created_at, coalesce(n.created_at, timestamptz '1970-01-01 00:00:00+00') AS at FROM auth.users n
        WHERE (coalesce(n.created_at, timestamptz '1970-01-01 00:00:00+00'), n.id)
            < (coalesce(p_at, 'infinity'), coalesce(p_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
        ORDER BY coalesce(n.created_at, timestamptz '1970-01-01 00:00:00+00') DESC, n.id DESC LIMIT p_walk
      ) u LEFT JOIN hookline.users x ON x.user_id = u.id ORDER BY u.at DESC, u.id DESC
    ) o
  ) w WHERE w.matches OR w.is_cut LIMIT p_limit;
END $$;
REVOKE ALL ON FUNCTION hookline.walk_users(text, timestamptz, uuid, integer, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.walk_users(text, timestamptz, uuid, integer, integer) TO service_role;

-- Replays of everybody, newest first, in all and of each state.
CREATE INDEX IF NOT EXISTS replays_created_at ON hookline.replays (created_at, id);
CREATE INDEX IF NOT EXISTS replays_state ON hookline.replays (state, created_at, id);

-- Webhooks in trouble among a hundred thousand, newest first. None of these columns changes with every batch of results.
CREATE INDEX IF NOT EXISTS webhooks_breaker_open ON public.webhooks (created_at, id) WHERE breaker_since IS NOT NULL;
CREATE INDEX IF NOT EXISTS webhooks_paused ON public.webhooks (paused_until) WHERE paused_until IS NOT NULL;
CREATE INDEX IF NOT EXISTS webhooks_disabled ON public.webhooks (created_at, id) WHERE NOT is_active AND disabled_reason IS NOT NULL;
CREATE INDEX IF NOT EXISTS webhooks_unverified ON public.webhooks (created_at, id) WHERE NOT is_verified;
CREATE INDEX IF NOT EXISTS webhooks_failing ON public.webhooks (created_at, id) WHERE failing_since IS NOT NULL;
