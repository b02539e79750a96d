-- Recording results in fewer steps. record_attempts read its JSON three times, and left the queue, the history and the counters to a
-- trigger that joined the changed rows anew for each. Now results come as arrays, and one statement takes the lease, the delivery and the queue on.

-- What came of one result. ended_at is NULL where the delivery has not ended, or nothing was recorded.
DO $$
BEGIN
  IF to_regtype('hookline.recorded') IS NULL THEN
    CREATE TYPE hookline.recorded AS (
      delivery_id uuid, lease_id uuid, is_recorded boolean, status varchar(20), next_retry_at timestamptz,
      webhook_id uuid, event_type varchar(100), ended_at timestamptz, ok boolean, response_time_ms integer);
  END IF;
END $$;

-- Follows what the answers of a batch mean for their webhooks: failing since when, paused by Retry-After, its breaker open, gone for good. The caller
-- holds the webhooks' locks. The arrays are parallel, in the order in which the answers came.
CREATE OR REPLACE FUNCTION hookline.follow_answers(
  p_webhooks uuid[], p_ok boolean[], p_attempted_at timestamptz[], p_statuses integer[], p_retry_after numeric[])
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_disabled public.webhooks;
BEGIN
  FOR v_disabled IN
    WITH told AS (
      SELECT a.webhook_id AS id, bool_or(a.ok) AS any_ok, min(a.attempted_at) AS first_at, bool_or(a.response_status = 410) AS gone,
             max(a.retry_after) FILTER (WHERE a.response_status IN (429, 503)) AS pause,
             -- Failures after the last success of the batch.
             count(*) FILTER (WHERE NOT a.ok AND a.nth > a.last_ok) AS failures
      FROM (
        SELECT u.*, coalesce(max(u.nth) FILTER (WHERE u.ok) OVER (PARTITION BY u.webhook_id), 0) AS last_ok
        FROM unnest(p_webhooks, p_ok, p_attempted_at, p_statuses, p_retry_after) WITH ORDINALITY u (webhook_id, ok, attempted_at, response_status, retry_after, nth)
      ) a GROUP BY a.webhook_id
    ), judged AS (
      SELECT w.id, t.gone,
             CASE WHEN t.any_ok THEN t.failures ELSE w.consecutive_failures + t.failures END::integer AS consecutive_failures,
             CASE WHEN t.any_ok THEN NULL ELSE coalesce(w.failing_since, t.first_at) END AS failing_since,
             CASE WHEN t.pause > 0 THEN greatest(w.paused_until, now() + hookline.retry_delay(1, 1, t.pause)) ELSE w.paused_until END AS paused_until,
             CASE WHEN t.pause > 0 AND coalesce(w.paused_until <= now(), true) THEN now() ELSE w.paused_since END AS paused_since,
             w.is_active AND NOT t.any_ok AND w.failing_since < now() - s.failing_limit AS failing,
             -- Answers of calls that began before the breaker opened do not count as probes.
             CASE WHEN t.any_ok THEN 0 WHEN w.breaker_since IS NOT NULL AND w.breaker_until <= now() THEN w.breaker_probes + 1 ELSE w.breaker_probes END AS probes,
             t.any_ok, s.breaker_failures, s.breaker_pause, s.breaker_longest_pause
      FROM told t JOIN public.webhooks w ON w.id = t.id CROSS JOIN hookline.settings s
    ), broken AS (
      SELECT j.*, NOT j.any_ok AND j.consecutive_failures >= j.breaker_failures AS is_open,
             least(j.breaker_longest_pause, j.breaker_pause * power(2, least(j.probes, 20))) * (0.8 + 0.4 * random()) AS breaker_wait
      FROM judged j
    ), changed AS (
      UPDATE public.webhooks w SET
        failing_since = b.failing_since, paused_since = b.paused_since, paused_until = b.paused_until, consecutive_failures = b.consecutive_failures,
        breaker_since = CASE WHEN b.is_open THEN coalesce(w.breaker_since, now()) END,
        breaker_until = CASE WHEN b.is_open THEN CASE WHEN w.breaker_until > now() THEN w.breaker_until ELSE now() + b.breaker_wait END END,
        breaker_probes = b.probes
      FROM broken b
      WHERE w.id = b.id AND NOT coalesce(b.gone OR b.failing, false)
        AND (w.failing_since, w.paused_until, w.consecutive_failures, w.breaker_since IS NOT NULL)
          IS DISTINCT FROM (b.failing_since, b.paused_until, b.consecutive_failures, b.is_open)
    )
    UPDATE public.webhooks w SET is_active = false, failing_since = b.failing_since, disabled_reason = CASE WHEN b.gone THEN 'gone' ELSE 'failing' END
    FROM broken b
    WHERE w.id = b.id AND w.is_active AND (b.gone OR b.failing)
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
REVOKE ALL ON FUNCTION hookline.follow_answers(uuid[], boolean[], timestamptz[], integer[], numeric[]) FROM PUBLIC, anon, authenticated, service_role;

