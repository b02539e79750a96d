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

-- Ended deliveries of one webhook, event type, hour, outcome and bucket of the histogram (NULL: no response).
DO $$
BEGIN
  IF to_regtype('hookline.ended_together') IS NULL THEN
    CREATE TYPE hookline.ended_together AS (
      webhook_id uuid, event_type varchar(100), hour timestamptz, ok boolean, bucket integer, total bigint, response_time_ms bigint, last_at timestamptz);
  END IF;
END $$;

-- As in 0007, and the hours. A batch is brought together once; the three tables are then written from some ten groups.
CREATE OR REPLACE FUNCTION hookline.count_ended(p_ended hookline.ended[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_groups hookline.ended_together[];
BEGIN
  SELECT array_agg(ROW(g.*)::hookline.ended_together) INTO v_groups FROM (
    SELECT e.webhook_id, e.event_type, date_trunc('hour', e.ended_at, 'UTC'), e.ok,
           width_bucket(e.response_time_ms, '{10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000}'::integer[]),
           sum(e.sign), sum(e.sign * e.response_time_ms::bigint), max(e.ended_at) FILTER (WHERE e.sign = 1)
    FROM unnest(p_ended) e GROUP BY 1, 2, 3, 4, 5
  ) g;
  -- Two batches that update hot webhooks in different orders deadlock, even with ORDER BY in a subquery of the UPDATE; so the rows are
  -- locked in one order first. NO KEY, since open transactions that triggered hold KEY SHARE on them through the foreign key.
  PERFORM FROM public.webhooks w WHERE w.id IN (SELECT g.webhook_id FROM unnest(v_groups) g) ORDER BY w.id FOR NO KEY UPDATE;

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
    FROM unnest(v_groups) g GROUP BY g.webhook_id
  ) d
  WHERE w.id = d.webhook_id;

  -- A webhook that is being deleted takes its statistics along.
  v_groups := ARRAY(SELECT g FROM unnest(v_groups) g WHERE EXISTS (SELECT FROM public.webhooks w WHERE w.id = g.webhook_id));
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
