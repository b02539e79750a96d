-- Attempts in partitions by the time at which their delivery was made, so that retention drops a table instead of rows; deliveries alike where an operator wants it
-- (`hookline partition deliveries`, docs/partitioning.md). Partitions stand in schema hookline, and nobody but the owner has rights on them.

-- The partitions of both tables. starts is -infinity and ends infinity where there is no bound.
CREATE OR REPLACE FUNCTION hookline.partitions()
RETURNS TABLE (parent regclass, partition regclass, starts timestamptz, ends timestamptz, is_default boolean) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, YMD' AS $$
  SELECT i.inhparent::regclass, c.oid::regclass, coalesce(substring(b.bound FROM 'FROM \(''([^'']+)''\)')::timestamptz, '-infinity'),
         coalesce(substring(b.bound FROM 'TO \(''([^'']+)''\)')::timestamptz, 'infinity'), b.bound = 'DEFAULT'
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid) AS bound) b
  WHERE i.inhparent IN ('hookline.webhook_delivery_attempts'::regclass, 'public.webhook_deliveries'::regclass)
$$;
REVOKE ALL ON FUNCTION hookline.partitions() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.partitions() TO service_role;

-- The first bound after a moment: Mondays at 00:00 UTC for seven days.
CREATE OR REPLACE FUNCTION hookline.partition_bound_after(p_at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT date_bin(make_interval(hours => 24 * s.partition_days), p_at, '2001-01-01 00:00:00+00') + make_interval(hours => 24 * s.partition_days) FROM hookline.settings s
$$;
REVOKE ALL ON FUNCTION hookline.partition_bound_after(timestamptz) FROM PUBLIC, anon, authenticated, service_role;

-- What was there becomes the first partition; where there was nothing it goes.
DO $$
DECLARE
  v_next bigint;
  v_first timestamptz := hookline.partition_bound_after(now());
  v_name text;
BEGIN
  IF (SELECT c.relkind FROM pg_class c WHERE c.oid = 'hookline.webhook_delivery_attempts'::regclass) = 'p' THEN
    RETURN;
  END IF;
  -- The view, with the two tables that it reads.
  LOCK TABLE public.webhook_delivery_attempts IN ACCESS EXCLUSIVE MODE;
  -- Deliveries take their attempts along by the trigger below: with a foreign key no partition of theirs could be dropped, and no attempt before its delivery.
  ALTER TABLE hookline.webhook_delivery_attempts DROP CONSTRAINT IF EXISTS webhook_delivery_attempts_delivery_id_fkey;
  SELECT nextval(pg_get_serial_sequence('hookline.webhook_delivery_attempts', 'id')) INTO v_next;
  ALTER TABLE hookline.webhook_delivery_attempts ALTER COLUMN id DROP IDENTITY;
  ALTER TABLE hookline.webhook_delivery_attempts RENAME TO webhook_delivery_attempts_before;
  ALTER INDEX hookline.webhook_delivery_attempts_pkey RENAME TO webhook_delivery_attempts_before_pkey;
  ALTER INDEX hookline.webhook_delivery_attempts_delivery_id RENAME TO webhook_delivery_attempts_before_delivery_id;
  ALTER INDEX hookline.webhook_delivery_attempts_webhook_id RENAME TO webhook_delivery_attempts_before_webhook_id;

  CREATE TABLE hookline.webhook_delivery_attempts (LIKE hookline.webhook_delivery_attempts_before INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING COMPRESSION) PARTITION BY RANGE (delivery_created_at);
  -- Each partition has a primary key of its own, id: one of the whole table would have to hold the time, and be built for the attempts of before under the lock.
  EXECUTE format('ALTER TABLE hookline.webhook_delivery_attempts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (START WITH %s)', v_next);
  CREATE INDEX webhook_delivery_attempts_delivery_id ON hookline.webhook_delivery_attempts (delivery_id, attempt_number);
  CREATE INDEX webhook_delivery_attempts_webhook_id ON hookline.webhook_delivery_attempts (webhook_id);
  PERFORM hookline.protect('hookline.webhook_delivery_attempts');
  GRANT SELECT, INSERT, UPDATE, DELETE ON hookline.webhook_delivery_attempts TO service_role;

  CREATE TABLE hookline.webhook_delivery_attempts_default PARTITION OF hookline.webhook_delivery_attempts (PRIMARY KEY (id)) DEFAULT;
  -- Of it alone: whoever makes partitions looks for what is there already, under a lock that nobody passes.
  CREATE INDEX webhook_delivery_attempts_default_created_at ON hookline.webhook_delivery_attempts_default (delivery_created_at);
  v_name := 'webhook_delivery_attempts_' || to_char(v_first AT TIME ZONE 'UTC' - interval '1 day' * (SELECT s.partition_days FROM hookline.settings s), 'YYYYMMDD');
  -- Also those of deliveries that are older, from now on.
  EXECUTE format('CREATE TABLE hookline.%I PARTITION OF hookline.webhook_delivery_attempts (PRIMARY KEY (id)) FOR VALUES FROM (%L) TO (%L)',
    v_name, '1970-01-01 00:00:00+00', v_first);
  PERFORM hookline.protect(format('hookline.%I', v_name)::regclass);
  PERFORM hookline.protect('hookline.webhook_delivery_attempts_default');
  IF EXISTS (SELECT FROM hookline.webhook_delivery_attempts_before) THEN
    ALTER TABLE hookline.webhook_delivery_attempts ATTACH PARTITION hookline.webhook_delivery_attempts_before
      FOR VALUES FROM (MINVALUE) TO ('1970-01-01 00:00:00+00');
    PERFORM hookline.protect('hookline.webhook_delivery_attempts_before');
  END IF;
END $$;

-- As in 0017. ANY, since an OR would have every partition looked into.
CREATE OR REPLACE VIEW public.webhook_delivery_attempts WITH (security_barrier) AS
WITH attempt AS NOT MATERIALIZED (
  SELECT d.id AS delivery_id, d.webhook_id, d.user_id, d.event_type, d.attempt_number, d.attempted_at, true AS is_latest, false AS is_late,
         d.request_url, d.request_headers, d.request_signature, d.response_status, d.response_headers, d.response_body, d.response_time_ms,
         d.error_code, d.error_message
  FROM public.webhook_deliveries d WHERE d.attempt_number > 0
  UNION ALL
  SELECT e.delivery_id, d.webhook_id, d.user_id, d.event_type, e.attempt_number, e.attempted_at, false, e.is_late,
         e.request_url, e.request_headers, e.request_signature, e.response_status, e.response_headers, e.response_body, e.response_time_ms,
         e.error_code, e.error_message
  FROM hookline.webhook_delivery_attempts e JOIN public.webhook_deliveries d
    ON d.id = e.delivery_id AND d.webhook_id = e.webhook_id AND e.delivery_created_at = ANY (ARRAY[d.created_at, '-infinity'])
)
SELECT seen.* FROM (
  SELECT a.* FROM attempt a WHERE a.user_id = (SELECT auth.uid())
  UNION ALL
  SELECT a.* FROM attempt a WHERE (SELECT pg_has_role('service_role', 'USAGE')) AND a.user_id IS DISTINCT FROM (SELECT auth.uid())
) seen;

DO $$
BEGIN
  IF to_regclass('hookline.webhook_delivery_attempts_before') IS NOT NULL
    AND NOT (SELECT c.relispartition FROM pg_class c WHERE c.oid = to_regclass('hookline.webhook_delivery_attempts_before'))
  THEN
    DROP TABLE hookline.webhook_delivery_attempts_before;
  END IF;
END $$;

-- As in 0007; attempts go with their deliveries, but those that go with their partition soon (remove_ended below).
CREATE OR REPLACE FUNCTION hookline.deliveries_deleted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  DELETE FROM hookline.queue q USING old_rows o WHERE q.delivery_id = o.id AND o.status IN ('pending', 'retrying');
  IF current_setting('hookline.leaving_attempts', true) = 'on' THEN
    DELETE FROM hookline.webhook_delivery_attempts a USING old_rows o WHERE a.delivery_id = o.id AND a.delivery_created_at = '-infinity';
  ELSE
    DELETE FROM hookline.webhook_delivery_attempts a USING old_rows o
    WHERE a.delivery_id = o.id AND a.delivery_created_at = ANY (ARRAY[o.created_at, '-infinity']);
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION hookline.deliveries_truncated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM hookline.queue;
  -- Where both tables are named in one TRUNCATE it is empty already, and in use.
  IF EXISTS (SELECT FROM hookline.webhook_delivery_attempts) THEN
    TRUNCATE hookline.webhook_delivery_attempts;
  END IF;
  RETURN NULL;
END $$;

-- Whoever corrects the time of a delivery moves its attempts along, and its place in the queue looks for it everywhere. BEFORE, since an update that moves a row to
-- another partition fires no AFTER; for that column alone, so that recording pays nothing.
CREATE OR REPLACE FUNCTION hookline.delivery_redated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE hookline.queue q SET delivery_created_at = NULL WHERE q.delivery_id = OLD.id;
  UPDATE hookline.webhook_delivery_attempts a SET delivery_created_at = NEW.created_at WHERE a.delivery_id = OLD.id AND a.delivery_created_at = OLD.created_at;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.delivery_redated() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhook_deliveries_redated BEFORE UPDATE OF created_at ON public.webhook_deliveries
FOR EACH ROW WHEN (NEW.created_at IS DISTINCT FROM OLD.created_at) EXECUTE FUNCTION hookline.delivery_redated();

-- As in 0030, and says when the delivery was made.
CREATE OR REPLACE FUNCTION hookline.deliveries_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_ended hookline.ended[];
BEGIN
  -- The key by a subquery: a join may turn the rows' order round, which is that of their positions.
  INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting, ordering_key, delivery_created_at)
  SELECT n.id, n.webhook_id, n.user_id, n.status = 'retrying', hookline.payload_bytes(n.request_payload),
         CASE n.status WHEN 'retrying' THEN n.next_retry_at ELSE now() END, n.status = 'retrying' AND n.next_retry_at > now(),
         (SELECT hookline.ordering_key(w.ordering_key_path, n.request_payload) FROM public.webhooks w WHERE w.id = n.webhook_id AND w.is_ordered), n.created_at
  FROM new_rows n
  WHERE n.status IN ('pending', 'retrying');
  IF FOUND THEN
    PERFORM hookline.wake_worker();
  END IF;

  SELECT array_agg(ROW(n.webhook_id, n.event_type, CASE n.status WHEN 'success' THEN n.delivered_at ELSE n.failed_at END,
                       n.status = 'success', CASE WHEN n.response_status IS NOT NULL THEN n.response_time_ms END, 1)::hookline.ended)
  INTO v_ended FROM new_rows n WHERE n.status IN ('success', 'failed');
  IF v_ended IS NOT NULL THEN
    PERFORM hookline.count_ended(v_ended);
  END IF;
  RETURN NULL;
