-- Lists of deliveries, newest first, page by page (src/manage/deliveries/page.sql): what a page reads is bounded, however long the history.

-- A user's deliveries in the order of the list.
CREATE INDEX IF NOT EXISTS webhook_deliveries_of_user ON public.webhook_deliveries (user_id, created_at, id);
-- Those that need looking at are few among a million successes; what succeeds at once stands in neither index. The second one is instead of 0027's.
CREATE INDEX IF NOT EXISTS webhook_deliveries_troubled ON public.webhook_deliveries (user_id, status, created_at, id)
  WHERE status IN ('failed', 'retrying');
CREATE INDEX IF NOT EXISTS webhook_deliveries_webhook_troubled ON public.webhook_deliveries (webhook_id, status, created_at, id)
  WHERE status IN ('failed', 'retrying');
DROP INDEX IF EXISTS public.webhook_deliveries_failed_history;

-- When an event was made, and with it its deliveries, which are found by that: an index by event would cost every delivery two entries. No row where there is
-- no such event; where it was for another user; who has the id of an event for everybody got it.
CREATE OR REPLACE FUNCTION public.webhook_event_created_at(p_event_id uuid) RETURNS TABLE (created_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.created_at FROM hookline.events e
  WHERE e.id = p_event_id AND (e.user_id IS NULL OR e.user_id = auth.uid() OR hookline.is_service())
$$;
REVOKE ALL ON FUNCTION public.webhook_event_created_at(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.webhook_event_created_at(uuid) TO authenticated, service_role;

-- As in 0027, each arm in an order that one index alone has. webhook_deliveries_of_user has the former order too: by it a planner that knew of one webhook
-- would walk over all the others of its user.
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
     WHERE p_status = 'failed' AND d.status IN ('failed', 'retrying') AND d.user_id = p_user_id
       AND (d.webhook_id, d.status, d.created_at, d.id) > (p_webhook_id, 'failed', p_after, p_after_id)
       AND (d.webhook_id, d.status, d.created_at) <= (p_webhook_id, 'failed', p_until)
     ORDER BY d.webhook_id, d.status, d.created_at, d.id LIMIT p_limit)
    UNION ALL
    (SELECT d.id, d.created_at, d.status, d.replay_of FROM public.webhook_deliveries d
     WHERE p_status = 'all' AND d.user_id = p_user_id
       AND (d.webhook_id, d.created_at, d.id) > (p_webhook_id, p_after, p_after_id) AND (d.webhook_id, d.created_at) <= (p_webhook_id, p_until)
     ORDER BY d.webhook_id, d.created_at, d.id LIMIT p_limit)
  ) c
$$;
