-- Leasing due deliveries: to our own workers, and to outside ones.

-- Leases due deliveries in order of due time to p_worker (NULL: an outside caller): p_limit at most in all, p_per_webhook of one webhook, and of
-- p_bytes of payload, but one at least. A lease outlasts the webhook's time-out by p_margin. Passes over rows that another claim holds and over
-- p_excluded webhooks; puts off what belongs to an inactive or paused webhook, and looks again when that was all it met, a few times.
CREATE OR REPLACE FUNCTION hookline.lease_due(
  p_worker uuid, p_limit integer, p_per_webhook integer, p_bytes bigint, p_retries_only boolean, p_excluded uuid[], p_margin interval)
RETURNS TABLE (delivery_id uuid, lease_id uuid, lease_ends_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_lease_id CONSTANT uuid := gen_random_uuid();
BEGIN
  FOR v_round IN 1..4 LOOP
    RETURN QUERY
    WITH due AS MATERIALIZED (
      SELECT q.delivery_id, q.webhook_id, q.due_at, q.bytes FROM hookline.queue q
      WHERE q.due_at <= now() AND (q.is_retry OR NOT p_retries_only) AND q.webhook_id <> ALL (p_excluded)
      ORDER BY q.due_at LIMIT p_limit FOR UPDATE SKIP LOCKED
    ), met AS MATERIALIZED (
      SELECT d.*, w.id IS NOT NULL AS is_there, w.is_active, w.paused_until, w.timeout_seconds,
             coalesce(w.is_active AND coalesce(w.paused_until <= now(), true), false) AS may
      FROM due d LEFT JOIN public.webhooks w ON w.id = d.webhook_id
    ), chosen AS (
      SELECT r.delivery_id, r.timeout_seconds FROM (
        SELECT m.delivery_id, m.timeout_seconds, m.of_webhook,
               row_number() OVER in_order AS nth, sum(m.bytes) OVER in_order AS upto
        FROM (SELECT *, row_number() OVER (PARTITION BY webhook_id ORDER BY due_at, delivery_id) AS of_webhook FROM met WHERE may) m
        WHERE m.of_webhook <= p_per_webhook
        WINDOW in_order AS (ORDER BY m.due_at, m.delivery_id)
      ) r WHERE r.upto <= p_bytes OR r.nth = 1
    ), put_off AS (
      UPDATE hookline.queue q
      SET lease_id = NULL, lease_worker = NULL, due_at = greatest(m.paused_until, now() + interval '1 second')
        + CASE WHEN m.is_active THEN interval '0' ELSE interval '1 minute' END
      FROM met m WHERE q.delivery_id = m.delivery_id AND m.is_there AND NOT m.may
    ), orphaned AS (
      DELETE FROM hookline.queue q USING met m WHERE q.delivery_id = m.delivery_id AND NOT m.is_there
    )
    UPDATE hookline.queue q
    SET lease_id = v_lease_id, lease_worker = p_worker, due_at = now() + p_margin + make_interval(secs => c.timeout_seconds)
    FROM chosen c WHERE q.delivery_id = c.delivery_id
    RETURNING q.delivery_id, q.lease_id, q.due_at;
    EXIT WHEN FOUND OR NOT EXISTS (
      SELECT FROM hookline.queue q
      WHERE q.due_at <= now() AND (q.is_retry OR NOT p_retries_only) AND q.webhook_id <> ALL (p_excluded));
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION hookline.lease_due(uuid, integer, integer, bigint, boolean, uuid[], interval) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.lease_due(uuid, integer, integer, bigint, boolean, uuid[], interval) TO service_role;

-- For an outside worker, which asks about once a minute: due retries, each leased to the caller for its time-out and a minute.
-- attempt_number is that of the attempts before the one that the caller now makes. It reports with complete_webhook_delivery.
CREATE OR REPLACE FUNCTION public.get_pending_webhook_retries(p_limit integer DEFAULT 100)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text, webhook_secret varchar(255), event_type varchar(100),
               request_payload jsonb, attempt_number integer, max_attempts integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_leased uuid[];
BEGIN
  IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'p_limit is %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'Ask for 1 to 1000 deliveries at a time.';
  END IF;
  -- Two statements: the snapshot of one would be older than the leases, and miss a delivery that committed in between.
  SELECT array_agg(l.delivery_id) INTO v_leased
  FROM hookline.lease_due(NULL, p_limit, p_limit, 67108864, true, '{}', interval '1 minute') l;
  RETURN QUERY
  SELECT d.id, w.id, w.url, w.secret, d.event_type, d.request_payload, d.attempt_number, d.max_attempts
  FROM public.webhook_deliveries d JOIN public.webhooks w ON w.id = d.webhook_id
  WHERE d.id = ANY (v_leased)
  ORDER BY d.next_retry_at, d.id;
END $$;
REVOKE ALL ON FUNCTION public.get_pending_webhook_retries(integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.get_pending_webhook_retries(integer) TO service_role;

-- Forgets workers that have not beaten for 15 s and frees what they held, so that it is sent at once and not when the lease ends.
CREATE OR REPLACE FUNCTION hookline.free_dead_leases() RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_dead uuid[];
  v_freed integer;
BEGIN
  WITH gone AS (DELETE FROM hookline.workers w WHERE w.heartbeat_at < now() - interval '15 seconds' RETURNING w.id)
  SELECT array_agg(g.id) INTO v_dead FROM gone g;
  IF v_dead IS NULL THEN
    RETURN 0;
  END IF;
  UPDATE hookline.queue q SET lease_id = NULL, lease_worker = NULL, due_at = now()
  WHERE q.delivery_id IN (SELECT h.delivery_id FROM hookline.queue h WHERE h.lease_worker = ANY (v_dead) FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS v_freed = ROW_COUNT;
  RETURN v_freed;
END $$;
REVOKE ALL ON FUNCTION hookline.free_dead_leases() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.free_dead_leases() TO service_role;
