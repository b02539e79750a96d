-- The two ends of an attempt: leasing due deliveries, and recording what came of them.

-- Leases up to p_limit due deliveries in order of due time to p_worker (NULL: an outside caller). A lease outlasts the webhook's time-out by
-- p_margin. Passes over rows that another claim holds, and over p_excluded webhooks; puts off what belongs to an inactive or paused webhook.
CREATE OR REPLACE FUNCTION hookline.lease_due(
  p_worker uuid, p_limit integer, p_retries_only boolean, p_excluded uuid[], p_margin interval)
RETURNS TABLE (delivery_id uuid, lease_id uuid, lease_ends_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_lease_id CONSTANT uuid := gen_random_uuid();
  v_wanted integer := p_limit;
  v_found integer;
  v_leased integer;
  v_due uuid[];
BEGIN
  WHILE v_wanted > 0 LOOP
    SELECT array_agg(d.delivery_id) INTO v_due FROM (
      SELECT q.delivery_id FROM hookline.queue q
      WHERE q.due_at <= now() AND (q.is_retry OR NOT p_retries_only) AND q.webhook_id <> ALL (p_excluded)
      ORDER BY q.due_at LIMIT v_wanted FOR UPDATE SKIP LOCKED
    ) d;
    v_found := coalesce(cardinality(v_due), 0);
    EXIT WHEN v_found = 0;

    RETURN QUERY
    UPDATE hookline.queue q
    SET lease_id = v_lease_id, lease_worker = p_worker, due_at = now() + p_margin + make_interval(secs => w.timeout_seconds)
    FROM public.webhooks w
    WHERE q.delivery_id = ANY (v_due) AND w.id = q.webhook_id AND w.is_active AND coalesce(w.paused_until <= now(), true)
    RETURNING q.delivery_id, q.lease_id, q.due_at;
    GET DIAGNOSTICS v_leased = ROW_COUNT;

    IF v_leased < v_found THEN
      UPDATE hookline.queue q
      SET lease_id = NULL, lease_worker = NULL, due_at = greatest(w.paused_until, now() + interval '1 second')
        + CASE WHEN w.is_active THEN interval '0' ELSE interval '1 minute' END
      FROM public.webhooks w
      WHERE q.delivery_id = ANY (v_due) AND w.id = q.webhook_id AND NOT (w.is_active AND coalesce(w.paused_until <= now(), true));
    END IF;
    EXIT WHEN v_found < v_wanted;
    v_wanted := v_wanted - v_leased;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION hookline.lease_due(uuid, integer, boolean, uuid[], interval) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.lease_due(uuid, integer, boolean, uuid[], interval) TO service_role;

-- For an outside worker, which asks about once a minute: due retries, each leased to the caller for its time-out and a minute.
-- attempt_number is that of the attempts before the one that the caller now makes. It reports with complete_webhook_delivery.
CREATE OR REPLACE FUNCTION public.get_pending_webhook_retries(p_limit integer DEFAULT 100)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text, webhook_secret varchar(255), event_type varchar(100),
               request_payload jsonb, attempt_number integer, max_attempts integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'p_limit is %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'Ask for 1 to 1000 deliveries at a time.';
  END IF;
  RETURN QUERY
  SELECT d.id, w.id, w.url, w.secret, d.event_type, d.request_payload, d.attempt_number, d.max_attempts
  FROM hookline.lease_due(NULL, p_limit, true, '{}', interval '1 minute') l
  JOIN public.webhook_deliveries d ON d.id = l.delivery_id
  JOIN public.webhooks w ON w.id = d.webhook_id
  ORDER BY d.next_retry_at, d.id;
END $$;
REVOKE ALL ON FUNCTION public.get_pending_webhook_retries(integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.get_pending_webhook_retries(integer) TO service_role;

-- The wait before the next attempt: base · 2^(attempt-1), ±20 %, or what Retry-After asks for; at most 24 h (DESIGN, Retries).
CREATE OR REPLACE FUNCTION hookline.retry_delay(p_base_seconds integer, p_attempt integer, p_retry_after_seconds numeric)
RETURNS interval LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT make_interval(secs => least(86400, CASE
    WHEN p_retry_after_seconds > 0 THEN least(86400, p_retry_after_seconds)::double precision
    ELSE p_base_seconds * power(2, least(p_attempt, 30) - 1) * (0.8 + 0.4 * random()) END))
$$;
REVOKE ALL ON FUNCTION hookline.retry_delay(integer, integer, numeric) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.retry_delay(integer, integer, numeric) TO service_role;

-- Records results in one go. A result counts only under its lease; a late one joins the history, and one whose delivery is gone is dropped.
-- p_results: [{delivery_id, webhook_id, lease_id, attempt_number, attempted_at, request_url, request_headers, request_signature, response_status,
-- response_headers, response_body, response_time_ms, error_code, error_message, retry_after_seconds}]; an answer of the endpoint needs no error_code.
CREATE OR REPLACE FUNCTION hookline.record_attempts(p_results json)
RETURNS TABLE (delivery_id uuid, is_recorded boolean, status varchar, next_retry_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_disabled public.webhooks;
BEGIN
  -- The order of locks is webhooks by id, then the queue, then deliveries: the deletion of a webhook takes them in the same order.
  PERFORM FROM public.webhooks w WHERE w.id IN (SELECT r.webhook_id FROM json_to_recordset(p_results) r (webhook_id uuid))
  ORDER BY w.id FOR NO KEY UPDATE;

  RETURN QUERY
  WITH result AS MATERIALIZED (
    SELECT r.*, coalesce(r.response_status BETWEEN 200 AND 299 AND r.error_code IS NULL, false) AS ok
    FROM json_to_recordset(p_results) r (
      delivery_id uuid, lease_id uuid, attempt_number integer, attempted_at timestamptz, request_url text, request_headers jsonb,
      request_signature varchar, response_status integer, response_headers jsonb, response_body text, response_time_ms integer,
      error_code varchar, error_message text, retry_after_seconds numeric)
  ), held AS MATERIALIZED (
    SELECT q.delivery_id FROM hookline.queue q JOIN result r ON r.delivery_id = q.delivery_id AND r.lease_id = q.lease_id
    ORDER BY q.delivery_id FOR UPDATE OF q
  ), judged AS MATERIALIZED (
    SELECT r.delivery_id, d.attempt_number + 1 AS attempt_number, CASE
             WHEN r.ok THEN 'success'
             WHEN r.response_status = 410 OR d.attempt_number + 1 >= d.max_attempts THEN 'failed'
             ELSE 'retrying' END AS status,
           now() + hookline.retry_delay(w.retry_delay_seconds, d.attempt_number + 1, r.retry_after_seconds) AS retry_at
    FROM held h
    JOIN result r ON r.delivery_id = h.delivery_id
    JOIN public.webhook_deliveries d ON d.id = h.delivery_id
    JOIN public.webhooks w ON w.id = d.webhook_id
  ), recorded AS (
    UPDATE public.webhook_deliveries d SET
      status = j.status, attempt_number = j.attempt_number, attempted_at = r.attempted_at,
      request_url = r.request_url, request_headers = r.request_headers, request_signature = r.request_signature,
      response_status = r.response_status, response_headers = r.response_headers, response_body = r.response_body,
      response_time_ms = r.response_time_ms,
      error_code = CASE WHEN NOT r.ok THEN coalesce(r.error_code, CASE
        WHEN r.response_status IS NULL THEN 'no_response'
        WHEN r.response_status = 410 THEN 'http_gone'
        WHEN r.response_status = 429 THEN 'http_rate_limited'
        WHEN r.response_status BETWEEN 300 AND 399 THEN 'http_redirect'
        WHEN r.response_status BETWEEN 400 AND 499 THEN 'http_client_error'
        ELSE 'http_server_error' END) END,
      error_message = CASE WHEN NOT r.ok THEN coalesce(r.error_message, 'The endpoint answered ' || r.response_status || '.', 'No response came.') END,
      next_retry_at = CASE WHEN j.status = 'retrying' THEN j.retry_at END,
      delivered_at = CASE WHEN j.status = 'success' THEN now() END,
      failed_at = CASE WHEN j.status = 'failed' THEN now() END
    FROM judged j JOIN result r ON r.delivery_id = j.delivery_id
    WHERE d.id = j.delivery_id
    RETURNING d.id, d.status, d.next_retry_at
  ), late AS (
    INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url,
      request_headers, request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code, is_late)
    SELECT d.id, d.webhook_id, d.user_id, coalesce(r.attempt_number, d.attempt_number), r.attempted_at, r.request_url,
      r.request_headers, r.request_signature, r.response_status, r.response_headers, r.response_body, r.response_time_ms, r.error_message, r.error_code, true
    FROM result r JOIN public.webhook_deliveries d ON d.id = r.delivery_id
    WHERE NOT EXISTS (SELECT FROM held h WHERE h.delivery_id = r.delivery_id)
  )
  SELECT r.delivery_id, d.id IS NOT NULL, d.status, d.next_retry_at FROM result r LEFT JOIN recorded d ON d.id = r.delivery_id;

  -- What the answers mean for the whole webhook: failing since when, paused by Retry-After, gone for good.
  FOR v_disabled IN
    WITH told AS (
      SELECT w.id, bool_or(r.ok) AS any_ok, min(r.attempted_at) AS first_at, bool_or(r.response_status = 410) AS gone,
             max(r.retry_after_seconds) FILTER (WHERE r.response_status IN (429, 503)) AS pause
      FROM (
        SELECT a.webhook_id, a.attempted_at, a.response_status, a.retry_after_seconds,
               coalesce(a.response_status BETWEEN 200 AND 299 AND a.error_code IS NULL, false) AS ok
        FROM json_to_recordset(p_results) a (
          webhook_id uuid, attempted_at timestamptz, response_status integer, error_code varchar, retry_after_seconds numeric)
      ) r JOIN public.webhooks w ON w.id = r.webhook_id
      GROUP BY w.id
    ), judged AS (
      SELECT w.id, t.gone,
             CASE WHEN t.any_ok THEN NULL ELSE coalesce(w.failing_since, t.first_at) END AS failing_since,
             CASE WHEN t.pause > 0 THEN greatest(w.paused_until, now() + hookline.retry_delay(1, 1, t.pause)) ELSE w.paused_until END AS paused_until,
             w.is_active AND NOT t.any_ok AND w.failing_since < now() - (SELECT s.failing_limit FROM hookline.settings s) AS failing
      FROM told t JOIN public.webhooks w ON w.id = t.id
    ), changed AS (
      UPDATE public.webhooks w SET failing_since = j.failing_since, paused_until = j.paused_until
      FROM judged j
      WHERE w.id = j.id AND NOT coalesce(j.gone OR j.failing, false)
        AND (w.failing_since, w.paused_until) IS DISTINCT FROM (j.failing_since, j.paused_until)
    )
    UPDATE public.webhooks w SET is_active = false, failing_since = j.failing_since, disabled_reason = CASE WHEN j.gone THEN 'gone' ELSE 'failing' END
    FROM judged j
    WHERE w.id = j.id AND w.is_active AND (j.gone OR j.failing)
    RETURNING w.*
  LOOP
    CONTINUE WHEN NOT EXISTS (SELECT FROM public.webhook_events e WHERE e.event_type = 'webhook.disabled');
    PERFORM hookline.trigger_event('webhook.disabled', jsonb_build_object(
      'webhook_id', v_disabled.id, 'name', v_disabled.name, 'url', v_disabled.url, 'reason', v_disabled.disabled_reason,
      'disabled_at', v_disabled.inactive_since), v_disabled.user_id);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION hookline.record_attempts(json) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.record_attempts(json) TO service_role;

-- How an outside worker reports what came of a delivery that get_pending_webhook_retries gave it. Retries, counters and deactivation follow as
-- for our own worker. recorded is false when the delivery is not leased to an outside caller any more: the result then joins the history.
-- The specified shape of get_pending_webhook_retries has no room for a lease id: of two outside callers that held the same delivery one after
-- the other, the first to report is recorded.
CREATE OR REPLACE FUNCTION public.complete_webhook_delivery(
  p_delivery_id uuid, p_response_status integer DEFAULT NULL, p_response_headers jsonb DEFAULT NULL, p_response_body text DEFAULT NULL,
  p_response_time_ms integer DEFAULT NULL, p_error_message text DEFAULT NULL, p_error_code varchar(50) DEFAULT NULL,
  p_request_headers jsonb DEFAULT NULL, p_request_signature varchar(255) DEFAULT NULL, p_retry_after_seconds integer DEFAULT NULL)
RETURNS TABLE (recorded boolean, status varchar(20), attempt_number integer, next_retry_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_recorded boolean;
BEGIN
  IF p_response_status NOT BETWEEN 100 AND 999 OR p_response_time_ms < 0 THEN
    RAISE EXCEPTION 'p_response_status or p_response_time_ms is out of range'
      USING ERRCODE = 'HK008', HINT = 'A status has three digits; a time is in milliseconds, 0 or more.';
  END IF;
  SELECT coalesce(bool_or(r.is_recorded), false) INTO v_recorded
  FROM hookline.record_attempts((
    SELECT coalesce(json_agg(json_build_object(
      'delivery_id', d.id, 'webhook_id', d.webhook_id, 'lease_id', q.lease_id, 'attempt_number', d.attempt_number + 1,
      'attempted_at', now() - make_interval(secs => coalesce(p_response_time_ms, 0) / 1000.0), 'request_url', w.url,
      'request_headers', p_request_headers, 'request_signature', p_request_signature, 'response_status', p_response_status,
      'response_headers', p_response_headers, 'response_body', p_response_body, 'response_time_ms', p_response_time_ms,
      'error_code', p_error_code, 'error_message', p_error_message, 'retry_after_seconds', p_retry_after_seconds)), '[]')
    FROM public.webhook_deliveries d
    JOIN public.webhooks w ON w.id = d.webhook_id
    LEFT JOIN hookline.queue q ON q.delivery_id = d.id AND q.lease_worker IS NULL
    WHERE d.id = p_delivery_id)) r;
  RETURN QUERY
  SELECT v_recorded, d.status, d.attempt_number, d.next_retry_at
  FROM (VALUES (p_delivery_id)) asked (id) LEFT JOIN public.webhook_deliveries d ON d.id = asked.id;
END $$;
REVOKE ALL ON FUNCTION public.complete_webhook_delivery(uuid, integer, jsonb, text, integer, text, varchar, jsonb, varchar, integer)
  FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.complete_webhook_delivery(uuid, integer, jsonb, text, integer, text, varchar, jsonb, varchar, integer) TO service_role;

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

-- Fails up to p_limit deliveries that have waited longer than settings.waiting_limit for an inactive or paused webhook. Gives how many.
CREATE OR REPLACE FUNCTION hookline.fail_waiting(p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_failed integer;
BEGIN
  UPDATE public.webhook_deliveries d SET
    status = 'failed', failed_at = now(), next_retry_at = NULL, error_code = o.code,
    error_message = CASE o.code WHEN 'webhook_inactive' THEN 'The webhook was inactive for too long.' ELSE 'The webhook was paused for too long.' END
  FROM (
    SELECT q.delivery_id, CASE WHEN w.is_active THEN 'expired' ELSE 'webhook_inactive' END AS code
    FROM hookline.queue q
    JOIN public.webhooks w ON w.id = q.webhook_id
    JOIN public.webhook_deliveries d ON d.id = q.delivery_id
    CROSS JOIN hookline.settings s
    WHERE q.lease_id IS NULL AND (NOT w.is_active OR w.paused_until > now())
      AND greatest(d.created_at, d.next_retry_at, CASE WHEN NOT w.is_active THEN w.inactive_since END) < now() - s.waiting_limit
    LIMIT p_limit FOR UPDATE OF q SKIP LOCKED
  ) o
  WHERE d.id = o.delivery_id;
  GET DIAGNOSTICS v_failed = ROW_COUNT;
  RETURN v_failed;
END $$;
REVOKE ALL ON FUNCTION hookline.fail_waiting(integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.fail_waiting(integer) TO service_role;