END $$;

-- As in 0032, with the time of the delivery.
CREATE OR REPLACE FUNCTION hookline.deliveries_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The delivery holds its latest attempt; the one before it goes into the history.
  IF NEW.attempt_number > OLD.attempt_number AND OLD.attempt_number > 0 THEN
    INSERT INTO hookline.webhook_delivery_attempts (delivery_id, delivery_created_at, webhook_id, user_id, attempt_number, attempted_at, request_url, request_headers,
      request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code)
    VALUES (OLD.id, OLD.created_at, OLD.webhook_id, OLD.user_id, OLD.attempt_number, OLD.attempted_at, OLD.request_url, OLD.request_headers,
      OLD.request_signature, OLD.response_status, OLD.response_headers, OLD.response_body, OLD.response_time_ms, OLD.error_message, OLD.error_code);
  END IF;

  IF NEW.status IN ('success', 'failed') THEN
    DELETE FROM hookline.queue q WHERE q.delivery_id = NEW.id;
  ELSIF (OLD.status, OLD.next_retry_at, OLD.attempt_number) IS DISTINCT FROM (NEW.status, NEW.next_retry_at, NEW.attempt_number) THEN
    INSERT INTO hookline.queue AS q (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting, ordering_key, delivery_created_at)
    SELECT NEW.id, NEW.webhook_id, NEW.user_id, NEW.status = 'retrying', hookline.payload_bytes(NEW.request_payload),
           CASE NEW.status WHEN 'retrying' THEN NEW.next_retry_at ELSE now() END, NEW.status = 'retrying' AND NEW.next_retry_at > now(),
           (SELECT hookline.ordering_key(w.ordering_key_path, NEW.request_payload) FROM public.webhooks w WHERE w.id = NEW.webhook_id AND w.is_ordered),
           NEW.created_at
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

