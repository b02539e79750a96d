-- From an event to its deliveries: trigger_webhook_event (spec/outbound-webhooks.md, Functions) and, beside it, hookline.trigger_event.

-- Refuses what cannot be an event's payload: none, or more than 256 KiB of compact JSON.
CREATE OR REPLACE FUNCTION hookline.check_payload(p_payload jsonb) RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_limit CONSTANT integer := 262144;
  v_size integer := octet_length(p_payload::text);
BEGIN
  IF p_payload IS NULL THEN
    RAISE EXCEPTION 'the payload is missing' USING ERRCODE = 'HK005', HINT = 'Give JSON as payload, an object as a rule.';
  END IF;
  -- PostgreSQL writes a space after each ":" and ",", which the body sent does not have; they are taken out only where it matters.
  IF v_size > v_limit THEN
    v_size := octet_length(regexp_replace(p_payload::text, '("(?:[^"\\]|\\.)*")|([:,]) ', '\1\2', 'g'));
  END IF;
  IF v_size > v_limit THEN
    RAISE EXCEPTION 'the payload has % bytes; % are allowed', v_size, v_limit
      USING ERRCODE = 'HK004', HINT = 'Store large content elsewhere and put its URL into the payload.';
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.check_payload(jsonb) FROM PUBLIC, anon, authenticated, service_role;

-- Makes the deliveries of one event in one statement. A disabled event type reaches nobody. The webhooks are locked as the foreign key will
-- lock them, so that one whose deletion commits meanwhile is passed over and does not fail the caller's transaction.
CREATE OR REPLACE FUNCTION hookline.fan_out(p_event_id uuid, p_event_type varchar, p_payload jsonb, p_user_id uuid)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text) LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  WITH target AS MATERIALIZED (
    SELECT w.id, w.user_id, w.url, s.event_type, CASE WHEN w.retry_enabled THEN 1 + w.max_retries ELSE 1 END AS max_attempts
    FROM public.webhook_events e
    JOIN public.webhook_event_subscriptions s ON s.event_type = e.event_type
    JOIN public.webhooks w ON w.id = s.webhook_id
    WHERE e.event_type = p_event_type AND e.is_enabled AND s.is_active AND w.is_active
      AND (p_user_id IS NULL OR w.user_id = p_user_id)
      AND (s.filters IS NULL OR hookline.filter_matches(s.filters, p_payload))
    ORDER BY w.id FOR KEY SHARE OF w
  )
  INSERT INTO public.webhook_deliveries (webhook_id, user_id, event_id, event_type, request_url, request_payload, max_attempts)
  SELECT t.id, t.user_id, p_event_id, t.event_type, t.url, p_payload, t.max_attempts FROM target t
  RETURNING id, webhook_id, request_url
$$;
REVOKE ALL ON FUNCTION hookline.fan_out(uuid, varchar, jsonb, uuid) FROM PUBLIC, anon, authenticated, service_role;

-- Raises HK001 when the event type is not registered; a disabled one is.
CREATE OR REPLACE FUNCTION hookline.check_event_type(p_event_type varchar) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.webhook_events e WHERE e.event_type = p_event_type) THEN
    PERFORM hookline.raise_unknown_event_types(ARRAY[p_event_type::text]);
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.check_event_type(varchar) FROM PUBLIC, anon, authenticated, service_role;

CREATE OR REPLACE FUNCTION public.trigger_webhook_event(p_event_type varchar(100), p_payload jsonb, p_user_id uuid DEFAULT NULL)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_event_id CONSTANT uuid := gen_random_uuid();
  v_matched integer;
BEGIN
  PERFORM hookline.check_event_type(p_event_type);
  PERFORM hookline.check_payload(p_payload);
  RETURN QUERY SELECT f.delivery_id, f.webhook_id, f.webhook_url FROM hookline.fan_out(v_event_id, p_event_type, p_payload, p_user_id) f;
  GET DIAGNOSTICS v_matched = ROW_COUNT;
  INSERT INTO hookline.events (id, event_type, payload, user_id, matched) VALUES (v_event_id, p_event_type, p_payload, p_user_id, v_matched);
END $$;
REVOKE ALL ON FUNCTION public.trigger_webhook_event(varchar, jsonb, uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.trigger_webhook_event(varchar, jsonb, uuid) TO service_role;

-- The same with an idempotency key: within settings.idempotency_window the same key gives the first event's answer (is_duplicate), or
-- HK009 when type, payload or user differ. deliveries: [{"id", "webhook_id", "url"}].
CREATE OR REPLACE FUNCTION hookline.trigger_event(
  p_event_type varchar, p_payload jsonb, p_user_id uuid DEFAULT NULL, p_idempotency_key text DEFAULT NULL)
RETURNS TABLE (event_id uuid, is_duplicate boolean, matched integer, deliveries jsonb) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_event hookline.events;
BEGIN
  PERFORM hookline.check_event_type(p_event_type);
  PERFORM hookline.check_payload(p_payload);
  IF char_length(p_idempotency_key) NOT BETWEEN 1 AND 255 THEN
    RAISE EXCEPTION 'an idempotency key has 1 to 255 characters' USING ERRCODE = 'HK008', HINT = 'A UUID or the id of your own record is a good key.';
  END IF;
  is_duplicate := false;

  -- An insert that meets the key of a transaction still open waits for its end.
  LOOP
    INSERT INTO hookline.events AS e (event_type, payload, user_id, idempotency_key)
    VALUES (p_event_type, p_payload, p_user_id, p_idempotency_key)
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING * INTO v_event;
    EXIT WHEN FOUND;
    UPDATE hookline.events e SET idempotency_key = NULL
    WHERE e.idempotency_key = p_idempotency_key AND e.created_at < now() - (SELECT s.idempotency_window FROM hookline.settings s);
    CONTINUE WHEN FOUND;
    SELECT * INTO v_event FROM hookline.events e WHERE e.idempotency_key = p_idempotency_key;
    is_duplicate := FOUND;
    EXIT WHEN FOUND;
  END LOOP;

  IF is_duplicate THEN
    IF (v_event.event_type, v_event.payload, v_event.user_id) IS DISTINCT FROM (p_event_type, p_payload, p_user_id) THEN
      RAISE EXCEPTION 'the idempotency key was used with another event type, payload or user'
        USING ERRCODE = 'HK009', HINT = 'Use a new key for a new event; the same key is for sending the same event again.';
    END IF;
    -- The deliveries of an event were made in its transaction and bear its time, which has an index.
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'webhook_id', d.webhook_id, 'url', d.request_url)), '[]') INTO deliveries
    FROM public.webhook_deliveries d WHERE d.created_at = v_event.created_at AND d.event_id = v_event.id;
  ELSE
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.delivery_id, 'webhook_id', f.webhook_id, 'url', f.webhook_url)), '[]') INTO deliveries
    FROM hookline.fan_out(v_event.id, p_event_type, p_payload, p_user_id) f;
    v_event.matched := jsonb_array_length(deliveries);
    UPDATE hookline.events e SET matched = v_event.matched WHERE e.id = v_event.id AND v_event.matched > 0;
  END IF;
  event_id := v_event.id;
  matched := v_event.matched;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION hookline.trigger_event(varchar, jsonb, uuid, text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.trigger_event(varchar, jsonb, uuid, text) TO service_role;
