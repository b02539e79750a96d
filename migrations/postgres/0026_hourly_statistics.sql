-- Beside the daily roll-up one for each hour, with a histogram of response times, for charts; kept 35 days (DESIGN, decision 9).
CREATE TABLE IF NOT EXISTS hookline.statistics_hourly (
  webhook_id uuid NOT NULL REFERENCES public.webhooks (id) ON DELETE CASCADE,
  hour timestamptz NOT NULL,
  event_type varchar(100) NOT NULL,
  successful bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  responses bigint NOT NULL DEFAULT 0,
  response_time_ms bigint NOT NULL DEFAULT 0,
  -- Responses by their time: below 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000 and 30000 ms, and from there on.
  latency bigint[] NOT NULL CONSTRAINT valid_latency CHECK (cardinality(latency) = 12),
  PRIMARY KEY (webhook_id, hour, event_type)
) WITH (fillfactor = 70);
CREATE INDEX IF NOT EXISTS statistics_hourly_hour ON hookline.statistics_hourly (hour);
SELECT hookline.protect('hookline.statistics_hourly');
GRANT SELECT, INSERT, UPDATE, DELETE ON hookline.statistics_hourly TO service_role;

-- As in 0007, and the hours.
CREATE OR REPLACE FUNCTION hookline.count_ended(p_ended hookline.ended[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_bounds CONSTANT integer[] := '{10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000}';
BEGIN
  -- Two batches that update hot webhooks in different orders deadlock, even with ORDER BY in a subquery of the UPDATE; so the rows are
  -- locked in one order first. NO KEY, since open transactions that triggered hold KEY SHARE on them through the foreign key.
  PERFORM FROM public.webhooks w WHERE w.id IN (SELECT e.webhook_id FROM unnest(p_ended) e) ORDER BY w.id FOR NO KEY UPDATE;

  UPDATE public.webhooks w SET
    total_deliveries = w.total_deliveries + d.total,
    successful_deliveries = w.successful_deliveries + d.successful,
    failed_deliveries = w.failed_deliveries + d.failed,
    last_delivery_at = greatest(w.last_delivery_at, d.last_at),
    last_success_at = greatest(w.last_success_at, d.last_success_at),
    last_failure_at = greatest(w.last_failure_at, d.last_failure_at)
  FROM (
    SELECT e.webhook_id, sum(e.sign) AS total, coalesce(sum(e.sign) FILTER (WHERE e.ok), 0) AS successful,
           coalesce(sum(e.sign) FILTER (WHERE NOT e.ok), 0) AS failed,
           max(e.ended_at) FILTER (WHERE e.sign = 1) AS last_at,
           max(e.ended_at) FILTER (WHERE e.sign = 1 AND e.ok) AS last_success_at,
           max(e.ended_at) FILTER (WHERE e.sign = 1 AND NOT e.ok) AS last_failure_at
    FROM unnest(p_ended) e GROUP BY e.webhook_id
  ) d
  WHERE w.id = d.webhook_id;

  INSERT INTO hookline.statistics_daily AS s (webhook_id, day, event_type, successful, failed, responses, response_time_ms)
  SELECT e.webhook_id, (e.ended_at AT TIME ZONE 'UTC')::date, e.event_type,
         coalesce(sum(e.sign) FILTER (WHERE e.ok), 0), coalesce(sum(e.sign) FILTER (WHERE NOT e.ok), 0),
         coalesce(sum(e.sign) FILTER (WHERE e.response_time_ms IS NOT NULL), 0), coalesce(sum(e.sign * e.response_time_ms::bigint), 0)
  FROM unnest(p_ended) e
  -- A webhook that is being deleted takes its statistics along.
  WHERE EXISTS (SELECT FROM public.webhooks w WHERE w.id = e.webhook_id)
  GROUP BY 1, 2, 3
  ORDER BY 1, 2, 3
  ON CONFLICT (webhook_id, day, event_type) DO UPDATE SET
    successful = s.successful + excluded.successful,
    failed = s.failed + excluded.failed,
    responses = s.responses + excluded.responses,
    response_time_ms = s.response_time_ms + excluded.response_time_ms;

  INSERT INTO hookline.statistics_hourly AS s (webhook_id, hour, event_type, successful, failed, responses, response_time_ms, latency)
  SELECT b.webhook_id, b.hour, b.event_type, sum(b.successful), sum(b.failed), sum(b.responses), sum(b.response_time_ms),
         ARRAY(SELECT coalesce(sum(c) FILTER (WHERE n = place), 0) FROM generate_series(0, 11) place
               LEFT JOIN unnest(array_agg(b.bucket), array_agg(b.responses)) u (n, c) ON true GROUP BY place ORDER BY place)
  FROM (
    SELECT e.webhook_id, date_trunc('hour', e.ended_at, 'UTC') AS hour, e.event_type, width_bucket(e.response_time_ms, v_bounds) AS bucket,
           coalesce(sum(e.sign) FILTER (WHERE e.ok), 0) AS successful, coalesce(sum(e.sign) FILTER (WHERE NOT e.ok), 0) AS failed,
           coalesce(sum(e.sign) FILTER (WHERE e.response_time_ms IS NOT NULL), 0) AS responses,
           coalesce(sum(e.sign * e.response_time_ms::bigint), 0) AS response_time_ms
    FROM unnest(p_ended) e
    -- An end of long ago that no longer holds has left the hours.
    WHERE e.ended_at > now() - interval '35 days' AND EXISTS (SELECT FROM public.webhooks w WHERE w.id = e.webhook_id)
    GROUP BY 1, 2, 3, 4
  ) b
  GROUP BY 1, 2, 3
  ORDER BY 1, 2, 3
  ON CONFLICT (webhook_id, hour, event_type) DO UPDATE SET
    successful = s.successful + excluded.successful,
    failed = s.failed + excluded.failed,
    responses = s.responses + excluded.responses,
    response_time_ms = s.response_time_ms + excluded.response_time_ms,
    latency = ARRAY(SELECT a + b FROM unnest(s.latency, excluded.latency) WITH ORDINALITY u (a, b, nth) ORDER BY nth);
END $$;

-- As in 0018, and the hours.
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
  DELETE FROM hookline.statistics_hourly s WHERE s.ctid = ANY (ARRAY(
    SELECT o.ctid FROM hookline.statistics_hourly o WHERE o.hour < now() - interval '35 days' ORDER BY o.hour LIMIT p_limit FOR UPDATE SKIP LOCKED));
  RETURN NEXT;
END $$;