-- As in 0032; each delivery is looked for in its partition alone. BETWEEN, since a place in the queue from before 0048 does not know the time: an OR would keep the
-- planner from leaving partitions out.
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
    RETURNING q.position, q.bytes, q.ordering_key, q.delivery_created_at, r.*
  ), earlier AS (
    -- The delivery holds its latest attempt; the one before it goes into the history.
    INSERT INTO hookline.webhook_delivery_attempts (delivery_id, delivery_created_at, webhook_id, user_id, attempt_number, attempted_at, request_url,
      request_headers, request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code)
    SELECT d.id, d.created_at, d.webhook_id, d.user_id, d.attempt_number, d.attempted_at, d.request_url, d.request_headers,
      d.request_signature, d.response_status, d.response_headers, d.response_body, d.response_time_ms, d.error_message, d.error_code
    FROM (SELECT h.delivery_id, h.delivery_created_at FROM held h WHERE h.attempt_number > 1 OFFSET 0) h
    JOIN public.webhook_deliveries d ON d.id = ANY (ARRAY[h.delivery_id])
      AND d.created_at BETWEEN coalesce(h.delivery_created_at, '-infinity') AND coalesce(h.delivery_created_at, 'infinity')
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
      AND d.created_at BETWEEN coalesce(r.delivery_created_at, '-infinity') AND coalesce(r.delivery_created_at, 'infinity')
    RETURNING d.id, d.created_at, r.lease_id, d.status, d.next_retry_at, d.webhook_id, d.user_id, d.event_type, r.ok,
      CASE WHEN d.response_status IS NOT NULL THEN d.response_time_ms END AS response_time_ms, r.position, r.bytes, r.ordering_key
  ), requeued AS (
    INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting, position, ordering_key, delivery_created_at)
      OVERRIDING SYSTEM VALUE
    SELECT d.id, d.webhook_id, d.user_id, true, d.bytes, d.next_retry_at, true, d.position, d.ordering_key, d.created_at FROM recorded d WHERE d.status = 'retrying'
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
      INSERT INTO hookline.webhook_delivery_attempts (delivery_id, delivery_created_at, webhook_id, user_id, attempt_number, attempted_at, request_url,
        request_headers, request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code, is_late)
      SELECT d.id, d.created_at, d.webhook_id, d.user_id, coalesce(r.attempt_number, d.attempt_number), r.attempted_at, coalesce(r.request_url, d.request_url),
        r.request_headers::jsonb, r.request_signature, r.response_status, r.response_headers::jsonb, r.response_body, r.response_time_ms,
        r.error_message, r.error_code, true
      FROM other r JOIN public.webhook_deliveries d ON d.id = ANY (ARRAY[r.delivery_id])
      WHERE NOT r.is_held_up AND (d.attempt_number, d.attempted_at, d.response_status, d.response_time_ms)
          IS DISTINCT FROM (r.attempt_number, r.attempted_at, r.response_status, r.response_time_ms)
        AND NOT EXISTS (
          SELECT FROM hookline.webhook_delivery_attempts a
          WHERE a.delivery_id = d.id AND a.delivery_created_at = ANY (ARRAY[d.created_at, '-infinity']) AND (a.attempt_number, a.attempted_at, a.response_status, a.response_time_ms)
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

-- As in 0046; attempts by their webhook.
CREATE OR REPLACE FUNCTION hookline.erase_user(p_user_id uuid) RETURNS TABLE (kind text, removed bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_external_id CONSTANT text := (SELECT u.external_user_id FROM hookline.users u WHERE u.user_id = p_user_id);
  v_webhooks uuid[];
  v_left bigint;
BEGIN
  DELETE FROM hookline.access_tokens t WHERE t.user_id = p_user_id;
  kind := 'access_tokens'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  -- Also those that name the user in their content alone: an event for everyone, a row that came before the user was known. Read before anything is locked.
  DELETE FROM hookline.events e WHERE e.user_id = p_user_id OR (e.user_id IS NULL AND hookline.names_user(e.payload, p_user_id, v_external_id));
  kind := 'events'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.ai_content c WHERE c.user_id = p_user_id OR (c.user_id IS NULL AND hookline.names_user(c.metadata, p_user_id, v_external_id));
  kind := 'ai_content'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;

  -- Webhooks before what hangs on them, as everywhere. Whoever triggers for them or records meanwhile waits, and then finds them gone.
  SELECT array_agg(l.id) INTO v_webhooks FROM (
    SELECT w.id FROM public.webhooks w WHERE w.user_id = p_user_id ORDER BY w.id FOR UPDATE) l;

  -- Also those whose deliveries retention has removed, and whose partition is still to be dropped: of webhooks that are there, and of earlier ones.
  DELETE FROM hookline.webhook_delivery_attempts a WHERE a.webhook_id = ANY (v_webhooks);
  GET DIAGNOSTICS removed = ROW_COUNT;
  DELETE FROM hookline.webhook_delivery_attempts a USING hookline.settings s
  WHERE a.user_id = p_user_id AND (
    (a.delivery_created_at > '1970-01-01' AND a.delivery_created_at < now() - greatest(s.successful_retention, s.failed_retention))
    OR (a.delivery_created_at = '-infinity' AND (SELECT c.relkind = 'p' FROM pg_class c WHERE c.oid = 'public.webhook_deliveries'::regclass)));
  GET DIAGNOSTICS v_left = ROW_COUNT;
  kind := 'webhook_delivery_attempts'; removed := removed + v_left; RETURN NEXT;
  DELETE FROM public.webhook_deliveries d WHERE d.webhook_id = ANY (v_webhooks);
  kind := 'webhook_deliveries'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM hookline.statistics_daily s WHERE s.webhook_id = ANY (v_webhooks);
  kind := 'statistics_daily'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.webhook_event_subscriptions s WHERE s.webhook_id = ANY (v_webhooks);
  kind := 'webhook_event_subscriptions'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.webhooks w WHERE w.id = ANY (v_webhooks);
  kind := 'webhooks'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;

  DELETE FROM hookline.users u WHERE u.user_id = p_user_id;
  kind := 'external_user_ids'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  kind := 'users'; removed := 0;
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = 'auth.users'::regclass AND pg_get_userbyid(c.relowner) = current_user) THEN
    DELETE FROM auth.users u WHERE u.id = p_user_id;
    GET DIAGNOSTICS removed = ROW_COUNT;
  END IF;
  RETURN NEXT;

  -- Last, with what the deletions above have written. That somebody was erased stays, and whoever has the id can tell by its digest that it was this user.
  DELETE FROM hookline.audit_log a WHERE a.user_id = p_user_id OR (a.actor_id = p_user_id::text AND a.actor_kind = 'user');
  kind := 'audit_log'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  INSERT INTO hookline.audit_log (actor_kind, actor_id, action, thing_kind, thing_id, request_id, ip, user_agent)
  SELECT o.actor_kind, o.actor_id, 'user.erased', 'user', 'sha256:' || encode(sha256(convert_to(p_user_id::text, 'UTF8')), 'hex'), o.request_id, o.ip, o.user_agent
  FROM hookline.audit_origin() o;
END $$;

-- Makes the next partition that is wanted, two ahead and a week at least, and gives its name; NULL when none is. Waits a moment at most for its locks. A table
-- is attached, which inserts pass, where CREATE TABLE … PARTITION OF would hold them up.
CREATE OR REPLACE FUNCTION hookline.make_partition() RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC' SET lock_timeout = '300ms' AS $$
DECLARE
  v_width CONSTANT interval := (SELECT make_interval(hours => 24 * s.partition_days) FROM hookline.settings s);
  v_table record;
  v_starts timestamptz;
  v_latest timestamptz;
  v_name text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('hookline.partitions'));
  -- A change of deliveries that was begun and not ended: from the bound on, deliveries would be refused (src/db/partition/bound.sql).
  IF EXISTS (
    SELECT FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.conrelid = 'public.webhook_deliveries'::regclass AND c.relkind = 'r' AND k.conname = 'before_partitions'
      AND substring(pg_get_constraintdef(k.oid) FROM '''([^'']+)''')::timestamptz < now() + interval '1 day')
  THEN
    ALTER TABLE public.webhook_deliveries DROP CONSTRAINT before_partitions;
  END IF;
  FOR v_table IN
    SELECT p.parent, CASE p.parent WHEN 'public.webhook_deliveries'::regclass THEN 'created_at' ELSE 'delivery_created_at' END AS key,
           max(p.ends) FILTER (WHERE NOT p.is_default) AS ends, (array_agg(p.partition) FILTER (WHERE p.is_default))[1] AS default_partition
    FROM hookline.partitions() p GROUP BY p.parent ORDER BY p.parent
  LOOP
    -- None of what is long past: nobody made partitions for a while.
    v_starts := greatest(v_table.ends, hookline.partition_bound_after(now()) - v_width);
    CONTINUE WHEN v_starts > now() + greatest(2 * v_width, interval '7 days');
    -- Webhooks first, as everywhere: a partition of deliveries has their foreign key.
    IF v_table.key = 'created_at' THEN
      LOCK TABLE public.webhooks IN SHARE ROW EXCLUSIVE MODE;
    END IF;
    EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', v_table.parent);
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', v_table.default_partition);
    -- What came while nobody made partitions stays where it is: moving it would hold up whoever inserts. What is far ahead (a clock that jumped) is in nobody's way.
    LOOP
      EXECUTE format('SELECT max(d.%1$I) FROM %2$s d WHERE d.%1$I >= $1 AND d.%1$I < $2', v_table.key, v_table.default_partition)
      INTO v_latest USING v_starts, v_starts + v_width;
      EXIT WHEN v_latest IS NULL;
      v_starts := hookline.partition_bound_after(v_latest);
    END LOOP;
    v_name := (SELECT c.relname FROM pg_class c WHERE c.oid = v_table.parent) || '_' || to_char(v_starts, 'YYYYMMDD');
    EXECUTE format('CREATE TABLE hookline.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION)', v_name, v_table.parent);
    EXECUTE format('ALTER TABLE hookline.%I ADD PRIMARY KEY (%s)', v_name, CASE v_table.key WHEN 'created_at' THEN 'id, created_at' ELSE 'id' END);
    PERFORM hookline.protect(format('hookline.%I', v_name)::regclass);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION hookline.%I FOR VALUES FROM (%L) TO (%L)', v_table.parent, v_name, v_starts, v_starts + v_width);
    RETURN v_name;
  END LOOP;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.make_partition() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.make_partition() TO service_role;