-- Records results in one go; the arrays are parallel. A result counts only under its lease; a late one joins the history, and one whose delivery is gone
-- is dropped. A result that is there already, since its writer never heard of the commit, is told again. Without p_wait a result whose webhook somebody else has locked is left, with is_recorded NULL: one open transaction must not hold up all.
-- p_urls: NULL where the call went to the delivery's request_url. is_stopped: whether its webhook may not be called now (410, Retry-After, breaker).
CREATE OR REPLACE FUNCTION hookline.record_results(
  p_deliveries uuid[], p_webhooks uuid[], p_leases uuid[], p_attempts integer[], p_attempted_at timestamptz[], p_urls text[],
  p_request_headers text[], p_signatures text[], p_statuses integer[], p_response_headers text[], p_bodies text[], p_times integer[],
  p_codes text[], p_messages text[], p_retry_after numeric[], p_wait boolean)
RETURNS TABLE (delivery_id uuid, lease_id uuid, is_recorded boolean, status varchar, next_retry_at timestamptz, is_stopped boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
-- By its indexes, as in lease_due.
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
  v_held_up uuid[] := '{}';
  v_recorded hookline.recorded[];
  v_ended hookline.ended[];
BEGIN
  -- The order of locks is webhooks by id, then the queue, then deliveries: the deletion of a webhook takes them in the same order.
  IF p_wait THEN
    PERFORM FROM public.webhooks w WHERE w.id = ANY (ARRAY(SELECT DISTINCT unnest(p_webhooks))) ORDER BY w.id FOR NO KEY UPDATE;
  ELSE
    WITH asked AS MATERIALIZED (
      SELECT DISTINCT u.id FROM unnest(p_webhooks) u (id)
    ), locked AS MATERIALIZED (
      SELECT w.id FROM public.webhooks w WHERE w.id IN (SELECT a.id FROM asked a) ORDER BY w.id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT coalesce(array_agg(w.id), '{}') INTO v_held_up FROM public.webhooks w
    WHERE w.id IN (SELECT a.id FROM asked a) AND w.id NOT IN (SELECT l.id FROM locked l);
  END IF;

  PERFORM set_config('hookline.recording', 'on', true);
  -- Each step gives all that the next one needs: joined to each other by their ids, two steps were compared row by row
  -- (260 us a row instead of 80, beside load).
  WITH result AS MATERIALIZED (
    SELECT r.*, coalesce(r.response_status BETWEEN 200 AND 299 AND r.error_code IS NULL, false) AS ok
    FROM unnest(p_deliveries, p_webhooks, p_leases, p_attempts, p_attempted_at, p_urls, p_request_headers, p_signatures, p_statuses,
                p_response_headers, p_bodies, p_times, p_codes, p_messages, p_retry_after)
      r (delivery_id, webhook_id, lease_id, attempt_number, attempted_at, request_url, request_headers, request_signature, response_status,
         response_headers, response_body, response_time_ms, error_code, error_message, retry_after_seconds)
    WHERE r.webhook_id <> ALL (v_held_up)
  ), held AS MATERIALIZED (
    DELETE FROM hookline.queue q USING result r WHERE q.delivery_id = r.delivery_id AND q.lease_id = r.lease_id
    RETURNING q.position, q.bytes, q.ordering_key, r.*
  ), earlier AS (
    -- The delivery holds its latest attempt; the one before it goes into the history.
    INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url, request_headers,
      request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code)
    SELECT d.id, d.webhook_id, d.user_id, d.attempt_number, d.attempted_at, d.request_url, d.request_headers,
      d.request_signature, d.response_status, d.response_headers, d.response_body, d.response_time_ms, d.error_message, d.error_code
    FROM (SELECT h.delivery_id FROM held h WHERE h.attempt_number > 1 OFFSET 0) h JOIN public.webhook_deliveries d ON d.id = h.delivery_id
    WHERE d.attempt_number > 0
  ), recorded AS (
    UPDATE public.webhook_deliveries d SET
      status = CASE WHEN r.ok THEN 'success' WHEN r.response_status = 410 OR d.attempt_number + 1 >= d.max_attempts THEN 'failed' ELSE 'retrying' END,
      attempt_number = d.attempt_number + 1, attempted_at = r.attempted_at,
      request_url = coalesce(r.request_url, d.request_url), request_headers = r.request_headers::jsonb, request_signature = r.request_signature,
      response_status = r.response_status, response_headers = r.response_headers::jsonb, response_body = r.response_body,
      response_time_ms = r.response_time_ms,
      error_code = CASE WHEN NOT r.ok THEN coalesce(r.error_code, CASE
        WHEN r.response_status IS NULL THEN 'no_response'
        WHEN r.response_status = 410 THEN 'http_gone'
        WHEN r.response_status = 429 THEN 'http_rate_limited'
        WHEN r.response_status BETWEEN 300 AND 399 THEN 'http_redirect'
        WHEN r.response_status BETWEEN 400 AND 499 THEN 'http_client_error'
        ELSE 'http_server_error' END) END,
      error_message = CASE WHEN NOT r.ok THEN coalesce(r.error_message, 'The endpoint answered ' || r.response_status || '.', 'No response came.') END,
      next_retry_at = CASE WHEN NOT (r.ok OR coalesce(r.response_status = 410, false) OR d.attempt_number + 1 >= d.max_attempts)
        THEN now() + hookline.retry_delay((SELECT w.retry_delay_seconds FROM public.webhooks w WHERE w.id = d.webhook_id), d.attempt_number + 1, r.retry_after_seconds) END,
      delivered_at = CASE WHEN r.ok THEN now() END,
      failed_at = CASE WHEN NOT r.ok AND (coalesce(r.response_status = 410, false) OR d.attempt_number + 1 >= d.max_attempts) THEN now() END
    FROM held r
    WHERE d.id = r.delivery_id
    RETURNING d.id, r.lease_id, d.status, d.next_retry_at, d.webhook_id, d.user_id, d.event_type, coalesce(d.delivered_at, d.failed_at) AS ended_at,
      r.ok, CASE WHEN d.response_status IS NOT NULL THEN d.response_time_ms END AS response_time_ms, r.position, r.bytes, r.ordering_key
  ), requeued AS (
    INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_ready, position, ordering_key) OVERRIDING SYSTEM VALUE
    SELECT d.id, d.webhook_id, d.user_id, true, d.bytes, d.next_retry_at, false, d.position, d.ordering_key FROM recorded d WHERE d.status = 'retrying'
  )
  SELECT array_agg(ROW(d.id, d.lease_id, true, d.status, d.next_retry_at, d.webhook_id, d.event_type, d.ended_at, d.ok, d.response_time_ms)::hookline.recorded)
  INTO v_recorded FROM recorded d;
  PERFORM set_config('hookline.recording', '', true);

  -- What had lost its lease joins the history; what is held up is told.
  IF coalesce(cardinality(v_recorded), 0) < cardinality(p_deliveries) THEN
    WITH other AS MATERIALIZED (
      SELECT r.*, r.webhook_id = ANY (v_held_up) AS is_held_up
      FROM unnest(p_deliveries, p_webhooks, p_leases, p_attempts, p_attempted_at, p_urls, p_request_headers, p_signatures, p_statuses,
                  p_response_headers, p_bodies, p_times, p_codes, p_messages, p_retry_after)
        r (delivery_id, webhook_id, lease_id, attempt_number, attempted_at, request_url, request_headers, request_signature, response_status,
           response_headers, response_body, response_time_ms, error_code, error_message, retry_after_seconds)
      -- NOT IN is hashed. It needs a value where there was no lease.
      WHERE (r.delivery_id, coalesce(r.lease_id, r.delivery_id)) NOT IN (SELECT e.delivery_id, e.lease_id FROM unnest(v_recorded) e)
    ), late AS (
      INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url,
        request_headers, request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code, is_late)
      SELECT d.id, d.webhook_id, d.user_id, coalesce(r.attempt_number, d.attempt_number), r.attempted_at, coalesce(r.request_url, d.request_url),
        r.request_headers::jsonb, r.request_signature, r.response_status, r.response_headers::jsonb, r.response_body, r.response_time_ms,
        r.error_message, r.error_code, true
      FROM other r JOIN public.webhook_deliveries d ON d.id = r.delivery_id
      WHERE NOT r.is_held_up AND (d.attempt_number, d.attempted_at, d.response_status, d.response_time_ms)
          IS DISTINCT FROM (r.attempt_number, r.attempted_at, r.response_status, r.response_time_ms)
        AND NOT EXISTS (
          SELECT FROM hookline.webhook_delivery_attempts a
          WHERE a.delivery_id = r.delivery_id AND (a.attempt_number, a.attempted_at, a.response_status, a.response_time_ms)
            IS NOT DISTINCT FROM (r.attempt_number, r.attempted_at, r.response_status, r.response_time_ms))
    )
    SELECT coalesce(v_recorded, '{}') || array_agg(ROW(r.delivery_id, r.lease_id, CASE WHEN NOT r.is_held_up THEN d.id IS NOT NULL END, d.status,
      d.next_retry_at, r.webhook_id, NULL, NULL, false, NULL)::hookline.recorded)
    INTO v_recorded FROM other r LEFT JOIN public.webhook_deliveries d
      ON d.id = r.delivery_id AND (d.attempt_number, d.attempted_at, d.response_status, d.response_time_ms)
        IS NOT DISTINCT FROM (r.attempt_number, r.attempted_at, r.response_status, r.response_time_ms);
  END IF;

  SELECT array_agg(ROW(e.webhook_id, e.event_type, e.ended_at, e.ok, e.response_time_ms, 1)::hookline.ended)
  INTO v_ended FROM unnest(v_recorded) e WHERE e.ended_at IS NOT NULL;
  IF v_ended IS NOT NULL THEN
    PERFORM hookline.count_ended(v_ended);
  END IF;
  -- As a rule all is well and was so before. A proxy of the operator's that fails says nothing of the endpoint.
  IF EXISTS (SELECT FROM unnest(v_recorded) e WHERE NOT e.ok) OR EXISTS (
    SELECT FROM public.webhooks w WHERE w.id IN (SELECT DISTINCT u.id FROM unnest(p_webhooks) u (id))
      AND (w.failing_since IS NOT NULL OR w.consecutive_failures > 0 OR w.breaker_since IS NOT NULL)) THEN
    PERFORM hookline.follow_answers(array_agg(a.webhook_id), array_agg(a.ok), array_agg(a.attempted_at), array_agg(a.response_status), array_agg(a.retry_after))
    FROM (
      SELECT u.webhook_id, coalesce(u.response_status BETWEEN 200 AND 299 AND u.error_code IS NULL, false) AS ok, u.attempted_at, u.response_status, u.retry_after
      FROM unnest(p_webhooks, p_statuses, p_codes, p_attempted_at, p_retry_after) u (webhook_id, response_status, error_code, attempted_at, retry_after)
      WHERE u.webhook_id <> ALL (v_held_up) AND u.error_code IS DISTINCT FROM 'proxy_error'
    ) a;
  END IF;

  RETURN QUERY
  SELECT r.delivery_id, r.lease_id, r.is_recorded, r.status, r.next_retry_at,
         coalesce(NOT w.is_active, true) OR coalesce(w.paused_until > now(), false) OR w.breaker_since IS NOT NULL
  FROM unnest(v_recorded) r LEFT JOIN public.webhooks w ON w.id = r.webhook_id;
