-- What managing webhooks over REST and GraphQL needs beside the tables: versions of every setting, test events, and the hourly statistics for their owner.

-- As in 0003, with the settings of 0023: updated_at is the version that changes are made against.
CREATE OR REPLACE TRIGGER webhooks_touch_updated_at BEFORE UPDATE OF
  user_id, name, url, description, secret, signature_algorithm, is_active, is_verified, verification_token, verified_at,
  retry_enabled, max_retries, retry_delay_seconds, timeout_seconds, metadata,
  rate_limit_per_second, rate_limit_burst, is_ordered, ordering_key_path
ON public.webhooks FOR EACH ROW EXECUTE FUNCTION hookline.touch_updated_at();

-- When its owner last had a test event sent.
ALTER TABLE hookline.endpoints ADD COLUMN IF NOT EXISTS tested_at timestamptz;

-- Sends an event to this webhook alone: a delivery like any other, with {"test": true} in its metadata. Without an event type it is webhook.test, which nobody
-- has to register. The URL may be a stranger's: one a second at most, however often its owner asks.
CREATE OR REPLACE FUNCTION public.send_test_webhook_event(p_webhook_id uuid, p_event_type varchar(100) DEFAULT NULL, p_payload jsonb DEFAULT NULL)
RETURNS TABLE (delivery_id uuid, event_type varchar(100)) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_type CONSTANT varchar := coalesce(p_event_type, 'webhook.test');
  v_payload CONSTANT jsonb := coalesce(p_payload, jsonb_build_object('test', true, 'webhook_id', p_webhook_id, 'event_type', v_type));
  v_webhook public.webhooks;
BEGIN
  -- Locked as the foreign key will lock it, so that it is not deleted between this look and the insert.
  SELECT * INTO v_webhook FROM public.webhooks w
  WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service()) FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  IF v_type <> 'webhook.test' THEN
    PERFORM hookline.check_event_type(v_type);
  END IF;
  PERFORM hookline.check_payload(v_payload);
  IF NOT v_webhook.is_active THEN
    RAISE EXCEPTION 'the webhook is inactive' USING ERRCODE = 'HK031', HINT = 'Set is_active to true first; disabled_reason says why the system made it inactive.';
  ELSIF NOT v_webhook.is_verified AND EXISTS (SELECT FROM hookline.settings s WHERE s.verification = 'required') THEN
    RAISE EXCEPTION 'the URL of the webhook has not been verified' USING ERRCODE = 'HK032', HINT = 'Ask for a verification first; events go only to verified webhooks here.';
  END IF;
  UPDATE hookline.endpoints e SET tested_at = now()
  WHERE e.webhook_id = p_webhook_id AND coalesce(e.tested_at <= now() - interval '1 second', true);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a test event was sent a moment ago' USING ERRCODE = 'HK033', HINT = 'A webhook gets one test event a second at most.';
  END IF;
  RETURN QUERY
  INSERT INTO public.webhook_deliveries AS d (webhook_id, user_id, event_type, request_url, request_payload, max_attempts, metadata)
  VALUES (v_webhook.id, v_webhook.user_id, v_type, v_webhook.url, v_payload,
          CASE WHEN v_webhook.retry_enabled THEN 1 + v_webhook.max_retries ELSE 1 END, '{"test": true}')
  RETURNING d.id, d.event_type;
END $$;
REVOKE ALL ON FUNCTION public.send_test_webhook_event(uuid, varchar, jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.send_test_webhook_event(uuid, varchar, jsonb) TO authenticated, service_role;

-- From the hourly roll-up, for charts: the last p_hours hours with this one, those without an end absent. Percentiles are interpolated in the buckets of the
-- histogram; beyond its last bound, 30 s, nothing is known but that.
CREATE OR REPLACE FUNCTION public.get_webhook_hourly_statistics(p_webhook_id uuid, p_hours integer DEFAULT 24)
RETURNS TABLE (hour timestamptz, successful_deliveries bigint, failed_deliveries bigint, avg_response_time_ms numeric,
               p50_response_time_ms numeric, p90_response_time_ms numeric, p95_response_time_ms numeric, p99_response_time_ms numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT FROM public.webhooks w WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service())) THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  IF p_hours IS NULL OR p_hours NOT BETWEEN 1 AND 840 THEN
    RAISE EXCEPTION 'p_hours is %', coalesce(p_hours::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'Ask for 1 to 840 hours; they are kept 35 days.';
  END IF;
  RETURN QUERY
  WITH entry AS MATERIALIZED (
    SELECT s.hour, s.successful, s.failed, s.responses, s.response_time_ms, s.latency FROM hookline.statistics_hourly s
    WHERE s.webhook_id = p_webhook_id AND s.hour > date_trunc('hour', now(), 'UTC') - make_interval(hours => p_hours)
  ), ended AS (
    SELECT e.hour, sum(e.successful)::bigint AS successful, sum(e.failed)::bigint AS failed,
           round(sum(e.response_time_ms) / nullif(sum(e.responses), 0), 2) AS average
    FROM entry e GROUP BY e.hour HAVING sum(e.successful + e.failed) > 0
  ), bucket AS (
    SELECT e.hour, b.low, b.high, sum(b.n) AS n, sum(sum(b.n)) OVER (PARTITION BY e.hour ORDER BY b.low) AS upto, sum(sum(b.n)) OVER (PARTITION BY e.hour) AS total
    FROM entry e, unnest(e.latency, '{0, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000}'::integer[],
                         '{10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 30000}'::integer[]) b (n, low, high)
    GROUP BY e.hour, b.low, b.high
  ), percentile AS (
    -- The first bucket that reaches so far holds it, and it is the least value that any such bucket gives.
    SELECT b.hour, f.part, round(min(greatest(b.low, b.low + (b.high - b.low) * (f.part * b.total - b.upto + b.n) / b.n)), 2) AS at
    FROM bucket b, unnest('{0.50, 0.90, 0.95, 0.99}'::numeric[]) f (part)
    WHERE b.n > 0 AND b.upto >= f.part * b.total GROUP BY b.hour, f.part
  )
  SELECT d.hour, d.successful, d.failed, d.average, max(p.at) FILTER (WHERE p.part = 0.50), max(p.at) FILTER (WHERE p.part = 0.90),
         max(p.at) FILTER (WHERE p.part = 0.95), max(p.at) FILTER (WHERE p.part = 0.99)
  FROM ended d LEFT JOIN percentile p ON p.hour = d.hour
  GROUP BY d.hour, d.successful, d.failed, d.average ORDER BY d.hour;
END $$;
REVOKE ALL ON FUNCTION public.get_webhook_hourly_statistics(uuid, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.get_webhook_hourly_statistics(uuid, integer) TO authenticated, service_role;