-- Whether something in a partition has to stay: a delivery that has not ended; for attempts, a delivery of their time, or from before the last of those from before 0050.
CREATE OR REPLACE FUNCTION hookline.partition_is_held(p_parent regclass, p_partition regclass, p_starts timestamptz, p_ends timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off AS $$
DECLARE
  v_is_held boolean;
BEGIN
  IF p_parent = 'public.webhook_deliveries'::regclass THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s d WHERE d.status IN (''pending'', ''retrying''))', p_partition) INTO v_is_held;
  ELSIF p_starts = '-infinity' THEN
    -- By the last attempt that came in, its index alone: some of the deliveries were dropped with their partition, which takes no attempts along.
    EXECUTE format('SELECT EXISTS (SELECT FROM public.webhook_deliveries d
      WHERE d.created_at <= (SELECT a.recorded_at + interval ''1 day'' FROM %s a ORDER BY a.id DESC LIMIT 1))', p_partition) INTO v_is_held;
  ELSE
    v_is_held := EXISTS (SELECT FROM public.webhook_deliveries d WHERE d.created_at >= p_starts AND d.created_at < p_ends);
  END IF;
  RETURN v_is_held;
END $$;
REVOKE ALL ON FUNCTION hookline.partition_is_held(regclass, regclass, timestamptz, timestamptz) FROM PUBLIC, anon, authenticated, service_role;

