-- The ends of leases, for the table of leases (0030): of a claim nobody heard of, of a worker that died, of what Redis lost.

-- Frees the leases of workers that have not beaten for 15 s, which it forgets, and those that have ended. Gives how many. Without jit: compiling this took
-- 60 ms of each heartbeat. A row of hookline.leases goes when nothing is held under it any more: what somebody has locked just now is looked at again.
DROP FUNCTION IF EXISTS hookline.free_dead_leases(boolean);
CREATE OR REPLACE FUNCTION hookline.free_dead_leases() RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  v_dead uuid[];
  v_freed integer;
BEGIN
  WITH gone AS (
    -- Workers that come back from an outage at once have each beaten just now, and would wait for each other.
    DELETE FROM hookline.workers w
    WHERE w.ctid = ANY (ARRAY(SELECT o.ctid FROM hookline.workers o WHERE o.heartbeat_at < now() - interval '15 seconds' FOR UPDATE SKIP LOCKED))
    RETURNING w.id)
  SELECT coalesce(array_agg(g.id), '{}') INTO v_dead FROM gone g;
  WITH over AS MATERIALIZED (
    SELECT l.ctid AS tid, l.lease_id, l.deliveries FROM hookline.leases l WHERE l.ends_at <= now() OR l.worker = ANY (v_dead) FOR UPDATE SKIP LOCKED
  ), held AS MATERIALIZED (
    SELECT o.tid AS lease, h.ctid AS tid FROM over o CROSS JOIN LATERAL unnest(o.deliveries) u (id)
    JOIN hookline.queue h ON h.delivery_id = ANY (ARRAY[u.id]) AND h.lease_id = o.lease_id
    -- Another worker may have taken it over.
    WHERE h.lease_ends_at <= now() OR h.lease_worker = ANY (v_dead)
  ), gone AS (
    DELETE FROM hookline.leases l USING over o WHERE l.ctid = o.tid AND o.tid NOT IN (SELECT h.lease FROM held h)
  )
  UPDATE hookline.queue q SET lease_id = NULL, lease_worker = NULL, is_counted = false
  WHERE q.ctid = ANY (ARRAY(SELECT h.ctid FROM hookline.queue h WHERE h.ctid = ANY (ARRAY(SELECT r.tid FROM held r)) FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS v_freed = ROW_COUNT;
  RETURN v_freed;
END $$;
REVOKE ALL ON FUNCTION hookline.free_dead_leases() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.free_dead_leases() TO service_role;

-- Forgets leases under which nothing is held any more, as their worker says, long before they would end. What is still held under one keeps it.
CREATE OR REPLACE FUNCTION hookline.forget_leases(p_leases uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  DELETE FROM hookline.leases l WHERE l.lease_id = ANY (p_leases) AND NOT EXISTS (
    SELECT FROM unnest(l.deliveries) u (id) JOIN hookline.queue h ON h.delivery_id = ANY (ARRAY[u.id]) AND h.lease_id = l.lease_id);
END $$;
REVOKE ALL ON FUNCTION hookline.forget_leases(uuid[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.forget_leases(uuid[]) TO service_role;

-- Frees all that is still held under leases: p_not_taken, of them what nobody has taken over. Gives how many.
DROP FUNCTION IF EXISTS hookline.free_leases(uuid[]);
CREATE OR REPLACE FUNCTION hookline.free_leases(p_leases uuid[], p_not_taken boolean) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  v_freed integer;
BEGIN
  UPDATE hookline.queue q SET lease_id = NULL, lease_worker = NULL, is_counted = false
  WHERE q.ctid = ANY (ARRAY(
    SELECT h.ctid FROM hookline.leases l CROSS JOIN unnest(l.deliveries) u (id)
    JOIN hookline.queue h ON h.delivery_id = ANY (ARRAY[u.id]) AND h.lease_id = l.lease_id
    WHERE l.lease_id = ANY (p_leases) AND (NOT p_not_taken OR h.taken_lease IS DISTINCT FROM h.lease_id)
    FOR UPDATE OF h SKIP LOCKED));
  GET DIAGNOSTICS v_freed = ROW_COUNT;
  RETURN v_freed;
END $$;
REVOKE ALL ON FUNCTION hookline.free_leases(uuid[], boolean) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.free_leases(uuid[], boolean) TO service_role;

-- As in 0028, for leases in place.
CREATE OR REPLACE FUNCTION hookline.take_over(
  p_worker uuid, p_deliveries uuid[], p_leases uuid[], p_limit integer, p_bytes bigint,
  p_excluded_webhooks uuid[] DEFAULT '{}', p_excluded_users uuid[] DEFAULT '{}')
RETURNS TABLE (delivery_id uuid, lease_id uuid, lease_ends_at timestamptz, webhook_id uuid, user_id uuid, queue_position bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
-- As lease_due, by its indexes whatever the planner last knew of the queue.
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
BEGIN
  -- As in lease_due: a claim that a crash of the server forgets is made again.
  PERFORM set_config('synchronous_commit', 'off', true);
  RETURN QUERY
  WITH handed AS MATERIALIZED (
    SELECT q.ctid AS tid, q.webhook_id, q.user_id, q.bytes, q.position
    FROM unnest(p_deliveries, p_leases) h (delivery_id, lease_id)
    JOIN hookline.queue q ON q.delivery_id = ANY (ARRAY[h.delivery_id]) AND q.lease_id = h.lease_id AND q.taken_lease IS DISTINCT FROM q.lease_id
    FOR UPDATE OF q SKIP LOCKED
  ), judged AS (
    SELECT h.*, w.is_active AND coalesce(w.paused_until <= now(), true) AND coalesce(w.breaker_until <= now(), true) AND h.webhook_id <> ALL (p_excluded_webhooks)
             AND h.user_id <> ALL (p_excluded_users) AS is_wanted
    FROM handed h JOIN public.webhooks w ON w.id = h.webhook_id
  ), bounded AS (
    SELECT j.tid, j.is_wanted AND (row_number() OVER in_turn = 1
             OR (row_number() OVER in_turn <= p_limit AND sum(j.bytes) OVER in_turn <= p_bytes)) AS fits
    FROM judged j WINDOW in_turn AS (PARTITION BY j.is_wanted ORDER BY j.position)
  ), unfit AS (
    UPDATE hookline.queue q SET lease_id = NULL, lease_worker = NULL, is_counted = false FROM bounded b WHERE NOT b.fits AND q.ctid = b.tid
  ), taken AS (
    UPDATE hookline.queue q SET taken_lease = q.lease_id, lease_worker = p_worker FROM bounded b WHERE b.fits AND q.ctid = b.tid
    RETURNING q.delivery_id, q.lease_id, q.lease_ends_at, q.is_counted, q.webhook_id, q.user_id, q.position
  ), kept AS (
    INSERT INTO hookline.leases (lease_id, worker, ends_at, is_counted, deliveries)
    SELECT t.lease_id, p_worker, t.lease_ends_at, t.is_counted, array_agg(t.delivery_id) FROM taken t GROUP BY t.lease_id, t.lease_ends_at, t.is_counted
  )
  SELECT t.delivery_id, t.lease_id, t.lease_ends_at, t.webhook_id, t.user_id, t.position FROM taken t;
END $$;

-- As in 0025, for the queue of 0030.
CREATE OR REPLACE FUNCTION hookline.fail_waiting(p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_webhooks uuid[];
  v_failed integer;
BEGIN
  -- Webhooks first, as everywhere; one that somebody else holds is left for the next time.
  SELECT array_agg(l.id) INTO v_webhooks FROM (
    SELECT w.id FROM public.webhooks w CROSS JOIN hookline.settings s
    WHERE EXISTS (SELECT FROM hookline.queue q WHERE NOT q.is_waiting AND q.lease_id IS NULL AND q.user_id = w.user_id AND q.webhook_id = w.id) AND (
          (NOT w.is_active AND coalesce(w.inactive_since, w.created_at) < now() - s.waiting_limit)
       OR (w.is_active AND w.paused_until > now() AND w.paused_since < now() - s.waiting_limit)
       OR (w.is_active AND w.breaker_since < now() - s.waiting_limit)
       OR (w.is_active AND NOT w.is_verified AND s.verification = 'required' AND coalesce(w.unverified_since, w.created_at) < now() - s.waiting_limit))
    ORDER BY w.id FOR NO KEY UPDATE OF w SKIP LOCKED
  ) l;
  UPDATE public.webhook_deliveries d SET
    status = 'failed', failed_at = now(), next_retry_at = NULL, error_code = o.code,
    error_message = CASE o.code WHEN 'webhook_inactive' THEN 'The webhook was inactive for too long.'
      WHEN 'webhook_unverified' THEN 'The URL of the webhook was unverified for too long.' ELSE 'The webhook was paused, or failed, for too long.' END
  FROM (
    SELECT q.delivery_id, CASE WHEN NOT w.is_active THEN 'webhook_inactive' WHEN w.is_verified OR s.verification <> 'required' THEN 'expired'
           ELSE 'webhook_unverified' END AS code
    FROM hookline.queue q
    JOIN public.webhooks w ON w.id = q.webhook_id
    JOIN public.webhook_deliveries d ON d.id = q.delivery_id
    CROSS JOIN hookline.settings s
    WHERE q.webhook_id = ANY (v_webhooks) AND q.lease_id IS NULL
      AND greatest(d.created_at, d.next_retry_at) < now() - s.waiting_limit
    LIMIT p_limit FOR UPDATE OF q SKIP LOCKED
  ) o
  WHERE d.id = o.delivery_id;
  GET DIAGNOSTICS v_failed = ROW_COUNT;
  RETURN v_failed;
END $$;
