-- Recording what came of deliveries: results of attempts, and of waiting too long.

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
-- Without p_wait a result whose webhook somebody else has locked is left, with is_recorded NULL: one open transaction must not hold up all.
-- p_results: [{delivery_id, webhook_id, lease_id, attempt_number, attempted_at, request_url, request_headers, request_signature, response_status,
-- response_headers, response_body, response_time_ms, error_code, error_message, retry_after_seconds}]; an answer of the endpoint needs no error_code.
CREATE OR REPLACE FUNCTION hookline.record_attempts(p_results json, p_wait boolean)
RETURNS TABLE (delivery_id uuid, lease_id uuid, is_recorded boolean, status varchar, next_retry_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_asked uuid[];
  v_held_up uuid[] := '{}';
  v_disabled public.webhooks;
BEGIN
  -- The order of locks is webhooks by id, then the queue, then deliveries: the deletion of a webhook takes them in the same order.
  SELECT array_agg(DISTINCT r.webhook_id) INTO v_asked FROM json_to_recordset(p_results) r (webhook_id uuid);
  IF p_wait THEN
    PERFORM FROM public.webhooks w WHERE w.id = ANY (v_asked) ORDER BY w.id FOR NO KEY UPDATE;
  ELSE
    WITH locked AS MATERIALIZED (
      SELECT w.id FROM public.webhooks w WHERE w.id = ANY (v_asked) ORDER BY w.id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT coalesce(array_agg(w.id), '{}') INTO v_held_up FROM public.webhooks w
    WHERE w.id = ANY (v_asked) AND NOT EXISTS (SELECT FROM locked l WHERE l.id = w.id);
  END IF;

  RETURN QUERY
  WITH result AS MATERIALIZED (
    SELECT r.*, coalesce(r.response_status BETWEEN 200 AND 299 AND r.error_code IS NULL, false) AS ok,
           r.webhook_id = ANY (v_held_up) AS is_held_up
    FROM json_to_recordset(p_results) r (
      delivery_id uuid, webhook_id uuid, lease_id uuid, attempt_number integer, attempted_at timestamptz, request_url text,
      request_headers jsonb, request_signature varchar, response_status integer, response_headers jsonb, response_body text,
      response_time_ms integer, error_code varchar, error_message text, retry_after_seconds numeric)
  ), held AS MATERIALIZED (
    SELECT q.delivery_id, q.lease_id FROM hookline.queue q JOIN result r ON r.delivery_id = q.delivery_id AND r.lease_id = q.lease_id
    WHERE NOT r.is_held_up ORDER BY q.delivery_id FOR UPDATE OF q
  ), judged AS MATERIALIZED (
    SELECT r.delivery_id, r.lease_id, d.attempt_number + 1 AS attempt_number, CASE
             WHEN r.ok THEN 'success'
             WHEN r.response_status = 410 OR d.attempt_number + 1 >= d.max_attempts THEN 'failed'
             ELSE 'retrying' END AS status,
           w.retry_delay_seconds
    FROM held h
    JOIN result r ON r.delivery_id = h.delivery_id AND r.lease_id = h.lease_id
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
      next_retry_at = CASE WHEN j.status = 'retrying'
        THEN now() + hookline.retry_delay(j.retry_delay_seconds, j.attempt_number, r.retry_after_seconds) END,
      delivered_at = CASE WHEN j.status = 'success' THEN now() END,
      failed_at = CASE WHEN j.status = 'failed' THEN now() END
    FROM judged j JOIN result r ON r.delivery_id = j.delivery_id AND r.lease_id = j.lease_id
    WHERE d.id = j.delivery_id
    RETURNING d.id, r.lease_id, d.status, d.next_retry_at
  ), late AS (
    INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url,
      request_headers, request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code, is_late)
    SELECT d.id, d.webhook_id, d.user_id, coalesce(r.attempt_number, d.attempt_number), r.attempted_at, r.request_url,
      r.request_headers, r.request_signature, r.response_status, r.response_headers, r.response_body, r.response_time_ms, r.error_message, r.error_code, true
    FROM result r JOIN public.webhook_deliveries d ON d.id = r.delivery_id
    -- NOT IN is hashed; NOT EXISTS became a nested loop over all pairs, 16 ms for a batch of 500. It needs a value where there was no lease.
    WHERE NOT r.is_held_up AND (r.delivery_id, coalesce(r.lease_id, r.delivery_id)) NOT IN (SELECT h.delivery_id, h.lease_id FROM held h)
  )
  SELECT r.delivery_id, r.lease_id, CASE WHEN NOT r.is_held_up THEN d.id IS NOT NULL END, d.status, d.next_retry_at
  FROM result r LEFT JOIN recorded d ON d.id = r.delivery_id AND d.lease_id = r.lease_id;

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
      WHERE w.id <> ALL (v_held_up)
      GROUP BY w.id
    ), judged AS (
      SELECT w.id, t.gone,
             CASE WHEN t.any_ok THEN NULL ELSE coalesce(w.failing_since, t.first_at) END AS failing_since,
             CASE WHEN t.pause > 0 THEN greatest(w.paused_until, now() + hookline.retry_delay(1, 1, t.pause)) ELSE w.paused_until END AS paused_until,
             CASE WHEN t.pause > 0 AND coalesce(w.paused_until <= now(), true) THEN now() ELSE w.paused_since END AS paused_since,
             w.is_active AND NOT t.any_ok AND w.failing_since < now() - (SELECT s.failing_limit FROM hookline.settings s) AS failing
      FROM told t JOIN public.webhooks w ON w.id = t.id
    ), changed AS (
      UPDATE public.webhooks w SET failing_since = j.failing_since, paused_since = j.paused_since, paused_until = j.paused_until
      FROM judged j
      WHERE w.id = j.id AND NOT coalesce(j.gone OR j.failing, false)
        AND (w.failing_since, w.paused_until) IS DISTINCT FROM (j.failing_since, j.paused_until)
    )
    UPDATE public.webhooks w SET is_active = false, failing_since = j.failing_since, disabled_reason = CASE WHEN j.gone THEN 'gone' ELSE 'failing' END
    FROM judged j
    WHERE w.id = j.id AND w.is_active AND (j.gone OR j.failing)
    RETURNING w.*
  LOOP
    -- A notice that cannot be made must not undo the record: no result after it would ever get in.
    BEGIN
      PERFORM hookline.trigger_event('webhook.disabled', jsonb_build_object(
        'webhook_id', v_disabled.id, 'name', v_disabled.name, 'url', v_disabled.url, 'reason', v_disabled.disabled_reason,
        'disabled_at', v_disabled.inactive_since), v_disabled.user_id);
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE ~ '^(08|40|53|55|57|58)' THEN
        RAISE;
      END IF;
      RAISE WARNING 'webhook.disabled not triggered: %', SQLERRM;
    END;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION hookline.record_attempts(json, boolean) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.record_attempts(json, boolean) TO service_role;

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
    WHERE d.id = p_delivery_id), true) r;
  RETURN QUERY
  SELECT v_recorded, d.status, d.attempt_number, d.next_retry_at
  FROM (VALUES (p_delivery_id)) asked (id) LEFT JOIN public.webhook_deliveries d ON d.id = asked.id;