-- Drops the oldest partition that is past the longer of the two ages and holds nothing that has to stay; gives its name and about how many rows it had. No row:
-- there is none. Waits a moment at most for the lock that nobody passes, and holds it as briefly.
CREATE OR REPLACE FUNCTION hookline.drop_partition() RETURNS TABLE (partition text, about bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '300ms' AS $$
DECLARE
  v_old record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('hookline.partitions'));
  -- Deliveries first: their attempts wait for them.
  FOR v_old IN
    SELECT p.*, c.relname, greatest(0, c.reltuples)::bigint AS tuples FROM hookline.partitions() p JOIN pg_class c ON c.oid = p.partition CROSS JOIN hookline.settings s
    WHERE NOT p.is_default AND p.ends <= now() - greatest(s.successful_retention, s.failed_retention)
    ORDER BY p.parent <> 'public.webhook_deliveries'::regclass, p.ends
  LOOP
    CONTINUE WHEN hookline.partition_is_held(v_old.parent, v_old.partition, v_old.starts, v_old.ends);
    EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', v_old.parent);
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', v_old.partition);
    -- A failed delivery may have been taken up again meanwhile.
    CONTINUE WHEN hookline.partition_is_held(v_old.parent, v_old.partition, v_old.starts, v_old.ends);
    EXECUTE format('DROP TABLE %s', v_old.partition);
    partition := v_old.relname;
    about := v_old.tuples;
    RETURN NEXT;
    RETURN;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION hookline.drop_partition() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.drop_partition() TO service_role;

