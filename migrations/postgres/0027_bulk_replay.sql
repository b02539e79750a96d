-- Bulk replay: many ended deliveries of a webhook are sent again, as a durable job that workers advance step by step (src/maintain/replay).

-- Walked in order of creation and id; with the id in the index, many deliveries of one transaction, which bear one time, are not sorted again in each step.
DROP INDEX IF EXISTS public.webhook_deliveries_history;
CREATE INDEX webhook_deliveries_history ON public.webhook_deliveries (user_id, webhook_id, created_at, id);
-- Failures are few among successes: a walk over all would read a million rows to find a hundred.
CREATE INDEX IF NOT EXISTS webhook_deliveries_failed_history ON public.webhook_deliveries (webhook_id, created_at, id) WHERE status = 'failed';
-- The replays of a delivery, and those that are unfinished. Other deliveries stand in neither.
CREATE INDEX IF NOT EXISTS webhook_deliveries_replay_of ON public.webhook_deliveries (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS webhook_deliveries_replaying ON public.webhook_deliveries (webhook_id)
  WHERE replay_of IS NOT NULL AND status IN ('pending', 'retrying');

-- running → completed: a delivery was made for each · cancelled: by its owner · expired: it waited for its webhook for longer than settings.waiting_limit.
-- The row's own lock is the lease: a step is one transaction, so that a crash neither repeats nor loses anything.
CREATE TABLE IF NOT EXISTS hookline.replays (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  webhook_id uuid NOT NULL REFERENCES public.webhooks (id) ON DELETE CASCADE,
  user_id uuid NOT NULL,
  state varchar(20) NOT NULL DEFAULT 'running' CONSTRAINT valid_replay_state CHECK (state IN ('running', 'completed', 'cancelled', 'expired')),
  status_filter varchar(20) NOT NULL CONSTRAINT valid_status_filter CHECK (status_filter IN ('failed', 'all')),
  -- Of deliveries that were made then, both ends included.
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  rate_per_second integer NOT NULL CONSTRAINT valid_rate CHECK (rate_per_second BETWEEN 1 AND 1000),
  -- Counted at creation, and deliveries made so far. Fewer are made where retention removes some meanwhile, or where one is retried by hand.
  total bigint NOT NULL DEFAULT 0,
  created bigint NOT NULL DEFAULT 0,
  -- What keeps it from going on, since when: the webhook is inactive, unverified or paused; or enough is on the way (backlog).
  waiting_for varchar(20) CONSTRAINT valid_waiting_for CHECK (waiting_for IN ('inactive', 'unverified', 'paused', 'backlog')),
  waiting_since timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  ended_at timestamptz,
  -- The last delivery that was looked at; up to when the rate is used up; when the next step is due.
  cursor_at timestamptz NOT NULL,
  cursor_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  rate_at timestamptz NOT NULL DEFAULT now(),
  due_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);
-- One at a time for a webhook: two would send it the same messages, at twice the rate that its owner chose.
CREATE UNIQUE INDEX IF NOT EXISTS replays_running ON hookline.replays (webhook_id) WHERE state = 'running';
CREATE INDEX IF NOT EXISTS replays_due ON hookline.replays (due_at) WHERE state = 'running';
CREATE INDEX IF NOT EXISTS replays_webhook_id ON hookline.replays (webhook_id);
CREATE INDEX IF NOT EXISTS replays_history ON hookline.replays (user_id, webhook_id, created_at);
SELECT hookline.protect('hookline.replays');
GRANT SELECT ON hookline.replays TO service_role;

-- How its owner watches it; who sees what is said as in 0017.
CREATE OR REPLACE VIEW public.webhook_replays WITH (security_barrier) AS
WITH replay AS NOT MATERIALIZED (
  SELECT r.id, r.webhook_id, r.user_id, r.state, r.status_filter, r.since, r.until, r.rate_per_second, r.total, r.created, r.waiting_for, r.waiting_since,
         r.created_at, r.started_at, r.ended_at
  FROM hookline.replays r
)
SELECT seen.* FROM (
  SELECT r.* FROM replay r WHERE r.user_id = (SELECT auth.uid())
  UNION ALL
  SELECT r.* FROM replay r WHERE (SELECT pg_has_role('service_role', 'USAGE')) AND r.user_id IS DISTINCT FROM (SELECT auth.uid())
) seen;
REVOKE ALL ON public.webhook_replays FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON public.webhook_replays TO authenticated, service_role;

-- Deliveries of a webhook after (p_after, p_after_id) up to p_until, in order of creation, p_limit of them (NULL: all); is_wanted: to be replayed. What is
-- under way is not, and neither is a message that a later delivery stands for: one that comes in its turn, or, of a failed one, a replay that has not failed.
-- By index, whatever the planner last knew: a plan that sorts would read the whole history in each step.
CREATE OR REPLACE FUNCTION hookline.deliveries_to_replay(
  p_user_id uuid, p_webhook_id uuid, p_status text, p_after timestamptz, p_after_id uuid, p_until timestamptz, p_limit integer)
RETURNS TABLE (id uuid, created_at timestamptz, is_wanted boolean) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
  SELECT c.id, c.created_at, c.status IN ('success', 'failed') AND NOT EXISTS (
    SELECT FROM public.webhook_deliveries r
    WHERE r.replay_of = coalesce(c.replay_of, c.id) AND r.webhook_id = p_webhook_id AND (r.created_at, r.id) > (c.created_at, c.id)
      AND (r.created_at <= p_until OR (p_status = 'failed' AND r.status <> 'failed')))
  FROM (
    (SELECT d.id, d.created_at, d.status, d.replay_of FROM public.webhook_deliveries d
     WHERE p_status = 'failed' AND d.status = 'failed' AND d.user_id = p_user_id AND d.webhook_id = p_webhook_id
       AND (d.created_at, d.id) > (p_after, p_after_id) AND d.created_at <= p_until
     ORDER BY d.created_at, d.id LIMIT p_limit)
    UNION ALL
    (SELECT d.id, d.created_at, d.status, d.replay_of FROM public.webhook_deliveries d
     WHERE p_status = 'all' AND d.user_id = p_user_id AND d.webhook_id = p_webhook_id
       AND (d.created_at, d.id) > (p_after, p_after_id) AND d.created_at <= p_until
     ORDER BY d.created_at, d.id LIMIT p_limit)
  ) c
$$;
REVOKE ALL ON FUNCTION hookline.deliveries_to_replay(uuid, uuid, text, timestamptz, uuid, timestamptz, integer) FROM PUBLIC, anon, authenticated, service_role;

-- The end of the time that is asked for, now at the latest, and how many deliveries are to be replayed. Refuses another's webhook, and what is out of range.
CREATE OR REPLACE FUNCTION hookline.measure_replay(
  p_webhook_id uuid, p_since timestamptz, p_status text, p_until timestamptz, OUT user_id uuid, OUT until timestamptz, OUT total bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT w.user_id INTO user_id FROM public.webhooks w WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service());
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  until := least(p_until, now());
  IF p_status IS NULL OR p_status NOT IN ('failed', 'all') THEN
    RAISE EXCEPTION 'p_status is %', coalesce(p_status, 'NULL')
      USING ERRCODE = 'HK008', HINT = 'failed replays the deliveries that failed, all those that succeeded, too.';
  ELSIF p_since IS NULL OR p_since > until THEN
    RAISE EXCEPTION 'p_since is %', coalesce(p_since::text, 'NULL')
      USING ERRCODE = 'HK008', HINT = 'Name a time in the past that is not after p_until; what was made from then on is replayed.';
  END IF;
  SELECT count(*) INTO total
  FROM hookline.deliveries_to_replay(user_id, p_webhook_id, p_status, p_since, '00000000-0000-0000-0000-000000000000', until, NULL) d WHERE d.is_wanted;
END $$;
REVOKE ALL ON FUNCTION hookline.measure_replay(uuid, timestamptz, text, timestamptz) FROM PUBLIC, anon, authenticated, service_role;

-- How many deliveries a replay would send, without making one.
CREATE OR REPLACE FUNCTION public.count_webhook_replay(
  p_webhook_id uuid, p_since timestamptz, p_status text DEFAULT 'failed', p_until timestamptz DEFAULT NULL)
RETURNS TABLE (total bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT m.total FROM hookline.measure_replay(p_webhook_id, p_since, p_status, p_until) m;
END $$;
REVOKE ALL ON FUNCTION public.count_webhook_replay(uuid, timestamptz, text, timestamptz) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.count_webhook_replay(uuid, timestamptz, text, timestamptz) TO authenticated, service_role;

-- Makes the job; workers begin within a second. Of a webhook's jobs the latest hundred are kept.
CREATE OR REPLACE FUNCTION public.create_webhook_replay(
  p_webhook_id uuid, p_since timestamptz, p_status text DEFAULT 'failed', p_until timestamptz DEFAULT NULL, p_rate_per_second integer DEFAULT 100)
RETURNS TABLE (replay_id uuid, total bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_measure record;
BEGIN
  -- Locked, so that it is not deleted between this look and the insert.
  PERFORM FROM public.webhooks w WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service()) FOR KEY SHARE;
  -- Before the count, which reads much.
  IF FOUND AND (p_rate_per_second IS NULL OR p_rate_per_second NOT BETWEEN 1 AND 1000) THEN
    RAISE EXCEPTION 'p_rate_per_second is %', coalesce(p_rate_per_second::text, 'NULL')
      USING ERRCODE = 'HK008', HINT = 'A replay sends 1 to 1000 deliveries a second.';
  END IF;
  SELECT * INTO v_measure FROM hookline.measure_replay(p_webhook_id, p_since, p_status, p_until);

  INSERT INTO hookline.replays AS r (webhook_id, user_id, status_filter, since, until, rate_per_second, total, cursor_at)
  VALUES (p_webhook_id, v_measure.user_id, p_status, p_since, v_measure.until, p_rate_per_second, v_measure.total, p_since)
  ON CONFLICT (webhook_id) WHERE state = 'running' DO NOTHING
  RETURNING r.id INTO replay_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a replay of this webhook is running' USING ERRCODE = 'HK014',
      HINT = 'Wait for its end, which webhook_replays shows, or end it with cancel_webhook_replay.';
  END IF;
  DELETE FROM hookline.replays r WHERE r.id IN (
    SELECT o.id FROM hookline.replays o WHERE o.webhook_id = p_webhook_id AND o.state <> 'running' ORDER BY o.created_at DESC OFFSET 99);
  total := v_measure.total;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION public.create_webhook_replay(uuid, timestamptz, text, timestamptz, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.create_webhook_replay(uuid, timestamptz, text, timestamptz, integer) TO authenticated, service_role;

-- No delivery is made after this; those that were made are sent. One that has ended stays as it is.
CREATE OR REPLACE FUNCTION public.cancel_webhook_replay(p_replay_id uuid)
RETURNS TABLE (state varchar(20), created bigint, total bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  UPDATE hookline.replays r SET state = 'cancelled', ended_at = now(), waiting_for = NULL, waiting_since = NULL
  WHERE r.id = p_replay_id AND r.state = 'running' AND (r.user_id = auth.uid() OR hookline.is_service());
  RETURN QUERY
  SELECT r.state, r.created, r.total FROM hookline.replays r WHERE r.id = p_replay_id AND (r.user_id = auth.uid() OR hookline.is_service());
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such replay, or it is not yours' USING ERRCODE = 'HK013', HINT = 'SELECT id, state FROM webhook_replays lists yours.';
  END IF;
END $$;
REVOKE ALL ON FUNCTION public.cancel_webhook_replay(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.cancel_webhook_replay(uuid) TO authenticated, service_role;

-- One step of a job that is due: makes as many deliveries as its rate allows, but no more than a thousand unfinished replays of its webhook, and moves the
-- cursor with them. What is not used of the rate is lost after a second. Gives no row when the job is not due, or held by somebody. By index, as the walk.
CREATE OR REPLACE FUNCTION hookline.advance_replay(p_replay_id uuid)
RETURNS TABLE (webhook_id uuid, state varchar, created bigint, total bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
  v_ahead CONSTANT integer := 1000;
  -- How many are looked at beyond those that may be made: what is passed over must not make a step long.
  v_passed CONSTANT integer := 250;
  v_replay hookline.replays;
  v_webhook public.webhooks;
  v_room integer;
  v_waiting varchar;
  v_made integer := 0;
  v_looked integer := 0;
  v_is_through boolean := false;
  v_done boolean := false;
  v_cursor_at timestamptz;
  v_cursor_id uuid;
BEGIN
  -- A webhook that somebody is deleting is passed over: waiting for it here would deadlock with the deletion, which comes to this row next.
  SELECT r.* INTO v_replay FROM hookline.replays r JOIN public.webhooks w ON w.id = r.webhook_id
  WHERE r.id = p_replay_id AND r.state = 'running' AND r.due_at <= now() FOR UPDATE OF r SKIP LOCKED FOR KEY SHARE OF w SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT * INTO v_webhook FROM public.webhooks w WHERE w.id = v_replay.webhook_id;
  v_room := floor(v_replay.rate_per_second * least(1, extract(epoch FROM now() - v_replay.rate_at)));
  v_waiting := CASE
    WHEN NOT v_webhook.is_active THEN 'inactive'
    WHEN NOT v_webhook.is_verified AND (SELECT s.verification = 'required' FROM hookline.settings s) THEN 'unverified'
    WHEN v_webhook.paused_until > now() THEN 'paused' END;
  IF v_waiting IS NULL THEN
    SELECT least(v_room, v_ahead - count(*)), CASE WHEN count(*) >= v_ahead THEN 'backlog' END INTO v_room, v_waiting
    FROM (SELECT FROM public.webhook_deliveries d
          WHERE d.webhook_id = v_webhook.id AND d.replay_of IS NOT NULL AND d.status IN ('pending', 'retrying') LIMIT v_ahead) unfinished;
  END IF;

  IF v_waiting IS NULL AND v_room > 0 THEN
    WITH looked AS MATERIALIZED (
      SELECT c.id, c.created_at, c.is_wanted, count(*) FILTER (WHERE c.is_wanted) OVER (ORDER BY c.created_at, c.id) AS upto
      FROM hookline.deliveries_to_replay(v_webhook.user_id, v_webhook.id, v_replay.status_filter, v_replay.cursor_at, v_replay.cursor_id, v_replay.until,
                                         v_room + v_passed) c
    ), made AS (
      INSERT INTO public.webhook_deliveries (webhook_id, user_id, event_id, event_type, request_url, request_payload, max_attempts, replay_of, metadata)
      SELECT v_webhook.id, v_webhook.user_id, d.event_id, d.event_type, v_webhook.url, d.request_payload,
             CASE WHEN v_webhook.retry_enabled THEN 1 + v_webhook.max_retries ELSE 1 END, coalesce(d.replay_of, d.id),
             jsonb_build_object('replay_id', v_replay.id)
      FROM looked l JOIN public.webhook_deliveries d ON d.id = l.id
      WHERE l.is_wanted AND l.upto <= v_room ORDER BY l.created_at, l.id
      RETURNING id
    )
    SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM looked), coalesce((SELECT max(l.upto) FROM looked l) <= v_room, true), p.created_at, p.id
    INTO v_made, v_looked, v_is_through, v_cursor_at, v_cursor_id
    FROM (VALUES (1)) one LEFT JOIN LATERAL (
      SELECT l.created_at, l.id FROM looked l WHERE l.upto <= v_room ORDER BY l.created_at DESC, l.id DESC LIMIT 1) p ON true;
    v_done := v_is_through AND v_looked < v_room + v_passed;
  END IF;

  RETURN QUERY
  UPDATE hookline.replays r SET
    started_at = coalesce(r.started_at, now()),
    created = n.created,
    total = greatest(r.total, n.created),
    cursor_at = coalesce(v_cursor_at, r.cursor_at),
    cursor_id = coalesce(v_cursor_id, r.cursor_id),
    rate_at = n.rate_at,
    due_at = CASE
      WHEN v_is_through AND v_made < v_room THEN now()
      WHEN coalesce(v_waiting <> 'backlog', false) THEN now() + interval '2 seconds'
      ELSE greatest(now() + interval '250 milliseconds', n.rate_at + make_interval(secs => 1.0 / r.rate_per_second)) END,
    waiting_for = v_waiting,
    waiting_since = n.waiting_since,
    state = n.state,
    ended_at = CASE WHEN n.state <> 'running' THEN now() END
  FROM (
    SELECT v_replay.created + v_made AS created, w.waiting_since,
           greatest(v_replay.rate_at + make_interval(secs => v_made::float8 / v_replay.rate_per_second), now() - interval '1 second') AS rate_at,
           CASE WHEN v_done THEN 'completed' WHEN v_waiting <> 'backlog' AND w.waiting_since < now() - s.waiting_limit THEN 'expired'
                ELSE 'running' END AS state
    FROM hookline.settings s,
         (SELECT CASE WHEN v_waiting = v_replay.waiting_for THEN v_replay.waiting_since WHEN v_waiting IS NOT NULL THEN now() END AS waiting_since) w
  ) n
  WHERE r.id = v_replay.id
  RETURNING r.webhook_id, r.state, r.created, r.total;
END $$;
REVOKE ALL ON FUNCTION hookline.advance_replay(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.advance_replay(uuid) TO service_role;
