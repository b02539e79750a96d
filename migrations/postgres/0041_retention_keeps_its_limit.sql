-- As in 0026, with what a batch removes chosen once, as an array: over `id IN (SELECT … LIMIT … FOR UPDATE SKIP LOCKED)` the planner, who may hold a table
-- that was empty at its last ANALYZE for empty still, takes a nested loop which runs the sub-select anew for every row, and each run passes over what the one
-- before it removed: up to 6 rows went for a limit of 1, at 60 ms each in place of 2 (20,000 rows).
CREATE OR REPLACE FUNCTION hookline.remove_expired(p_limit integer)
RETURNS TABLE (successful integer, failed integer, events integer) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_settings hookline.settings;
BEGIN
  IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 100000 THEN
    RAISE EXCEPTION 'p_limit is %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'A batch has 1 to 100000 rows.';
  END IF;
  SELECT * INTO v_settings FROM hookline.settings;
  DELETE FROM public.webhook_deliveries d WHERE d.id = ANY (ARRAY(
    SELECT o.id FROM public.webhook_deliveries o WHERE o.status = 'success' AND o.created_at < now() - v_settings.successful_retention
    ORDER BY o.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS successful = ROW_COUNT;
  DELETE FROM public.webhook_deliveries d WHERE d.id = ANY (ARRAY(
    SELECT o.id FROM public.webhook_deliveries o WHERE o.status = 'failed' AND o.created_at < now() - v_settings.failed_retention
    ORDER BY o.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS failed = ROW_COUNT;
  DELETE FROM hookline.events e WHERE e.id = ANY (ARRAY(
    SELECT o.id FROM hookline.events o
    WHERE o.created_at < now() - greatest(v_settings.successful_retention, v_settings.failed_retention, v_settings.idempotency_window)
    ORDER BY o.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS events = ROW_COUNT;
  DELETE FROM hookline.statistics_hourly s WHERE s.ctid = ANY (ARRAY(
    SELECT o.ctid FROM hookline.statistics_hourly o WHERE o.hour < now() - interval '35 days' ORDER BY o.hour LIMIT p_limit FOR UPDATE SKIP LOCKED));
  RETURN NEXT;
END $$;
