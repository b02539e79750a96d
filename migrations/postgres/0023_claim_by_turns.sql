-- Claiming by turns. The queue was read in order of due time, so that a million rows of one webhook at its cap stood before everybody else's; now a
-- claim goes from webhook to webhook by an index and takes a few rows of each, however many wait. Beside it what a claim has to know of a webhook: its
-- rate limit, whether it wants its deliveries in order, and the state of its breaker (0024 keeps that).
ALTER TABLE hookline.settings
  -- Calls in flight at most, over all workers.
  ADD COLUMN IF NOT EXISTS calls_per_webhook integer NOT NULL DEFAULT 16 CHECK (calls_per_webhook BETWEEN 1 AND 1000),
  ADD COLUMN IF NOT EXISTS calls_per_user integer NOT NULL DEFAULT 64 CHECK (calls_per_user BETWEEN 1 AND 10000),
  -- A breaker opens after so many failures in a row, and lets a probe through after the pause, which doubles with every probe that fails.
  ADD COLUMN IF NOT EXISTS breaker_failures integer NOT NULL DEFAULT 20 CHECK (breaker_failures > 0),
  ADD COLUMN IF NOT EXISTS breaker_pause interval NOT NULL DEFAULT '10 seconds' CHECK (breaker_pause > interval '0'),
  ADD COLUMN IF NOT EXISTS breaker_longest_pause interval NOT NULL DEFAULT '15 minutes' CHECK (breaker_longest_pause > interval '0');

ALTER TABLE public.webhooks
  -- Calls a second, and at once after a pause (by default as many); NULL: no limit.
  ADD COLUMN IF NOT EXISTS rate_limit_per_second integer CONSTRAINT valid_rate_limit CHECK (rate_limit_per_second BETWEEN 1 AND 10000),
  ADD COLUMN IF NOT EXISTS rate_limit_burst integer CONSTRAINT valid_rate_limit_burst CHECK (rate_limit_burst BETWEEN 1 AND 10000),
  -- One delivery in flight at a time, in order of creation; for each value at the path in the payload (a JSON pointer, RFC 6901), or NULL: over all.
  ADD COLUMN IF NOT EXISTS is_ordered boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS ordering_key_path text CONSTRAINT valid_ordering_key_path
    CHECK (ordering_key_path ~ '^(/([^~/]|~[01])*)+$' AND octet_length(ordering_key_path) <= 255),
  -- The breaker: failures since the last success; open since; when the next probe may go; how many probes have failed.
  ADD COLUMN IF NOT EXISTS consecutive_failures integer NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS breaker_since timestamptz,
  ADD COLUMN IF NOT EXISTS breaker_until timestamptz,
  ADD COLUMN IF NOT EXISTS breaker_probes integer NOT NULL DEFAULT 0;
CREATE INDEX IF NOT EXISTS webhooks_ordered ON public.webhooks (id) WHERE is_ordered;
GRANT INSERT (rate_limit_per_second, rate_limit_burst, is_ordered, ordering_key_path),
      UPDATE (rate_limit_per_second, rate_limit_burst, is_ordered, ordering_key_path) ON public.webhooks TO authenticated;

-- What a claim has to know of a webhook, kept by a trigger. Every batch of results makes a new version of the webhook's row, for its counters; while
-- somebody's snapshot is old, none of them can go, and a claim walked over all: 6,136 of its 6,940 buffers.
CREATE TABLE IF NOT EXISTS hookline.endpoints (
  webhook_id uuid PRIMARY KEY REFERENCES public.webhooks (id) ON DELETE CASCADE,
  is_active boolean NOT NULL,
  is_verified boolean NOT NULL,
  paused_until timestamptz,
  breaker_since timestamptz,
  breaker_until timestamptz,
  timeout_seconds integer NOT NULL,
  is_ordered boolean NOT NULL,
  rate_limit_per_second integer,
  rate_limit_burst integer
) WITH (fillfactor = 70);
SELECT hookline.protect('hookline.endpoints');
GRANT SELECT ON hookline.endpoints TO service_role;