-- The tables out of which retention takes rows one by one that are past p_age: those that are not dropped as a whole.
CREATE OR REPLACE FUNCTION hookline.tables_to_clean(p_age interval) RETURNS regclass[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN c.relkind <> 'p' OR p_age < greatest(s.successful_retention, s.failed_retention) THEN ARRAY['public.webhook_deliveries'::regclass]
    ELSE ARRAY(SELECT p.partition FROM hookline.partitions() p
               WHERE p.parent = 'public.webhook_deliveries'::regclass
                 AND (p.is_default OR (p.ends <= now() - p_age AND hookline.partition_is_held(p.parent, p.partition, p.starts, p.ends)))
               ORDER BY p.starts) END
  FROM pg_class c, hookline.settings s WHERE c.oid = 'public.webhook_deliveries'::regclass
$$;
REVOKE ALL ON FUNCTION hookline.tables_to_clean(interval) FROM PUBLIC, anon, authenticated, service_role;

-- Removes up to p_limit deliveries that ended with p_status and are older than p_age, and gives how many. What is kept longest leaves its attempts: their
-- partition is dropped once no delivery of its time is left.
CREATE OR REPLACE FUNCTION hookline.remove_ended(p_status text, p_age interval, p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_removed integer := 0;
  v_count integer;
  v_table regclass;
  v_ids uuid[];
  v_from timestamptz;
  v_to timestamptz;
BEGIN
  PERFORM set_config('hookline.leaving_attempts', CASE WHEN p_age >= greatest(s.successful_retention, s.failed_retention) THEN 'on' ELSE '' END, true)
  FROM hookline.settings s;
  FOREACH v_table IN ARRAY hookline.tables_to_clean(p_age) LOOP
    EXIT WHEN v_removed >= p_limit;
    -- Chosen once, as an array, as in 0041.
    EXECUTE format('SELECT array_agg(l.id), min(l.created_at), max(l.created_at) FROM (
      SELECT o.id, o.created_at FROM %s o WHERE o.status = %L AND o.created_at < now() - $1 ORDER BY o.created_at LIMIT $2 FOR UPDATE SKIP LOCKED) l', v_table, p_status)
    INTO v_ids, v_from, v_to USING p_age, p_limit - v_removed;
    DELETE FROM public.webhook_deliveries d WHERE d.id = ANY (v_ids) AND d.created_at BETWEEN v_from AND v_to;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    v_removed := v_removed + v_count;
  END LOOP;
  PERFORM set_config('hookline.leaving_attempts', '', true);
  RETURN v_removed;
END $$;
REVOKE ALL ON FUNCTION hookline.remove_ended(text, interval, integer) FROM PUBLIC, anon, authenticated, service_role;

-- How long an event is kept: as its deliveries, which may be looked up by it.
CREATE OR REPLACE FUNCTION hookline.event_retention() RETURNS interval LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(s.successful_retention, s.failed_retention, s.idempotency_window)
    + CASE c.relkind WHEN 'p' THEN make_interval(days => s.partition_days) ELSE interval '0' END
  FROM hookline.settings s, pg_class c WHERE c.oid = 'public.webhook_deliveries'::regclass
$$;
REVOKE ALL ON FUNCTION hookline.event_retention() FROM PUBLIC, anon, authenticated, service_role;

-- As in 0041, leaving what is dropped with its partition.
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
  successful := hookline.remove_ended('success', v_settings.successful_retention, p_limit);
  failed := hookline.remove_ended('failed', v_settings.failed_retention, p_limit);
  DELETE FROM hookline.events e WHERE e.id = ANY (ARRAY(
    SELECT o.id FROM hookline.events o WHERE o.created_at < now() - hookline.event_retention() ORDER BY o.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS events = ROW_COUNT;
  DELETE FROM hookline.statistics_hourly s WHERE s.ctid = ANY (ARRAY(
    SELECT o.ctid FROM hookline.statistics_hourly o WHERE o.hour < now() - interval '35 days' ORDER BY o.hour LIMIT p_limit FOR UPDATE SKIP LOCKED));
  -- The default partition is not dropped. It is empty as a rule.
  DELETE FROM hookline.webhook_delivery_attempts_default a WHERE a.ctid = ANY (ARRAY(
    SELECT o.ctid FROM hookline.webhook_delivery_attempts_default o
    WHERE o.delivery_created_at < now() - greatest(v_settings.successful_retention, v_settings.failed_retention)
      AND NOT EXISTS (SELECT FROM public.webhook_deliveries d WHERE d.id = o.delivery_id) LIMIT p_limit FOR UPDATE SKIP LOCKED));
  RETURN NEXT;
END $$;

-- What retention would remove in all, now: rows one by one, and with partitions.
CREATE OR REPLACE FUNCTION hookline.count_expired()
RETURNS TABLE (successful bigint, failed bigint, events bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_settings hookline.settings;
  v_dropped timestamptz;
BEGIN
  SELECT * INTO v_settings FROM hookline.settings;
  -- Of what is kept longest only that in partitions that are past it as a whole.
  SELECT max(p.ends) INTO v_dropped FROM hookline.partitions() p
  WHERE p.parent = 'public.webhook_deliveries'::regclass AND NOT p.is_default
    AND p.ends <= now() - greatest(v_settings.successful_retention, v_settings.failed_retention);
  SELECT count(*) FILTER (WHERE d.status = 'success'), count(*) FILTER (WHERE d.status = 'failed') INTO successful, failed
  FROM public.webhook_deliveries d, (
    SELECT o.status, CASE WHEN o.age >= greatest(v_settings.successful_retention, v_settings.failed_retention) AND c.relkind = 'p'
      THEN coalesce(v_dropped, '-infinity') ELSE now() - o.age END AS before
    FROM (VALUES ('success', v_settings.successful_retention), ('failed', v_settings.failed_retention)) o (status, age), pg_class c
    WHERE c.oid = 'public.webhook_deliveries'::regclass) o
  WHERE d.status = o.status AND d.created_at < o.before;
  SELECT count(*) INTO events FROM hookline.events e WHERE e.created_at < now() - hookline.event_retention();
  RETURN NEXT;
END $$;

-- Those of the next weeks at once: workers of the version before make none.
DO $$
BEGIN
  WHILE hookline.make_partition() IS NOT NULL LOOP
  END LOOP;
END $$;
