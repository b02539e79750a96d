-- The functions that a user calls (spec/outbound-webhooks.md, Functions). create, subscribe and unsubscribe run with the caller's own rights,
-- so that Row Level Security decides; the other two reach into what users may not touch and check the owner themselves.

CREATE OR REPLACE FUNCTION public.create_webhook(
  p_name varchar(255), p_url text, p_description text DEFAULT NULL, p_event_types text[] DEFAULT '{}',
  p_retry_enabled boolean DEFAULT true, p_max_retries integer DEFAULT 3, p_timeout_seconds integer DEFAULT 30)
RETURNS TABLE (webhook_id uuid, webhook_secret varchar(255), subscribed_events jsonb) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_constraint text;
BEGIN
  IF auth.uid() IS NULL THEN
    RAISE EXCEPTION 'no user is signed in' USING ERRCODE = 'HK003', HINT = 'Set request.jwt.claims to claims with a sub, the user''s id.';
  END IF;
  IF p_url !~ '^https?://' OR p_url IS NULL THEN
    RAISE EXCEPTION 'the URL of a webhook must start with http:// or https://'
      USING ERRCODE = 'HK011', CONSTRAINT = 'valid_url', HINT = 'Example: https://api.example.com/webhooks/video';
  END IF;
  BEGIN
    INSERT INTO public.webhooks (user_id, name, url, description, retry_enabled, max_retries, timeout_seconds)
    VALUES (auth.uid(), p_name, p_url, p_description, coalesce(p_retry_enabled, true), coalesce(p_max_retries, 3), coalesce(p_timeout_seconds, 30))
    RETURNING id, secret INTO webhook_id, webhook_secret;
  EXCEPTION
    WHEN foreign_key_violation THEN
      RAISE EXCEPTION 'the signed-in user is not in auth.users'
        USING ERRCODE = 'HK010', HINT = 'The service adds users: INSERT INTO auth.users (id) VALUES (''…'').';
    WHEN check_violation OR not_null_violation OR string_data_right_truncation THEN
      GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
      RAISE EXCEPTION '%', SQLERRM USING ERRCODE = SQLSTATE, CONSTRAINT = v_constraint, HINT =
        'p_name has 1 to 255 characters, p_url at most 8192 bytes, p_max_retries is 0 to 10, p_timeout_seconds 1 to 300.';
  END;
  subscribed_events := '[]';
  IF cardinality(p_event_types) > 0 THEN
    SELECT s.subscribed_events INTO subscribed_events FROM public.subscribe_webhook_events(webhook_id, p_event_types) s;
  END IF;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION public.create_webhook(varchar, text, text, text[], boolean, integer, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.create_webhook(varchar, text, text, text[], boolean, integer, integer) TO authenticated, service_role;

-- Subscribes; what is subscribed already becomes active again and keeps its filter. Counts and gives the event types of this call.
CREATE OR REPLACE FUNCTION public.subscribe_webhook_events(p_webhook_id uuid, p_event_types text[])
RETURNS TABLE (subscribed_count integer, subscribed_events jsonb) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_types text[];
BEGIN
  -- Locked, so that the webhook cannot be deleted between this look and the insert; under Row Level Security a stranger's is not there.
  PERFORM FROM public.webhooks w WHERE w.id = p_webhook_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  SELECT coalesce(array_agg(DISTINCT t ORDER BY t), '{}') INTO v_types FROM unnest(p_event_types) t;
  INSERT INTO public.webhook_event_subscriptions AS s (webhook_id, event_type)
  SELECT p_webhook_id, t FROM unnest(v_types) t
  ON CONFLICT (webhook_id, event_type) DO UPDATE SET is_active = true WHERE NOT s.is_active;
  RETURN QUERY SELECT cardinality(v_types), to_jsonb(v_types);
END $$;
REVOKE ALL ON FUNCTION public.subscribe_webhook_events(uuid, text[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.subscribe_webhook_events(uuid, text[]) TO authenticated, service_role;

CREATE OR REPLACE FUNCTION public.unsubscribe_webhook_events(p_webhook_id uuid, p_event_types text[])
RETURNS TABLE (unsubscribed_count integer) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count integer;
BEGIN
  IF NOT EXISTS (SELECT FROM public.webhooks w WHERE w.id = p_webhook_id) THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  DELETE FROM public.webhook_event_subscriptions s WHERE s.webhook_id = p_webhook_id AND s.event_type = ANY (p_event_types);
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN QUERY SELECT v_count;
END $$;
REVOKE ALL ON FUNCTION public.unsubscribe_webhook_events(uuid, text[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.unsubscribe_webhook_events(uuid, text[]) TO authenticated, service_role;

-- From the roll-up: a delivery counts on the UTC day on which it ended; the last p_days days include today.
CREATE OR REPLACE FUNCTION public.get_webhook_statistics(p_webhook_id uuid, p_days integer DEFAULT 30)
RETURNS TABLE (total_deliveries bigint, successful_deliveries bigint, failed_deliveries bigint, success_rate numeric,
               avg_response_time_ms numeric, deliveries_by_day jsonb, deliveries_by_event_type jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.webhooks w WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service())) THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  IF p_days IS NULL OR p_days NOT BETWEEN 1 AND 3660 THEN
    RAISE EXCEPTION 'p_days is %', coalesce(p_days::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'Ask for 1 to 3660 days.';
  END IF;
  RETURN QUERY
  WITH entry AS MATERIALIZED (
    SELECT s.day, s.event_type, s.successful, s.failed, s.successful + s.failed AS ended, s.responses, s.response_time_ms
    FROM hookline.statistics_daily s
    WHERE s.webhook_id = p_webhook_id AND s.day > (now() AT TIME ZONE 'UTC')::date - p_days
  )
  SELECT coalesce(sum(e.ended), 0)::bigint, coalesce(sum(e.successful), 0)::bigint, coalesce(sum(e.failed), 0)::bigint,
         round(100 * sum(e.successful) / nullif(sum(e.ended), 0), 2),
         round(sum(e.response_time_ms) / nullif(sum(e.responses), 0), 2),
         (SELECT coalesce(jsonb_object_agg(d.day, d.ended), '{}') FROM
           (SELECT x.day, sum(x.ended) AS ended FROM entry x GROUP BY x.day HAVING sum(x.ended) <> 0) d),
         (SELECT coalesce(jsonb_object_agg(t.event_type, t.ended), '{}') FROM
           (SELECT x.event_type, sum(x.ended) AS ended FROM entry x GROUP BY x.event_type HAVING sum(x.ended) <> 0) t)
  FROM entry e;
END $$;
REVOKE ALL ON FUNCTION public.get_webhook_statistics(uuid, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.get_webhook_statistics(uuid, integer) TO authenticated, service_role;

-- One more attempt for a failed delivery, due now. One and the same answer for anything else, so that a stranger learns nothing.
CREATE OR REPLACE FUNCTION public.retry_failed_delivery(p_delivery_id uuid)
RETURNS TABLE (success boolean, message text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The webhook first, as everywhere, since the counters' trigger comes back to it.
  PERFORM FROM public.webhooks w
  WHERE w.id = (SELECT d.webhook_id FROM public.webhook_deliveries d
                WHERE d.id = p_delivery_id AND d.status = 'failed' AND (d.user_id = auth.uid() OR hookline.is_service()))
  FOR NO KEY UPDATE;
  UPDATE public.webhook_deliveries d
  SET status = 'retrying', next_retry_at = now(), max_attempts = d.max_attempts + 1, failed_at = NULL
  WHERE d.id = p_delivery_id AND d.status = 'failed' AND (d.user_id = auth.uid() OR hookline.is_service());
  success := FOUND;
  message := CASE WHEN FOUND THEN 'The delivery will be tried again now.' ELSE 'There is no failed delivery with this id.' END;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION public.retry_failed_delivery(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.retry_failed_delivery(uuid) TO authenticated, service_role;