END $$;
REVOKE ALL ON FUNCTION hookline.record_results(uuid[], uuid[], uuid[], integer[], timestamptz[], text[], text[], text[], integer[], text[], text[], integer[],
  text[], text[], numeric[], boolean) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.record_results(uuid[], uuid[], uuid[], integer[], timestamptz[], text[], text[], text[], integer[], text[], text[], integer[],
  text[], text[], numeric[], boolean) TO service_role;

-- As in 0011, over record_results. For workers of the version before, while they are replaced, and for complete_webhook_delivery.
CREATE OR REPLACE FUNCTION hookline.record_attempts(p_results json, p_wait boolean)
RETURNS TABLE (delivery_id uuid, lease_id uuid, is_recorded boolean, status varchar, next_retry_at timestamptz) LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.delivery_id, o.lease_id, o.is_recorded, o.status, o.next_retry_at FROM (
    SELECT array_agg(r.delivery_id) AS deliveries, array_agg(r.webhook_id) AS webhooks, array_agg(r.lease_id) AS leases,
           array_agg(r.attempt_number) AS attempts, array_agg(r.attempted_at) AS attempted_at, array_agg(r.request_url) AS urls,
           array_agg(r.request_headers::text) AS request_headers, array_agg(r.request_signature) AS signatures, array_agg(r.response_status) AS statuses,
           array_agg(r.response_headers::text) AS response_headers, array_agg(r.response_body) AS bodies, array_agg(r.response_time_ms) AS times,
           array_agg(r.error_code) AS codes, array_agg(r.error_message) AS messages, array_agg(r.retry_after_seconds) AS retry_after
    FROM json_to_recordset(p_results) r (
      delivery_id uuid, webhook_id uuid, lease_id uuid, attempt_number integer, attempted_at timestamptz, request_url text, request_headers jsonb,
      request_signature text, response_status integer, response_headers jsonb, response_body text, response_time_ms integer, error_code text,
      error_message text, retry_after_seconds numeric)
  ) a, hookline.record_results(a.deliveries, a.webhooks, a.leases, a.attempts, a.attempted_at, a.urls, a.request_headers, a.signatures, a.statuses,
    a.response_headers, a.bodies, a.times, a.codes, a.messages, a.retry_after, p_wait) o
  WHERE a.deliveries IS NOT NULL
$$;

-- As in 0003 and 0014: another URL, and a webhook made active again, start with a closed breaker.
CREATE OR REPLACE FUNCTION hookline.close_breaker() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.consecutive_failures := 0;
  NEW.breaker_since := NULL;
  NEW.breaker_until := NULL;
  NEW.breaker_probes := 0;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.close_breaker() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhooks_close_breaker BEFORE UPDATE OF url, is_active ON public.webhooks
FOR EACH ROW WHEN (NEW.url IS DISTINCT FROM OLD.url OR (NEW.is_active AND NOT OLD.is_active)) EXECUTE FUNCTION hookline.close_breaker();
