-- Retention (spec/outbound-webhooks.md, Behaviour): ended deliveries go some time after they were made, and the events they came from.
ALTER TABLE hookline.settings
  ADD COLUMN IF NOT EXISTS successful_retention interval NOT NULL DEFAULT '90 days' CHECK (successful_retention > interval '0'),
  ADD COLUMN IF NOT EXISTS failed_retention interval NOT NULL DEFAULT '30 days' CHECK (failed_retention > interval '0');

-- Old successes are found by idx_webhook_deliveries_created_at, at whose head they stand. Old failures stand among successes that have to stay.
CREATE INDEX IF NOT EXISTS webhook_deliveries_failed ON public.webhook_deliveries (created_at) WHERE status = 'failed';

-- Removes one batch: up to p_limit successful deliveries, failed ones, and events that are older than their age in the settings; attempts go with their
-- deliveries. Passes over what somebody holds, so that it waits for nobody. An event is kept as long as the longer of the two ages: its
-- deliveries may still be looked up by it.
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
  DELETE FROM public.webhook_deliveries d WHERE d.id IN (
    SELECT o.id FROM public.webhook_deliveries o WHERE o.status = 'success' AND o.created_at < now() - v_settings.successful_retention
    ORDER BY o.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS successful = ROW_COUNT;
  DELETE FROM public.webhook_deliveries d WHERE d.id IN (
    SELECT o.id FROM public.webhook_deliveries o WHERE o.status = 'failed' AND o.created_at < now() - v_settings.failed_retention
    ORDER BY o.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS failed = ROW_COUNT;
  DELETE FROM hookline.events e WHERE e.id IN (
    SELECT o.id FROM hookline.events o
    WHERE o.created_at < now() - greatest(v_settings.successful_retention, v_settings.failed_retention, v_settings.idempotency_window)
    ORDER BY o.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS events = ROW_COUNT;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION hookline.remove_expired(integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.remove_expired(integer) TO service_role;

-- What remove_expired would remove in all, now.
CREATE OR REPLACE FUNCTION hookline.count_expired()
RETURNS TABLE (successful bigint, failed bigint, events bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*) FROM public.webhook_deliveries d WHERE d.status = 'success' AND d.created_at < now() - s.successful_retention),
         (SELECT count(*) FROM public.webhook_deliveries d WHERE d.status = 'failed' AND d.created_at < now() - s.failed_retention),
         (SELECT count(*) FROM hookline.events e
          WHERE e.created_at < now() - greatest(s.successful_retention, s.failed_retention, s.idempotency_window))
  FROM hookline.settings s
$$;
REVOKE ALL ON FUNCTION hookline.count_expired() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.count_expired() TO service_role;