CREATE OR REPLACE FUNCTION hookline.keep_endpoint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO hookline.endpoints AS e (webhook_id, is_active, is_verified, paused_until, breaker_since, breaker_until, timeout_seconds, is_ordered,
    rate_limit_per_second, rate_limit_burst)
  VALUES (NEW.id, NEW.is_active, NEW.is_verified, NEW.paused_until, NEW.breaker_since, NEW.breaker_until, NEW.timeout_seconds, NEW.is_ordered,
    NEW.rate_limit_per_second, NEW.rate_limit_burst)
  ON CONFLICT (webhook_id) DO UPDATE SET
    is_active = excluded.is_active, is_verified = excluded.is_verified, paused_until = excluded.paused_until, breaker_since = excluded.breaker_since,
    breaker_until = excluded.breaker_until, timeout_seconds = excluded.timeout_seconds, is_ordered = excluded.is_ordered,
    rate_limit_per_second = excluded.rate_limit_per_second, rate_limit_burst = excluded.rate_limit_burst;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.keep_endpoint() FROM PUBLIC, anon, authenticated, service_role;
-- url, since a changed one ends pauses and verification.
CREATE OR REPLACE TRIGGER webhooks_keep_endpoint AFTER INSERT OR UPDATE OF id, url, is_active, is_verified, paused_until, breaker_since, breaker_until,
  timeout_seconds, is_ordered, rate_limit_per_second, rate_limit_burst
ON public.webhooks FOR EACH ROW EXECUTE FUNCTION hookline.keep_endpoint();
INSERT INTO hookline.endpoints (webhook_id, is_active, is_verified, paused_until, timeout_seconds, is_ordered)
SELECT w.id, w.is_active, w.is_verified, w.paused_until, w.timeout_seconds, w.is_ordered FROM public.webhooks w ON CONFLICT DO NOTHING;

-- What is left of a webhook's rate limit. A row comes with the first claim.
CREATE TABLE IF NOT EXISTS hookline.rate_buckets (
  webhook_id uuid PRIMARY KEY REFERENCES public.webhooks (id) ON DELETE CASCADE,
  tokens double precision NOT NULL,
  filled_at timestamptz NOT NULL
) WITH (fillfactor = 50);
SELECT hookline.protect('hookline.rate_buckets');
GRANT SELECT, INSERT, UPDATE, DELETE ON hookline.rate_buckets TO service_role;

-- How many of a worker's transactions were rolled back for a deadlock or a serialization failure, and tried again, since it started.
ALTER TABLE hookline.workers ADD COLUMN IF NOT EXISTS rollbacks bigint NOT NULL DEFAULT 0;

ALTER TABLE hookline.queue
  -- The order of creation.
  ADD COLUMN IF NOT EXISTS position bigint GENERATED ALWAYS AS IDENTITY,
  -- May be claimed now. Else due_at is when it will be, or when its lease ends.
  ADD COLUMN IF NOT EXISTS is_ready boolean NOT NULL DEFAULT true,
  ADD COLUMN IF NOT EXISTS ordering_key text;
UPDATE hookline.queue q SET is_ready = false WHERE q.is_ready AND (q.lease_id IS NOT NULL OR q.due_at > now());
DROP INDEX IF EXISTS hookline.queue_due;
CREATE INDEX IF NOT EXISTS queue_ready ON hookline.queue (user_id, webhook_id, position) WHERE is_ready;
CREATE INDEX IF NOT EXISTS queue_waiting ON hookline.queue (due_at) WHERE NOT is_ready AND lease_id IS NULL;
CREATE INDEX IF NOT EXISTS queue_leased ON hookline.queue (user_id, webhook_id) WHERE lease_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS queue_ordered ON hookline.queue (webhook_id, ordering_key, position) WHERE ordering_key IS NOT NULL;

-- The key by which a payload is ordered: the text at the pointer, '' where there is none.
CREATE OR REPLACE FUNCTION hookline.ordering_key(p_path text, p_payload jsonb) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT left(coalesce(p_payload #>> (
    SELECT array_agg(replace(replace(part, '~1', '/'), '~0', '~') ORDER BY nth) FROM string_to_table(substr(p_path, 2), '/') WITH ORDINALITY s (part, nth)
  ), ''), 255)
$$;
REVOKE ALL ON FUNCTION hookline.ordering_key(text, jsonb) FROM PUBLIC, anon, authenticated, service_role;

-- The size of a payload's text, by which claims are bounded: exact where it is large or compressed; making the text of a small one cost more than its row.
CREATE OR REPLACE FUNCTION hookline.payload_bytes(p_payload jsonb) RETURNS integer LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF pg_column_compression(p_payload) IS NULL AND pg_column_size(p_payload) < 2048 THEN
    RETURN pg_column_size(p_payload);
  END IF;
  RETURN octet_length(p_payload::text);