END $$;
REVOKE ALL ON FUNCTION public.complete_webhook_delivery(uuid, integer, jsonb, text, integer, text, varchar, jsonb, varchar, integer)
  FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.complete_webhook_delivery(uuid, integer, jsonb, text, integer, text, varchar, jsonb, varchar, integer) TO service_role;

-- Fails up to p_limit deliveries that have waited longer than settings.waiting_limit for an inactive or paused webhook. Gives how many.
CREATE OR REPLACE FUNCTION hookline.fail_waiting(p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_webhooks uuid[];
  v_failed integer;
BEGIN
  -- Webhooks first, as everywhere; one that somebody else holds is left for the next time.
  SELECT array_agg(l.id) INTO v_webhooks FROM (
    SELECT w.id FROM public.webhooks w CROSS JOIN hookline.settings s
    WHERE (NOT w.is_active AND coalesce(w.inactive_since, w.created_at) < now() - s.waiting_limit)
       OR (w.is_active AND w.paused_until > now() AND w.paused_since < now() - s.waiting_limit)
    ORDER BY w.id FOR NO KEY UPDATE OF w SKIP LOCKED
  ) l;
  UPDATE public.webhook_deliveries d SET
    status = 'failed', failed_at = now(), next_retry_at = NULL, error_code = o.code,
    error_message = CASE o.code WHEN 'webhook_inactive' THEN 'The webhook was inactive for too long.' ELSE 'The webhook was paused for too long.' END
  FROM (
    SELECT q.delivery_id, CASE WHEN w.is_active THEN 'expired' ELSE 'webhook_inactive' END AS code
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
REVOKE ALL ON FUNCTION hookline.fail_waiting(integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.fail_waiting(integer) TO service_role;
