-- As in 0007 and 0014, but in plpgsql, which keeps the plans of its statements: LANGUAGE sql plans anew at each call.
CREATE OR REPLACE FUNCTION hookline.wake_worker() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM hookline.workers w WHERE w.is_idle) THEN
    PERFORM pg_notify('hookline_due', '');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION hookline.fan_out(p_event_id uuid, p_event_type varchar, p_payload jsonb, p_user_id uuid)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH target AS MATERIALIZED (
    SELECT w.id, w.user_id, w.url, s.event_type, CASE WHEN w.retry_enabled THEN 1 + w.max_retries ELSE 1 END AS max_attempts
    FROM public.webhook_events e
    JOIN public.webhook_event_subscriptions s ON s.event_type = e.event_type
    JOIN public.webhooks w ON w.id = s.webhook_id
    WHERE e.event_type = p_event_type AND e.is_enabled AND s.is_active AND w.is_active
      AND (w.is_verified OR (SELECT n.verification <> 'required' OR w.unverified_since > now() - n.waiting_limit FROM hookline.settings n))
      AND (p_user_id IS NULL OR w.user_id = p_user_id)
      AND (s.filters IS NULL OR hookline.filter_matches(s.filters, p_payload))
    ORDER BY w.id FOR KEY SHARE OF w SKIP LOCKED
  )
  INSERT INTO public.webhook_deliveries AS d (webhook_id, user_id, event_id, event_type, request_url, request_payload, max_attempts)
  SELECT t.id, t.user_id, p_event_id, t.event_type, t.url, p_payload, t.max_attempts FROM target t
  RETURNING d.id, d.webhook_id, d.request_url;
END $$;

-- As in 0014, for the queue of 0023; what a breaker holds waits as long as what a pause holds.
CREATE OR REPLACE FUNCTION hookline.fail_waiting(p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_webhooks uuid[];
  v_failed integer;
BEGIN
  -- Webhooks first, as everywhere; one that somebody else holds is left for the next time.
  SELECT array_agg(l.id) INTO v_webhooks FROM (
    SELECT w.id FROM public.webhooks w CROSS JOIN hookline.settings s
    WHERE EXISTS (SELECT FROM hookline.queue q WHERE q.is_ready AND q.user_id = w.user_id AND q.webhook_id = w.id) AND (
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