END $$;
REVOKE ALL ON FUNCTION hookline.payload_bytes(jsonb) FROM PUBLIC, anon, authenticated, service_role;

-- As in 0007, for the queue of this migration.
CREATE OR REPLACE FUNCTION hookline.deliveries_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_ended hookline.ended[];
BEGIN
  -- The key by a subquery: a join may turn the rows' order round, which is that of their positions.
  INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_ready, ordering_key)
  SELECT n.id, n.webhook_id, n.user_id, n.status = 'retrying', hookline.payload_bytes(n.request_payload),
         CASE n.status WHEN 'retrying' THEN n.next_retry_at ELSE now() END, n.status = 'pending' OR n.next_retry_at <= now(),
         (SELECT hookline.ordering_key(w.ordering_key_path, n.request_payload) FROM public.webhooks w WHERE w.id = n.webhook_id AND w.is_ordered)
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

-- As in 0007, for the queue of this migration.
CREATE OR REPLACE FUNCTION hookline.deliveries_updated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_ended hookline.ended[];
BEGIN
  -- record_results does all this itself, knowing more of its rows.
  IF current_setting('hookline.recording', true) = 'on' THEN
    RETURN NULL;
  END IF;
  -- The delivery holds its latest attempt; the one before it goes into the history.
  INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at, request_url, request_headers,
    request_signature, response_status, response_headers, response_body, response_time_ms, error_message, error_code)
  SELECT o.id, o.webhook_id, o.user_id, o.attempt_number, o.attempted_at, o.request_url, o.request_headers,
    o.request_signature, o.response_status, o.response_headers, o.response_body, o.response_time_ms, o.error_message, o.error_code
  FROM old_rows o JOIN new_rows n ON n.id = o.id
  WHERE n.attempt_number > o.attempt_number AND o.attempt_number > 0;

  DELETE FROM hookline.queue q USING new_rows n WHERE q.delivery_id = n.id AND n.status IN ('success', 'failed');
  INSERT INTO hookline.queue AS q (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_ready, ordering_key)
  SELECT n.id, n.webhook_id, n.user_id, n.status = 'retrying', hookline.payload_bytes(n.request_payload),
         CASE n.status WHEN 'retrying' THEN n.next_retry_at ELSE now() END, n.status = 'pending' OR n.next_retry_at <= now(),
         (SELECT hookline.ordering_key(w.ordering_key_path, n.request_payload) FROM public.webhooks w WHERE w.id = n.webhook_id AND w.is_ordered)
  FROM old_rows o JOIN new_rows n ON n.id = o.id
  WHERE n.status IN ('pending', 'retrying')
    AND (o.status, o.next_retry_at, o.attempt_number) IS DISTINCT FROM (n.status, n.next_retry_at, n.attempt_number)
  ON CONFLICT (delivery_id) DO UPDATE SET
    is_retry = excluded.is_retry, due_at = excluded.due_at, is_ready = excluded.is_ready, lease_id = NULL, lease_worker = NULL;
  IF EXISTS (SELECT FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE n.status = 'retrying' AND o.status = 'failed') THEN
    PERFORM hookline.wake_worker();
  END IF;

  SELECT array_agg(ROW(c.webhook_id, c.event_type, c.ended_at, c.ok, c.response_time_ms, c.sign)::hookline.ended) INTO v_ended
  FROM old_rows o JOIN new_rows n ON n.id = o.id, LATERAL (
    VALUES (o.webhook_id, o.event_type, CASE o.status WHEN 'success' THEN o.delivered_at WHEN 'failed' THEN o.failed_at END,
            o.status = 'success', CASE WHEN o.response_status IS NOT NULL THEN o.response_time_ms END, -1),
           (n.webhook_id, n.event_type, CASE n.status WHEN 'success' THEN n.delivered_at WHEN 'failed' THEN n.failed_at END,
            n.status = 'success', CASE WHEN n.response_status IS NOT NULL THEN n.response_time_ms END, 1)
  ) c (webhook_id, event_type, ended_at, ok, response_time_ms, sign)
  WHERE c.ended_at IS NOT NULL
    AND (o.status, o.delivered_at, o.failed_at, o.response_status, o.response_time_ms, o.event_type)
      IS DISTINCT FROM (n.status, n.delivered_at, n.failed_at, n.response_status, n.response_time_ms, n.event_type);
  IF v_ended IS NOT NULL THEN
    PERFORM hookline.count_ended(v_ended);
  END IF;
  RETURN NULL;
