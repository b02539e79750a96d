-- Recording with less beside it. The trigger that follows what somebody else changes was given every row that record_results wrote, before and after, only to
-- leave them: now it is called by the row, and not at all while results are recorded. Of a batch only what is no plain success is
-- told, and the counters get the batch's groups instead of its rows.

-- Ends that a statement in this transaction has changed, until its last trigger counts them.
CREATE UNLOGGED TABLE IF NOT EXISTS hookline.ends_to_count (
  xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
  ended hookline.ended NOT NULL
);
SELECT hookline.protect('hookline.ends_to_count');
GRANT SELECT, INSERT, UPDATE, DELETE ON hookline.ends_to_count TO service_role;

-- As count_ended in 0026, from groups.
CREATE OR REPLACE FUNCTION hookline.count_together(p_groups hookline.ended_together[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_groups hookline.ended_together[];
BEGIN
  -- Two batches that update hot webhooks in different orders deadlock, even with ORDER BY in a subquery of the UPDATE; so the rows are
  -- locked in one order first. NO KEY, since open transactions that triggered hold KEY SHARE on them through the foreign key.
  PERFORM FROM public.webhooks w WHERE w.id IN (SELECT g.webhook_id FROM unnest(p_groups) g) ORDER BY w.id FOR NO KEY UPDATE;

  UPDATE public.webhooks w SET
    total_deliveries = w.total_deliveries + d.total,
    successful_deliveries = w.successful_deliveries + d.successful,
    failed_deliveries = w.failed_deliveries + d.failed,
    last_delivery_at = greatest(w.last_delivery_at, d.last_at),
    last_success_at = greatest(w.last_success_at, d.last_success_at),
    last_failure_at = greatest(w.last_failure_at, d.last_failure_at)
  FROM (
    SELECT g.webhook_id, sum(g.total) AS total, coalesce(sum(g.total) FILTER (WHERE g.ok), 0) AS successful,
           coalesce(sum(g.total) FILTER (WHERE NOT g.ok), 0) AS failed, max(g.last_at) AS last_at,
           max(g.last_at) FILTER (WHERE g.ok) AS last_success_at, max(g.last_at) FILTER (WHERE NOT g.ok) AS last_failure_at
    FROM unnest(p_groups) g GROUP BY g.webhook_id
  ) d
  WHERE w.id = d.webhook_id;

  -- A webhook that is being deleted takes its statistics along.
  v_groups := ARRAY(SELECT g FROM unnest(p_groups) g WHERE EXISTS (SELECT FROM public.webhooks w WHERE w.id = g.webhook_id));
  INSERT INTO hookline.statistics_daily AS s (webhook_id, day, event_type, successful, failed, responses, response_time_ms)
  SELECT g.webhook_id, (g.hour AT TIME ZONE 'UTC')::date, g.event_type,
         coalesce(sum(g.total) FILTER (WHERE g.ok), 0), coalesce(sum(g.total) FILTER (WHERE NOT g.ok), 0),
         coalesce(sum(g.total) FILTER (WHERE g.bucket IS NOT NULL), 0), coalesce(sum(g.response_time_ms), 0)
  FROM unnest(v_groups) g
  GROUP BY 1, 2, 3
  ORDER BY 1, 2, 3
  ON CONFLICT (webhook_id, day, event_type) DO UPDATE SET
    successful = s.successful + excluded.successful,
    failed = s.failed + excluded.failed,
    responses = s.responses + excluded.responses,
    response_time_ms = s.response_time_ms + excluded.response_time_ms;

  INSERT INTO hookline.statistics_hourly AS s (webhook_id, hour, event_type, successful, failed, responses, response_time_ms, latency)
  SELECT g.webhook_id, g.hour, g.event_type,
         coalesce(sum(g.total) FILTER (WHERE g.ok), 0), coalesce(sum(g.total) FILTER (WHERE NOT g.ok), 0),
         coalesce(sum(g.total) FILTER (WHERE g.bucket IS NOT NULL), 0), coalesce(sum(g.response_time_ms), 0),
         ARRAY[coalesce(sum(g.total) FILTER (WHERE g.bucket = 0), 0), coalesce(sum(g.total) FILTER (WHERE g.bucket = 1), 0),
               coalesce(sum(g.total) FILTER (WHERE g.bucket = 2), 0), coalesce(sum(g.total) FILTER (WHERE g.bucket = 3), 0),
               coalesce(sum(g.total) FILTER (WHERE g.bucket = 4), 0), coalesce(sum(g.total) FILTER (WHERE g.bucket = 5), 0),
               coalesce(sum(g.total) FILTER (WHERE g.bucket = 6), 0), coalesce(sum(g.total) FILTER (WHERE g.bucket = 7), 0),
               coalesce(sum(g.total) FILTER (WHERE g.bucket = 8), 0), coalesce(sum(g.total) FILTER (WHERE g.bucket = 9), 0),
               coalesce(sum(g.total) FILTER (WHERE g.bucket = 10), 0), coalesce(sum(g.total) FILTER (WHERE g.bucket = 11), 0)]
  FROM unnest(v_groups) g
  -- An end of long ago that no longer holds has left the hours.
  WHERE g.hour > now() - interval '35 days'
  GROUP BY 1, 2, 3
  ORDER BY 1, 2, 3
  ON CONFLICT (webhook_id, hour, event_type) DO UPDATE SET
    successful = s.successful + excluded.successful,
    failed = s.failed + excluded.failed,
    responses = s.responses + excluded.responses,
    response_time_ms = s.response_time_ms + excluded.response_time_ms,
    latency = ARRAY(SELECT a + b FROM unnest(s.latency, excluded.latency) WITH ORDINALITY u (a, b, nth) ORDER BY nth);
END $$;
REVOKE ALL ON FUNCTION hookline.count_together(hookline.ended_together[]) FROM PUBLIC, anon, authenticated, service_role;

-- As in 0026.
CREATE OR REPLACE FUNCTION hookline.count_ended(p_ended hookline.ended[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM hookline.count_together(array_agg(ROW(g.*)::hookline.ended_together)) FROM (
    SELECT e.webhook_id, e.event_type, date_trunc('hour', e.ended_at, 'UTC'), e.ok,
           width_bucket(e.response_time_ms, '{10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000}'::integer[]),
           sum(e.sign), sum(e.sign * e.response_time_ms::bigint), max(e.ended_at) FILTER (WHERE e.sign = 1)
    FROM unnest(p_ended) e GROUP BY 1, 2, 3, 4, 5
  ) g;
END $$;

-- As in 0023, for one delivery.
CREATE OR REPLACE FUNCTION hookline.deliveries_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The delivery holds its latest attempt; the one before it goes into the history.
  IF NEW.attempt_number > OLD.attempt_number AND OLD.attempt_number > 0 THEN
    INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url, request_headers,
      request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code)
    VALUES (OLD.id, OLD.webhook_id, OLD.user_id, OLD.attempt_number, OLD.attempted_at, OLD.request_url, OLD.request_headers,
      OLD.request_signature, OLD.response_status, OLD.response_headers, OLD.response_body, OLD.response_time_ms, OLD.error_message, OLD.error_code);
  END IF;

  IF NEW.status IN ('success', 'failed') THEN
    DELETE FROM hookline.queue q WHERE q.delivery_id = NEW.id;
  ELSIF (OLD.status, OLD.next_retry_at, OLD.attempt_number) IS DISTINCT FROM (NEW.status, NEW.next_retry_at, NEW.attempt_number) THEN
    INSERT INTO hookline.queue AS q (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting, ordering_key)
    SELECT NEW.id, NEW.webhook_id, NEW.user_id, NEW.status = 'retrying', hookline.payload_bytes(NEW.request_payload),
           CASE NEW.status WHEN 'retrying' THEN NEW.next_retry_at ELSE now() END, NEW.status = 'retrying' AND NEW.next_retry_at > now(),
           (SELECT hookline.ordering_key(w.ordering_key_path, NEW.request_payload) FROM public.webhooks w WHERE w.id = NEW.webhook_id AND w.is_ordered)
    ON CONFLICT (delivery_id) DO UPDATE SET
      is_retry = excluded.is_retry, due_at = excluded.due_at, is_waiting = excluded.is_waiting, lease_id = NULL, lease_worker = NULL, is_counted = false;
    IF NEW.status = 'retrying' AND OLD.status = 'failed' THEN
      PERFORM hookline.wake_worker();
    END IF;
  END IF;

  INSERT INTO hookline.ends_to_count (ended)
  SELECT ROW(c.*)::hookline.ended FROM (
    VALUES (OLD.webhook_id, OLD.event_type, CASE OLD.status WHEN 'success' THEN OLD.delivered_at WHEN 'failed' THEN OLD.failed_at END,
            OLD.status = 'success', CASE WHEN OLD.response_status IS NOT NULL THEN OLD.response_time_ms END, -1),
           (NEW.webhook_id, NEW.event_type, CASE NEW.status WHEN 'success' THEN NEW.delivered_at WHEN 'failed' THEN NEW.failed_at END,
            NEW.status = 'success', CASE WHEN NEW.response_status IS NOT NULL THEN NEW.response_time_ms END, 1)
  ) c (webhook_id, event_type, ended_at, ok, response_time_ms, sign)
  WHERE c.ended_at IS NOT NULL
    AND (OLD.status, OLD.delivered_at, OLD.failed_at, OLD.response_status, OLD.response_time_ms, OLD.event_type)
      IS DISTINCT FROM (NEW.status, NEW.delivered_at, NEW.failed_at, NEW.response_status, NEW.response_time_ms, NEW.event_type);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION hookline.deliveries_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_ended hookline.ended[];
BEGIN
  WITH changed AS (DELETE FROM hookline.ends_to_count e WHERE e.xact = pg_current_xact_id() RETURNING e.ended)
  SELECT array_agg(c.ended) INTO v_ended FROM changed c;
  IF v_ended IS NOT NULL THEN
    PERFORM hookline.count_ended(v_ended);
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.deliveries_counted() FROM PUBLIC, anon, authenticated, service_role;
DROP TRIGGER IF EXISTS webhook_deliveries_updated ON public.webhook_deliveries;
CREATE TRIGGER webhook_deliveries_updated AFTER UPDATE ON public.webhook_deliveries
FOR EACH ROW WHEN (current_setting('hookline.recording', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION hookline.deliveries_updated();
DROP TRIGGER IF EXISTS webhook_deliveries_counted ON public.webhook_deliveries;
CREATE TRIGGER webhook_deliveries_counted AFTER UPDATE ON public.webhook_deliveries
FOR EACH STATEMENT WHEN (current_setting('hookline.recording', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION hookline.deliveries_counted();

-- As in 0024, but gives only what is no plain success: results that are not recorded, that did not succeed, or whose webhook may not be called now.
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
  v_stopped uuid[];
  v_done uuid[];
  v_leases uuid[];
  v_told hookline.recorded[];
  v_groups hookline.ended_together[];
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
  -- = ANY (ARRAY[id]) as in 0030. Each step gives all that the next one needs: joined to each other by their ids, two steps were compared row by row
  -- (260 us a row instead of 80, beside load).
  WITH result AS MATERIALIZED (
    SELECT r.*, coalesce(r.response_status BETWEEN 200 AND 299 AND r.error_code IS NULL, false) AS ok
    FROM unnest(p_deliveries, p_webhooks, p_leases, p_attempts, p_attempted_at, p_urls, p_request_headers, p_signatures, p_statuses,
                p_response_headers, p_bodies, p_times, p_codes, p_messages, p_retry_after)
      r (delivery_id, webhook_id, lease_id, attempt_number, attempted_at, request_url, request_headers, request_signature, response_status,
         response_headers, response_body, response_time_ms, error_code, error_message, retry_after_seconds)
    WHERE r.webhook_id <> ALL (v_held_up)
  ), held AS MATERIALIZED (
    DELETE FROM hookline.queue q USING result r WHERE q.delivery_id = ANY (ARRAY[r.delivery_id]) AND q.lease_id = r.lease_id
    RETURNING q.position, q.bytes, q.ordering_key, r.*
  ), earlier AS (
    -- The delivery holds its latest attempt; the one before it goes into the history.
    INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url, request_headers,
      request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code)
    SELECT d.id, d.webhook_id, d.user_id, d.attempt_number, d.attempted_at, d.request_url, d.request_headers,
      d.request_signature, d.response_status, d.response_headers, d.response_body, d.response_time_ms, d.error_message, d.error_code
    FROM (SELECT h.delivery_id FROM held h WHERE h.attempt_number > 1 OFFSET 0) h JOIN public.webhook_deliveries d ON d.id = ANY (ARRAY[h.delivery_id])
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
    WHERE d.id = ANY (ARRAY[r.delivery_id])
    RETURNING d.id, r.lease_id, d.status, d.next_retry_at, d.webhook_id, d.user_id, d.event_type, r.ok,
      CASE WHEN d.response_status IS NOT NULL THEN d.response_time_ms END AS response_time_ms, r.position, r.bytes, r.ordering_key
  ), requeued AS (
    INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting, position, ordering_key) OVERRIDING SYSTEM VALUE
    SELECT d.id, d.webhook_id, d.user_id, true, d.bytes, d.next_retry_at, true, d.position, d.ordering_key FROM recorded d WHERE d.status = 'retrying'
  )
  SELECT done.ids, done.leases, told.results, ended.groups INTO v_done, v_leases, v_told, v_groups
  FROM (SELECT coalesce(array_agg(d.id), '{}') AS ids, coalesce(array_agg(d.lease_id), '{}') AS leases FROM recorded d) done,
    (SELECT coalesce(array_agg(ROW(d.id, d.lease_id, true, d.status, d.next_retry_at, d.webhook_id, NULL, NULL, d.ok, NULL)::hookline.recorded), '{}') AS results
     FROM recorded d WHERE d.status <> 'success') told,
    (SELECT array_agg(ROW(g.*)::hookline.ended_together) AS groups FROM (
       -- All that ends in a batch ends now.
       SELECT d.webhook_id, d.event_type, date_trunc('hour', now(), 'UTC'), d.ok,
              width_bucket(d.response_time_ms, '{10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000}'::integer[]),
              count(*), sum(d.response_time_ms::bigint), now()
       FROM recorded d WHERE d.status <> 'retrying' GROUP BY 1, 2, 4, 5) g) ended;
  PERFORM set_config('hookline.recording', '', true);

  -- What had lost its lease joins the history; what is held up is told.
  IF cardinality(v_done) < cardinality(p_deliveries) THEN
    WITH other AS MATERIALIZED (
      SELECT r.*, r.webhook_id = ANY (v_held_up) AS is_held_up
      FROM unnest(p_deliveries, p_webhooks, p_leases, p_attempts, p_attempted_at, p_urls, p_request_headers, p_signatures, p_statuses,
                  p_response_headers, p_bodies, p_times, p_codes, p_messages, p_retry_after)
        r (delivery_id, webhook_id, lease_id, attempt_number, attempted_at, request_url, request_headers, request_signature, response_status,
           response_headers, response_body, response_time_ms, error_code, error_message, retry_after_seconds)
      -- NOT IN is hashed. It needs a value where there was no lease.
      WHERE (r.delivery_id, coalesce(r.lease_id, r.delivery_id)) NOT IN (SELECT e.delivery_id, e.lease_id FROM unnest(v_done, v_leases) e (delivery_id, lease_id))
    ), late AS (
      INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url,
        request_headers, request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code, is_late)
      SELECT d.id, d.webhook_id, d.user_id, coalesce(r.attempt_number, d.attempt_number), r.attempted_at, coalesce(r.request_url, d.request_url),
        r.request_headers::jsonb, r.request_signature, r.response_status, r.response_headers::jsonb, r.response_body, r.response_time_ms,
        r.error_message, r.error_code, true
      FROM other r JOIN public.webhook_deliveries d ON d.id = ANY (ARRAY[r.delivery_id])
      WHERE NOT r.is_held_up AND (d.attempt_number, d.attempted_at, d.response_status, d.response_time_ms)
          IS DISTINCT FROM (r.attempt_number, r.attempted_at, r.response_status, r.response_time_ms)
        AND NOT EXISTS (
          SELECT FROM hookline.webhook_delivery_attempts a
          WHERE a.delivery_id = r.delivery_id AND (a.attempt_number, a.attempted_at, a.response_status, a.response_time_ms)
            IS NOT DISTINCT FROM (r.attempt_number, r.attempted_at, r.response_status, r.response_time_ms))
    )
    SELECT v_told || array_agg(ROW(r.delivery_id, r.lease_id, CASE WHEN NOT r.is_held_up THEN d.id IS NOT NULL END, d.status,
      d.next_retry_at, r.webhook_id, NULL, NULL, false, NULL)::hookline.recorded)
    INTO v_told FROM other r LEFT JOIN public.webhook_deliveries d
      ON d.id = ANY (ARRAY[r.delivery_id]) AND (d.attempt_number, d.attempted_at, d.response_status, d.response_time_ms)
        IS NOT DISTINCT FROM (r.attempt_number, r.attempted_at, r.response_status, r.response_time_ms);
  END IF;

  IF v_groups IS NOT NULL THEN
    PERFORM hookline.count_together(v_groups);
  END IF;
  -- As a rule all is well and was so before. A proxy of the operator's that fails says nothing of the endpoint.
  IF EXISTS (SELECT FROM unnest(v_told) e WHERE NOT e.ok) OR EXISTS (
    SELECT FROM public.webhooks w WHERE w.id IN (SELECT DISTINCT u.id FROM unnest(p_webhooks) u (id))
      AND (w.failing_since IS NOT NULL OR w.consecutive_failures > 0 OR w.breaker_since IS NOT NULL)) THEN
    PERFORM hookline.follow_answers(array_agg(a.webhook_id), array_agg(a.ok), array_agg(a.attempted_at), array_agg(a.response_status), array_agg(a.retry_after))
    FROM (
      SELECT u.webhook_id, coalesce(u.response_status BETWEEN 200 AND 299 AND u.error_code IS NULL, false) AS ok, u.attempted_at, u.response_status, u.retry_after
      FROM unnest(p_webhooks, p_statuses, p_codes, p_attempted_at, p_retry_after) u (webhook_id, response_status, error_code, attempted_at, retry_after)
      WHERE u.webhook_id <> ALL (v_held_up) AND u.error_code IS DISTINCT FROM 'proxy_error'
    ) a;
  END IF;

  SELECT coalesce(array_agg(w.id), '{}') INTO v_stopped FROM public.webhooks w
  WHERE w.id IN (SELECT DISTINCT u.id FROM unnest(p_webhooks) u (id)) AND (NOT w.is_active OR w.paused_until > now() OR w.breaker_since IS NOT NULL);
  RETURN QUERY
  SELECT r.delivery_id, r.lease_id, r.is_recorded, r.status, r.next_retry_at,
         r.webhook_id = ANY (v_stopped) OR NOT EXISTS (SELECT FROM public.webhooks w WHERE w.id = r.webhook_id)
  FROM unnest(v_told) r;
  IF v_stopped <> '{}' THEN
    RETURN QUERY
    SELECT r.delivery_id, r.lease_id, true, 'success'::varchar, NULL::timestamptz, true
    FROM unnest(p_deliveries, p_webhooks, p_leases) r (delivery_id, webhook_id, lease_id)
    WHERE r.webhook_id = ANY (v_stopped) AND (r.delivery_id, coalesce(r.lease_id, r.delivery_id)) NOT IN (
      SELECT e.delivery_id, coalesce(e.lease_id, e.delivery_id) FROM unnest(v_told) e);
  END IF;
END $$;

-- As in 0024: a row for every result.
CREATE OR REPLACE FUNCTION hookline.record_attempts(p_results json, p_wait boolean)
RETURNS TABLE (delivery_id uuid, lease_id uuid, is_recorded boolean, status varchar, next_retry_at timestamptz) LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  WITH a AS MATERIALIZED (
    SELECT array_agg(r.delivery_id) AS deliveries, array_agg(r.webhook_id) AS webhooks, array_agg(r.lease_id) AS leases,
           array_agg(r.attempt_number) AS attempts, array_agg(r.attempted_at) AS attempted_at, array_agg(r.request_url) AS urls,
           array_agg(r.request_headers::text) AS request_headers, array_agg(r.request_signature) AS signatures, array_agg(r.response_status) AS statuses,
           array_agg(r.response_headers::text) AS response_headers, array_agg(r.response_body) AS bodies, array_agg(r.response_time_ms) AS times,
           array_agg(r.error_code) AS codes, array_agg(r.error_message) AS messages, array_agg(r.retry_after_seconds) AS retry_after
    FROM json_to_recordset(p_results) r (
      delivery_id uuid, webhook_id uuid, lease_id uuid, attempt_number integer, attempted_at timestamptz, request_url text, request_headers jsonb,
      request_signature text, response_status integer, response_headers jsonb, response_body text, response_time_ms integer, error_code text,
      error_message text, retry_after_seconds numeric)
  ), told AS MATERIALIZED (
    SELECT o.* FROM a, hookline.record_results(a.deliveries, a.webhooks, a.leases, a.attempts, a.attempted_at, a.urls, a.request_headers, a.signatures, a.statuses,
      a.response_headers, a.bodies, a.times, a.codes, a.messages, a.retry_after, p_wait) o
    WHERE a.deliveries IS NOT NULL
  )
  SELECT r.delivery_id, r.lease_id, CASE WHEN o.delivery_id IS NULL THEN true ELSE o.is_recorded END,
         CASE WHEN o.delivery_id IS NULL THEN 'success' ELSE o.status END, o.next_retry_at
  FROM a CROSS JOIN LATERAL unnest(a.deliveries, a.leases) r (delivery_id, lease_id)
  LEFT JOIN told o ON o.delivery_id = r.delivery_id AND o.lease_id IS NOT DISTINCT FROM r.lease_id
$$;
