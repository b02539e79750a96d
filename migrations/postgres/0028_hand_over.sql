-- Handing deliveries over through Redis: one worker leases them, and another takes the leases over when it gets their ids. What Redis loses stays under
-- the lease of the worker that handed it over, which sees that and frees it.

-- Tells installations that share a Redis apart.
ALTER TABLE hookline.settings ADD COLUMN IF NOT EXISTS installation uuid NOT NULL DEFAULT gen_random_uuid();

-- The lease under which a row was taken over. No index has it: with its page's help, taking over writes no index entry.
ALTER TABLE hookline.queue ADD COLUMN IF NOT EXISTS taken_lease uuid;

-- Takes over deliveries that are still under the leases by which they were handed over (parallel arrays), and gives what lease_due gives: p_limit of
-- them at most and p_bytes of payload, but one at least. Those that do not fit, of p_excluded_*, or whose webhook may not be called now, are ready again.
-- What is taken, under another lease by now, or gone, is left alone: ids that come twice, or late, take nothing. The lease goes on, and ends when it
-- would have ended.
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
    JOIN hookline.queue q ON q.delivery_id = h.delivery_id AND q.lease_id = h.lease_id AND q.taken_lease IS DISTINCT FROM q.lease_id
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
    UPDATE hookline.queue q SET is_ready = true, lease_id = NULL, lease_worker = NULL, due_at = now() FROM bounded b WHERE NOT b.fits AND q.ctid = b.tid
  )
  UPDATE hookline.queue q SET taken_lease = q.lease_id, lease_worker = p_worker FROM bounded b WHERE b.fits AND q.ctid = b.tid
  RETURNING q.delivery_id, q.lease_id, q.due_at, q.webhook_id, q.user_id, q.position;
END $$;
REVOKE ALL ON FUNCTION hookline.take_over(uuid, uuid[], uuid[], integer, bigint, uuid[], uuid[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.take_over(uuid, uuid[], uuid[], integer, bigint, uuid[], uuid[]) TO service_role;

-- Makes ready again what is still under leases and was not taken over. Gives how many. By row versions: over `delivery_id IN (SELECT …)` the planner, who
-- took the queue for empty, looked through it once for each of its rows, 12 s for 5,000.
CREATE OR REPLACE FUNCTION hookline.free_leases(p_leases uuid[]) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
  v_freed integer;
BEGIN
  WITH unused AS MATERIALIZED (
    SELECT q.ctid AS tid FROM hookline.queue q WHERE q.lease_id IS NOT NULL AND q.lease_id = ANY (p_leases) AND q.taken_lease IS DISTINCT FROM q.lease_id
    FOR UPDATE SKIP LOCKED
  )
  UPDATE hookline.queue q SET is_ready = true, lease_id = NULL, lease_worker = NULL, due_at = now() FROM unused u WHERE q.ctid = u.tid;
  GET DIAGNOSTICS v_freed = ROW_COUNT;
  RETURN v_freed;
END $$;
REVOKE ALL ON FUNCTION hookline.free_leases(uuid[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.free_leases(uuid[]) TO service_role;