END $$;

-- What waits for an inactive, unverified or paused webhook is passed over by its turn and stays where it is; so whoever may be called again only
-- has to be looked at.
CREATE OR REPLACE FUNCTION hookline.webhook_activated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM hookline.wake_worker();
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION hookline.verification_relaxed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM hookline.wake_worker();
  RETURN NULL;
END $$;
-- The earlier way had put their rows off.
UPDATE hookline.queue q SET is_ready = true FROM public.webhook_deliveries d
WHERE d.id = q.delivery_id AND NOT q.is_ready AND q.lease_id IS NULL AND coalesce(d.next_retry_at <= now(), true);

-- A webhook that asks for another order: what waits gets its key.
CREATE OR REPLACE FUNCTION hookline.webhook_reordered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE hookline.queue q SET ordering_key = CASE WHEN NEW.is_ordered THEN hookline.ordering_key(NEW.ordering_key_path, d.request_payload) END
  FROM public.webhook_deliveries d
  WHERE d.webhook_id = NEW.id AND d.status IN ('pending', 'retrying') AND d.id = q.delivery_id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.webhook_reordered() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhooks_reordered AFTER UPDATE OF is_ordered, ordering_key_path ON public.webhooks
FOR EACH ROW WHEN ((NEW.is_ordered, NEW.ordering_key_path) IS DISTINCT FROM (OLD.is_ordered, OLD.ordering_key_path))
EXECUTE FUNCTION hookline.webhook_reordered();

-- (The functions of a claim are plpgsql, which keeps the plans of its statements; LANGUAGE sql plans anew at each call, 4 ms for a claim.)
-- Makes up to p_limit retries ready whose time has come.
CREATE OR REPLACE FUNCTION hookline.make_due_ready(p_limit integer) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE hookline.queue q SET is_ready = true
  WHERE q.ctid = ANY (ARRAY(
    SELECT r.ctid FROM hookline.queue r WHERE NOT r.is_ready AND r.lease_id IS NULL AND r.due_at <= now()
    ORDER BY r.due_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
END $$;
REVOKE ALL ON FUNCTION hookline.make_due_ready(integer) FROM PUBLIC, anon, authenticated, service_role;

-- Frees the leases of workers that have not beaten for 15 s, which it forgets, and (p_ended) those that have ended. Gives how many. Looking for ended
-- ones meets all that were leased since the last time, 25,000 at 5,000 deliveries a second: a worker does so every 30 s.
DROP FUNCTION IF EXISTS hookline.free_dead_leases();
CREATE OR REPLACE FUNCTION hookline.free_dead_leases(p_ended boolean DEFAULT true) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
-- By the index of leases, and not by a bitmap of it, which would not mark the dead ones that it met.
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  v_dead uuid[];
  v_freed integer := 0;
BEGIN
  WITH gone AS (DELETE FROM hookline.workers w WHERE w.heartbeat_at < now() - interval '15 seconds' RETURNING w.id)
  SELECT coalesce(array_agg(g.id), '{}') INTO v_dead FROM gone g;
  IF p_ended OR v_dead <> '{}' THEN
    UPDATE hookline.queue q SET is_ready = true, lease_id = NULL, lease_worker = NULL, due_at = now()
    WHERE q.ctid = ANY (ARRAY(
      SELECT h.ctid FROM hookline.queue h WHERE h.lease_id IS NOT NULL AND (h.due_at <= now() OR h.lease_worker = ANY (v_dead))
      FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS v_freed = ROW_COUNT;
  END IF;
  RETURN v_freed;
END $$;
REVOKE ALL ON FUNCTION hookline.free_dead_leases(boolean) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.free_dead_leases(boolean) TO service_role;

-- The first ready delivery of each ordering key of a webhook, where none of that key is in flight; p_limit at most, the
-- oldest, of the first 1,000 keys.
CREATE OR REPLACE FUNCTION hookline.first_of_each_key(p_user_id uuid, p_webhook_id uuid, p_limit integer) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH RECURSIVE head AS (
    (SELECT q.ordering_key, q.delivery_id, q.is_ready, q.position, 1 AS nth FROM hookline.queue q
     WHERE q.webhook_id = p_webhook_id AND q.ordering_key IS NOT NULL ORDER BY q.ordering_key, q.position LIMIT 1)
    UNION ALL
    SELECT n.ordering_key, n.delivery_id, n.is_ready, n.position, h.nth + 1 FROM head h CROSS JOIN LATERAL (
      SELECT q.ordering_key, q.delivery_id, q.is_ready, q.position FROM hookline.queue q
      WHERE q.webhook_id = p_webhook_id AND q.ordering_key > h.ordering_key ORDER BY q.ordering_key, q.position LIMIT 1) n
    WHERE h.nth < 1000
  )
  SELECT h.delivery_id FROM head h
  WHERE h.is_ready AND NOT EXISTS (
    SELECT FROM hookline.queue l
    WHERE l.lease_id IS NOT NULL AND l.user_id = p_user_id AND l.webhook_id = p_webhook_id AND l.ordering_key = h.ordering_key)
  ORDER BY h.position LIMIT p_limit;
END $$;
REVOKE ALL ON FUNCTION hookline.first_of_each_key(uuid, uuid, integer) FROM PUBLIC, anon, authenticated, service_role;

-- A webhook's turn in a claim: how many of its rows may be taken, from which position on; how many its user may be given over all turns (NULL: any), and
-- how many it has in flight.
DO $$
BEGIN
  IF to_regtype('hookline.turn') IS NULL THEN
    CREATE TYPE hookline.turn AS (user_id uuid, webhook_id uuid, after bigint, room integer, timeout_seconds integer, is_ordered boolean,
      has_rate_limit boolean, is_probe boolean, user_room integer, leased integer);
  END IF;
END $$;

-- The webhooks with ready deliveries that may be called now, from a random one on, 2,000 at most each way. An index takes it from webhook to webhook,
-- however many rows each has. p_known_*: webhooks of which the worker has lately claimed all up to a position. What stands before it is dead, and while
-- somebody's snapshot is old the index still holds it: a claim that walks over 150,000 of them touches 56 times the buffers.
CREATE OR REPLACE FUNCTION hookline.next_turns(
  p_room integer, p_excluded_webhooks uuid[], p_excluded_users uuid[], p_known_users uuid[], p_known_webhooks uuid[], p_known_after bigint[])
RETURNS hookline.turn[] LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_turns hookline.turn[];
BEGIN
  WITH RECURSIVE known AS MATERIALIZED (
    SELECT k.* FROM unnest(p_known_users, p_known_webhooks, p_known_after) k (user_id, webhook_id, after)
  ), start AS MATERIALIZED (
    SELECT gen_random_uuid() AS user_id
  ), visit AS (
    SELECT s.user_id, '00000000-0000-0000-0000-000000000000'::uuid AS webhook_id, NULL::bigint AS after, false AS is_wrapped, false AS is_hit, 0 AS nth
    FROM start s
    UNION ALL
    SELECT n.*, v.nth + 1 FROM visit v CROSS JOIN LATERAL (
      SELECT v.user_id, CASE WHEN v.user_id = ANY (p_excluded_users) THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid ELSE v.webhook_id END AS webhook_id,
             CASE WHEN v.is_wrapped THEN (SELECT s.user_id FROM start s) ELSE 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid END AS last_user
    ) f LEFT JOIN LATERAL (
      SELECT k.* FROM known k WHERE (k.user_id, k.webhook_id) > (f.user_id, f.webhook_id) AND k.user_id <= f.last_user ORDER BY k.user_id, k.webhook_id LIMIT 1
    ) k ON true CROSS JOIN LATERAL (
      SELECT a.* FROM (
        (SELECT q.user_id, q.webhook_id, NULL::bigint AS after, v.is_wrapped, true AS is_hit FROM hookline.queue q
         WHERE q.is_ready AND (q.user_id, q.webhook_id) > (f.user_id, f.webhook_id) AND q.user_id <= f.last_user
           AND (q.user_id, q.webhook_id) < (coalesce(k.user_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), coalesce(k.webhook_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
         ORDER BY q.user_id, q.webhook_id LIMIT 1)
        UNION ALL
        SELECT k.user_id, k.webhook_id, k.after, v.is_wrapped, true WHERE k.user_id IS NOT NULL
        UNION ALL
        SELECT '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', NULL, true, false WHERE NOT v.is_wrapped
      ) a LIMIT 1
    ) n
    WHERE v.nth < 4000
  )
  SELECT array_agg(ROW(v.user_id, v.webhook_id, v.after,
           CASE WHEN w.breaker_since IS NULL THEN p_room ELSE 1 END, w.timeout_seconds, w.is_ordered,
           w.rate_limit_per_second IS NOT NULL, w.breaker_since IS NOT NULL, NULL, 0)::hookline.turn ORDER BY v.nth)
  INTO v_turns FROM visit v
  JOIN hookline.endpoints w ON w.webhook_id = v.webhook_id
  CROSS JOIN hookline.settings s
  WHERE v.is_hit AND w.is_active AND (w.is_verified OR s.verification <> 'required')
    AND coalesce(w.paused_until <= now(), true) AND coalesce(w.breaker_until <= now(), true)
    AND v.webhook_id <> ALL (p_excluded_webhooks) AND v.user_id <> ALL (p_excluded_users);
  RETURN v_turns;
END $$;
REVOKE ALL ON FUNCTION hookline.next_turns(integer, uuid[], uuid[], uuid[], uuid[], bigint[]) FROM PUBLIC, anon, authenticated, service_role;

-- What each turn may take beside what is in flight: of a probed webhook one in all; and, when p_shared, of every webhook and user what their caps leave.
-- A statement of its own, after the users were locked: it has to see what other workers have leased until then.
CREATE OR REPLACE FUNCTION hookline.within_caps(p_turns hookline.turn[], p_shared boolean) RETURNS hookline.turn[] LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_turns hookline.turn[];
BEGIN
  SELECT array_agg(ROW(c.user_id, c.webhook_id, c.after, c.room_left, c.timeout_seconds, c.is_ordered, c.has_rate_limit, c.is_probe, c.user_room,
                       c.leased_now)::hookline.turn)
  INTO v_turns FROM (
    SELECT t.user_id, t.webhook_id, t.after, t.timeout_seconds, t.is_ordered, t.has_rate_limit, t.is_probe, l.leased_now, CASE
             WHEN t.is_probe AND l.leased_now > 0 THEN 0
             WHEN p_shared AND NOT t.is_probe THEN least(t.room, s.calls_per_webhook - l.leased_now)
             ELSE t.room END::integer AS room_left,
           CASE WHEN p_shared THEN s.calls_per_user - u.leased_now END::integer AS user_room
    FROM unnest(p_turns) t
    CROSS JOIN hookline.settings s
    CROSS JOIN LATERAL (
      SELECT count(*) AS leased_now FROM hookline.queue q
      WHERE q.lease_id IS NOT NULL AND q.user_id = t.user_id AND q.webhook_id = t.webhook_id AND (p_shared OR t.is_probe)
    ) l CROSS JOIN LATERAL (
      SELECT count(*) AS leased_now FROM hookline.queue q WHERE p_shared AND q.lease_id IS NOT NULL AND q.user_id = t.user_id
    ) u
  ) c WHERE c.room_left > 0 AND coalesce(c.user_room, 1) > 0;
  RETURN v_turns;
END $$;
REVOKE ALL ON FUNCTION hookline.within_caps(hookline.turn[], boolean) FROM PUBLIC, anon, authenticated, service_role;

-- What rate limits leave of each turn. A bucket that another claim holds just now is passed over.
CREATE OR REPLACE FUNCTION hookline.within_rates(p_turns hookline.turn[]) RETURNS hookline.turn[] LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_turns hookline.turn[];
BEGIN
  INSERT INTO hookline.rate_buckets (webhook_id, tokens, filled_at)
  SELECT w.webhook_id, coalesce(w.rate_limit_burst, w.rate_limit_per_second), now() FROM unnest(p_turns) t JOIN hookline.endpoints w ON w.webhook_id = t.webhook_id
  WHERE t.has_rate_limit AND NOT EXISTS (SELECT FROM hookline.rate_buckets b WHERE b.webhook_id = t.webhook_id)
  ON CONFLICT DO NOTHING;
  WITH bucket AS MATERIALIZED (
    SELECT b.webhook_id FROM hookline.rate_buckets b
    WHERE b.webhook_id IN (SELECT t.webhook_id FROM unnest(p_turns) t WHERE t.has_rate_limit) FOR UPDATE SKIP LOCKED
  ), filled AS (
    UPDATE hookline.rate_buckets b SET filled_at = clock_timestamp(), tokens = least(
      coalesce(w.rate_limit_burst, w.rate_limit_per_second),
      b.tokens + w.rate_limit_per_second * greatest(0, extract(epoch FROM clock_timestamp() - b.filled_at)::float8))
    FROM bucket k JOIN hookline.endpoints w ON w.webhook_id = k.webhook_id
    WHERE b.webhook_id = k.webhook_id
    RETURNING b.webhook_id, b.tokens
  )
  SELECT array_agg(ROW(t.user_id, t.webhook_id, t.after, CASE WHEN t.has_rate_limit THEN least(t.room, floor(f.tokens)) ELSE t.room END,
           t.timeout_seconds, t.is_ordered, t.has_rate_limit, t.is_probe, t.user_room, t.leased)::hookline.turn)
  INTO v_turns FROM unnest(p_turns) t LEFT JOIN filled f ON f.webhook_id = t.webhook_id
  WHERE NOT t.has_rate_limit OR f.tokens >= 1;
  RETURN v_turns;
END $$;
REVOKE ALL ON FUNCTION hookline.within_rates(hookline.turn[]) FROM PUBLIC, anon, authenticated, service_role;

-- Leases ready deliveries to p_worker (NULL: an outside caller), a few of each webhook in turn, those of a webhook in order of creation: p_limit at
-- most in all, p_per_webhook of one webhook, and of p_bytes of payload, but one at least. A lease outlasts the webhook's time-out by p_margin. Passes
-- over what another claim holds and over p_excluded_*. Where several workers live, a webhook and a user have no more rows leased than calls_per_*
-- allow, so that all workers together keep to them; a lone worker claims ahead and keeps to them itself. The caller names the lease, so that it can free
-- one of which it never heard.
DROP FUNCTION IF EXISTS hookline.lease_due(uuid, integer, integer, bigint, boolean, uuid[], interval);
CREATE OR REPLACE FUNCTION hookline.lease_due(
  p_worker uuid, p_limit integer, p_per_webhook integer, p_bytes bigint, p_retries_only boolean, p_margin interval,
  p_excluded_webhooks uuid[] DEFAULT '{}', p_excluded_users uuid[] DEFAULT '{}',
  p_known_users uuid[] DEFAULT '{}', p_known_webhooks uuid[] DEFAULT '{}', p_known_after bigint[] DEFAULT '{}',
  p_lease_id uuid DEFAULT gen_random_uuid())
RETURNS TABLE (delivery_id uuid, lease_id uuid, lease_ends_at timestamptz, webhook_id uuid, user_id uuid, queue_position bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
-- By its indexes, whatever the planner last knew of the queue: one that is mostly empty when it is analysed looks small enough to be read as a whole.
-- A session that kept such a plan met a burst of a million rows with it. Without jit off, the cost that this adds would have each claim compiled, 25 ms.
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET enable_sort = on AS $$
#variable_conflict use_column
DECLARE
  v_turns hookline.turn[];
  v_shared boolean := false;
BEGIN
  PERFORM hookline.make_due_ready(1000);
  v_turns := hookline.next_turns(p_per_webhook, p_excluded_webhooks, p_excluded_users, p_known_users, p_known_webhooks, p_known_after);
  IF p_worker IS NOT NULL THEN
    -- A claim that a crash of the server forgets is made again; nothing was promised yet.
    PERFORM set_config('synchronous_commit', 'off', true);
    v_shared := 1 < (SELECT count(*) FROM hookline.workers w WHERE w.heartbeat_at > now() - interval '15 seconds');
  END IF;
  IF v_shared THEN
    -- One claim at a time for each user, so that two do not both take the last place.
    SELECT array_agg(t) INTO v_turns FROM (
      SELECT l.user_id FROM (SELECT DISTINCT t.user_id FROM unnest(v_turns) t OFFSET 0) l
      WHERE pg_try_advisory_xact_lock(hashtext('hookline.claim'), hashtext(l.user_id::text)) OFFSET 0
    ) mine JOIN unnest(v_turns) t ON t.user_id = mine.user_id;
  END IF;
  IF EXISTS (SELECT FROM unnest(v_turns) t WHERE t.has_rate_limit) THEN
    v_turns := hookline.within_rates(v_turns);
  END IF;
  IF v_shared OR EXISTS (SELECT FROM unnest(v_turns) t WHERE t.is_probe) THEN
    v_turns := hookline.within_caps(v_turns, v_shared);
  END IF;

  RETURN QUERY
  WITH turn AS MATERIALIZED (
    SELECT t.*, random() AS lot, least(t.room, CASE WHEN p_retries_only THEN p_limit ELSE greatest(1, ceil(p_limit::numeric / cardinality(v_turns))) END)::integer AS most FROM unnest(v_turns) t
  ), picked AS MATERIALIZED (
    SELECT p.tid, p.bytes, t.user_id, t.user_room, t.leased, t.lot, t.timeout_seconds, row_number() OVER (PARTITION BY t.lot ORDER BY p.position) AS of_webhook
    FROM turn t CROSS JOIN LATERAL (
      SELECT o.* FROM (
       SELECT q.ctid AS tid, q.bytes, q.position FROM hookline.queue q
       WHERE NOT t.is_ordered AND q.is_ready AND q.user_id = t.user_id AND q.webhook_id = t.webhook_id AND q.position > coalesce(t.after, -1)
         AND (q.is_retry OR NOT p_retries_only)
       ORDER BY q.position LIMIT t.most FOR UPDATE SKIP LOCKED) o
      UNION ALL
      SELECT o.* FROM (
       SELECT q.ctid, q.bytes, q.position FROM hookline.queue q
       WHERE t.is_ordered AND q.delivery_id IN (SELECT hookline.first_of_each_key(t.user_id, t.webhook_id, t.most)) AND q.is_ready
         AND (q.is_retry OR NOT p_retries_only)
       FOR UPDATE SKIP LOCKED) o
    ) p
  ), chosen AS (
    SELECT c.tid, c.timeout_seconds FROM (
      SELECT u.tid, u.timeout_seconds, row_number() OVER in_turn AS nth, sum(u.bytes) OVER in_turn AS upto
      FROM (
        -- A user's room is shared out to what was found; who has least in flight comes first.
        SELECT p.*, row_number() OVER (PARTITION BY p.user_id ORDER BY p.of_webhook, p.leased, p.lot) AS of_user FROM picked p
      ) u WHERE u.of_user <= coalesce(u.user_room, u.of_user)
      WINDOW in_turn AS (ORDER BY u.of_webhook, u.lot)
    ) c WHERE c.nth = 1 OR (c.nth <= p_limit AND c.upto <= p_bytes)
  )
  UPDATE hookline.queue q
  SET is_ready = false, lease_id = p_lease_id, lease_worker = p_worker, due_at = now() + p_margin + make_interval(secs => c.timeout_seconds)
  FROM chosen c WHERE q.ctid = c.tid
  RETURNING q.delivery_id, q.lease_id, q.due_at, q.webhook_id, q.user_id, q.position;

  IF EXISTS (SELECT FROM unnest(v_turns) t WHERE t.has_rate_limit) THEN
    UPDATE hookline.rate_buckets b SET tokens = b.tokens - l.leased
    FROM (
      SELECT t.webhook_id, count(*) AS leased FROM unnest(v_turns) t
      JOIN hookline.queue q ON q.lease_id = p_lease_id AND q.user_id = t.user_id AND q.webhook_id = t.webhook_id
      WHERE t.has_rate_limit GROUP BY t.webhook_id
    ) l WHERE b.webhook_id = l.webhook_id;
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.lease_due(uuid, integer, integer, bigint, boolean, interval, uuid[], uuid[], uuid[], uuid[], bigint[], uuid)
  FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.lease_due(uuid, integer, integer, bigint, boolean, interval, uuid[], uuid[], uuid[], uuid[], bigint[], uuid) TO service_role;

-- As in 0013, over the new claim.
CREATE OR REPLACE FUNCTION public.get_pending_webhook_retries(p_limit integer DEFAULT 100)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text, webhook_secret varchar(255), event_type varchar(100),
               request_payload jsonb, attempt_number integer, max_attempts integer)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_leased uuid[];
BEGIN
  IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'p_limit is %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'Ask for 1 to 1000 deliveries at a time.';
  END IF;
  -- Where no worker of ours runs, nobody else frees what an outside caller let lapse.
  PERFORM hookline.free_dead_leases();
  -- Two statements: the snapshot of one would be older than the leases, and miss a delivery that committed in between.
  SELECT array_agg(l.delivery_id) INTO v_leased
  FROM hookline.lease_due(NULL, p_limit, p_limit, 67108864, true, interval '1 minute') l;
  RETURN QUERY
  SELECT d.id, w.id, w.url, (hookline.live_secrets(w.secret, w.retired_secrets, w.retired_secrets_until))[1]::varchar, d.event_type,
         d.request_payload, d.attempt_number, d.max_attempts
  FROM public.webhook_deliveries d JOIN public.webhooks w ON w.id = d.webhook_id
  WHERE d.id = ANY (v_leased)
  ORDER BY d.next_retry_at, d.id;
END $$;
