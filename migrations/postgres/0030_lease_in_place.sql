-- Leasing in place. A lease took its row out of one index and into another, so that each claim wrote two index entries a row, a third of its time. Now no
-- index names what a lease changes: the row's new version stays on its page (HOT), and a claim passes over the rows that are leased. What is leased is
-- found by a table of leases, one row for each claim.
-- Rows of the queue that are named by others are looked up with = ANY (ARRAY[id]), here and in what comes after. An idle system is analysed with an empty
-- queue; the planner then takes it for one row, and with = it would read the whole queue by its index, in order, for each result of the next burst (6 ms each).
ALTER TABLE hookline.queue
  -- A retry whose time (due_at) has not come. What does not wait and has no lease may be claimed.
  ADD COLUMN IF NOT EXISTS is_waiting boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS lease_ends_at timestamptz,
  -- Whether the lease counts against caps (hookline.caps_are_counted), an ordering key, or a breaker's probe.
  ADD COLUMN IF NOT EXISTS is_counted boolean NOT NULL DEFAULT false;

-- The worker's share of the caps of all, to which it keeps; NULL: it has none.
ALTER TABLE hookline.workers ADD COLUMN IF NOT EXISTS calls_per_webhook integer, ADD COLUMN IF NOT EXISTS calls_per_user integer;

-- What a claim leased, in a row for each time at which its leases end; worker is NULL for an outside caller. Without foreign keys: a row is a hint where
-- to look for leases that have ended, and goes when none is left.
DO $$
BEGIN
  IF to_regclass('hookline.leases') IS NULL THEN
    CREATE TABLE hookline.leases (
      lease_id uuid NOT NULL,
      worker uuid,
      ends_at timestamptz NOT NULL,
      is_counted boolean NOT NULL,
      deliveries uuid[] NOT NULL
    );
    UPDATE hookline.queue q SET is_waiting = q.lease_id IS NULL AND q.due_at > now(), is_counted = q.lease_id IS NOT NULL,
      lease_ends_at = CASE WHEN q.lease_id IS NOT NULL THEN q.due_at END;
    INSERT INTO hookline.leases (lease_id, worker, ends_at, is_counted, deliveries)
    SELECT q.lease_id, q.lease_worker, q.lease_ends_at, true, array_agg(q.delivery_id) FROM hookline.queue q WHERE q.lease_id IS NOT NULL GROUP BY 1, 2, 3;
  END IF;
END $$;
CREATE INDEX IF NOT EXISTS leases_lease_id ON hookline.leases (lease_id);
CREATE INDEX IF NOT EXISTS leases_not_counted ON hookline.leases (lease_id) WHERE NOT is_counted;
SELECT hookline.protect('hookline.leases');
GRANT SELECT, INSERT, UPDATE, DELETE ON hookline.leases TO service_role;

ALTER TABLE hookline.queue DROP COLUMN IF EXISTS is_ready;
DROP INDEX IF EXISTS hookline.queue_ready, hookline.queue_waiting, hookline.queue_leased, hookline.queue_counted;
CREATE INDEX queue_ready ON hookline.queue (user_id, webhook_id, position) WHERE NOT is_waiting;
CREATE INDEX queue_waiting ON hookline.queue (due_at) WHERE is_waiting;
CREATE INDEX queue_counted ON hookline.queue (user_id, webhook_id) WHERE is_counted;
-- Room on the page for the leased version of every row.
ALTER TABLE hookline.queue SET (fillfactor = 40);

-- As in 0023.
CREATE OR REPLACE FUNCTION hookline.deliveries_inserted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_ended hookline.ended[];
BEGIN
  -- The key by a subquery: a join may turn the rows' order round, which is that of their positions.
  INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting, ordering_key)
  SELECT n.id, n.webhook_id, n.user_id, n.status = 'retrying', hookline.payload_bytes(n.request_payload),
         CASE n.status WHEN 'retrying' THEN n.next_retry_at ELSE now() END, n.status = 'retrying' AND n.next_retry_at > now(),
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

CREATE OR REPLACE FUNCTION hookline.make_due_ready(p_limit integer) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE hookline.queue q SET is_waiting = false
  WHERE q.ctid = ANY (ARRAY(
    SELECT r.ctid FROM hookline.queue r WHERE r.is_waiting AND r.due_at <= now()
    ORDER BY r.due_at LIMIT p_limit FOR UPDATE SKIP LOCKED));
END $$;

-- As in 0023. What is in flight counts from now on.
CREATE OR REPLACE FUNCTION hookline.webhook_reordered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE hookline.queue q SET ordering_key = CASE WHEN NEW.is_ordered THEN hookline.ordering_key(NEW.ordering_key_path, d.request_payload) END,
    is_counted = q.lease_id IS NOT NULL
  FROM public.webhook_deliveries d
  WHERE d.webhook_id = NEW.id AND d.status IN ('pending', 'retrying') AND d.id = q.delivery_id;
  RETURN NULL;
END $$;

-- As in 0023. A delivery of its key is in flight where a lease of its webhook is counted.
CREATE OR REPLACE FUNCTION hookline.first_of_each_key(p_user_id uuid, p_webhook_id uuid, p_limit integer) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH RECURSIVE head AS (
    (SELECT q.ordering_key, q.delivery_id, NOT q.is_waiting AND q.lease_id IS NULL AS is_ready, q.position, 1 AS nth FROM hookline.queue q
     WHERE q.webhook_id = p_webhook_id AND q.ordering_key IS NOT NULL ORDER BY q.ordering_key, q.position LIMIT 1)
    UNION ALL
    SELECT n.ordering_key, n.delivery_id, n.is_ready, n.position, h.nth + 1 FROM head h CROSS JOIN LATERAL (
      SELECT q.ordering_key, q.delivery_id, NOT q.is_waiting AND q.lease_id IS NULL AS is_ready, q.position FROM hookline.queue q
      WHERE q.webhook_id = p_webhook_id AND q.ordering_key > h.ordering_key ORDER BY q.ordering_key, q.position LIMIT 1) n
    WHERE h.nth < 1000
  )
  SELECT h.delivery_id FROM head h
  WHERE h.is_ready AND NOT EXISTS (
    SELECT FROM hookline.queue l
    WHERE l.is_counted AND l.user_id = p_user_id AND l.webhook_id = p_webhook_id AND l.ordering_key = h.ordering_key)
  ORDER BY h.position LIMIT p_limit;
END $$;

-- As in 0023. Rows that are leased are passed over.
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
         WHERE NOT q.is_waiting AND q.lease_id IS NULL AND (q.user_id, q.webhook_id) > (f.user_id, f.webhook_id) AND q.user_id <= f.last_user
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

-- As in 0023, by the leases that count. A probe goes alone, whatever else is leased.
CREATE OR REPLACE FUNCTION hookline.within_caps(p_turns hookline.turn[], p_shared boolean) RETURNS hookline.turn[] LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_turns hookline.turn[];
BEGIN
  WITH uncounted AS MATERIALIZED (
    -- What count_leases has left, being locked: hardly ever anything.
    SELECT q.user_id, q.webhook_id, count(*) AS leased FROM hookline.leases l CROSS JOIN LATERAL unnest(l.deliveries) d (id)
    JOIN hookline.queue q ON q.delivery_id = ANY (ARRAY[d.id]) AND q.lease_id = l.lease_id AND NOT q.is_counted
    WHERE p_shared AND NOT l.is_counted GROUP BY q.user_id, q.webhook_id
  )
  SELECT array_agg(ROW(c.user_id, c.webhook_id, c.after, c.room_left, c.timeout_seconds, c.is_ordered, c.has_rate_limit, c.is_probe, c.user_room,
                       c.leased_now)::hookline.turn)
  INTO v_turns FROM (
    SELECT t.user_id, t.webhook_id, t.after, t.timeout_seconds, t.is_ordered, t.has_rate_limit, t.is_probe, l.leased_now, CASE
             -- What is leased stands among the first, as it was claimed in order; but for more than a thousand retries that have become ready before it.
             WHEN t.is_probe AND (l.leased_now > 0 OR EXISTS (
               SELECT FROM (SELECT q.lease_id FROM hookline.queue q WHERE NOT q.is_waiting AND q.user_id = t.user_id AND q.webhook_id = t.webhook_id
                            ORDER BY q.position LIMIT 1000) f
               WHERE f.lease_id IS NOT NULL)) THEN 0
             WHEN p_shared AND NOT t.is_probe THEN least(t.room, s.calls_per_webhook - l.leased_now)
             ELSE t.room END::integer AS room_left,
           CASE WHEN p_shared THEN s.calls_per_user - u.leased_now END::integer AS user_room
    FROM unnest(p_turns) t
    CROSS JOIN hookline.settings s
    CROSS JOIN LATERAL (
      SELECT count(*) + coalesce((SELECT sum(n.leased) FROM uncounted n WHERE n.webhook_id = t.webhook_id), 0) AS leased_now FROM hookline.queue q
      WHERE q.is_counted AND q.user_id = t.user_id AND q.webhook_id = t.webhook_id AND (p_shared OR t.is_probe)
    ) l CROSS JOIN LATERAL (
      SELECT count(*) + coalesce((SELECT sum(n.leased) FROM uncounted n WHERE n.user_id = t.user_id), 0) AS leased_now FROM hookline.queue q
      WHERE p_shared AND q.is_counted AND q.user_id = t.user_id
    ) u
    -- So that each turn's room is reckoned once.
    OFFSET 0
  ) c WHERE c.room_left > 0 AND coalesce(c.user_room, 1) > 0;
  RETURN v_turns;
END $$;

-- Counts the leases that workers took while they kept to the caps themselves; claims that do so wait for each other. What somebody has locked just now, since it is being
-- recorded or given back as a rule, is looked at again by the next claim.
CREATE OR REPLACE FUNCTION hookline.count_leases() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM hookline.leases l WHERE NOT l.is_counted) THEN
    PERFORM pg_advisory_xact_lock(hashtext('hookline.count_leases'));
    UPDATE hookline.queue q SET is_counted = true
    WHERE q.ctid = ANY (ARRAY(
      SELECT h.ctid FROM hookline.leases l CROSS JOIN unnest(l.deliveries) u (id)
      JOIN hookline.queue h ON h.delivery_id = ANY (ARRAY[u.id]) AND h.lease_id = l.lease_id
      WHERE NOT l.is_counted AND NOT h.is_counted FOR UPDATE OF h SKIP LOCKED));
    UPDATE hookline.leases l SET is_counted = true
    WHERE NOT l.is_counted AND NOT EXISTS (
      SELECT FROM unnest(l.deliveries) u (id) JOIN hookline.queue h ON h.delivery_id = ANY (ARRAY[u.id]) AND h.lease_id = l.lease_id AND NOT h.is_counted);
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.count_leases() FROM PUBLIC, anon, authenticated, service_role;

-- Whether leases count against the caps: where several workers live, unless each has told its share of the caps, to which it keeps itself, and these are no
-- more than the caps together. So a worker that comes, or one that has not heard of it, has all of them count until they have shared the caps out anew.
CREATE OR REPLACE FUNCTION hookline.caps_are_counted() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (
    SELECT count(*) > 1 AND NOT (count(w.calls_per_webhook) = count(*) AND sum(w.calls_per_webhook) <= min(s.calls_per_webhook)
                                 AND sum(w.calls_per_user) <= min(s.calls_per_user))
    FROM hookline.workers w CROSS JOIN hookline.settings s WHERE w.heartbeat_at > now() - interval '15 seconds');
END $$;
REVOKE ALL ON FUNCTION hookline.caps_are_counted() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.caps_are_counted() TO service_role;

-- As in 0023, in place. No more rows are leased than the caps allow where these are counted.
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
  v_counted boolean := false;
BEGIN
  PERFORM hookline.make_due_ready(1000);
  v_turns := hookline.next_turns(p_per_webhook, p_excluded_webhooks, p_excluded_users, p_known_users, p_known_webhooks, p_known_after);
  IF p_worker IS NOT NULL THEN
    -- A claim that a crash of the server forgets is made again; nothing was promised yet.
    PERFORM set_config('synchronous_commit', 'off', true);
    v_counted := hookline.caps_are_counted();
  END IF;
  IF v_counted THEN
    PERFORM hookline.count_leases();
  END IF;
  IF v_counted OR EXISTS (SELECT FROM unnest(v_turns) t WHERE t.is_ordered OR t.is_probe) THEN
    -- One such claim at a time for each user, so that two do not both take the last place, a probe, or deliveries of one key. Of not too many users: each is a
    -- lock in shared memory. The next claim begins with others.
    SELECT array_agg(t) INTO v_turns FROM unnest(v_turns[:1000]) t
    WHERE NOT (v_counted OR t.is_ordered OR t.is_probe) OR pg_try_advisory_xact_lock(hashtext('hookline.claim'), hashtext(t.user_id::text));
  END IF;
  IF EXISTS (SELECT FROM unnest(v_turns) t WHERE t.has_rate_limit) THEN
    v_turns := hookline.within_rates(v_turns);
  END IF;
  IF v_counted OR EXISTS (SELECT FROM unnest(v_turns) t WHERE t.is_probe) THEN
    v_turns := hookline.within_caps(v_turns, v_counted);
  END IF;

  RETURN QUERY
  WITH turn AS MATERIALIZED (
    SELECT t.*, random() AS lot, least(t.room, CASE WHEN p_retries_only THEN p_limit ELSE greatest(1, ceil(p_limit::numeric / cardinality(v_turns))) END)::integer AS most FROM unnest(v_turns) t
  ), picked AS MATERIALIZED (
    SELECT p.tid, p.bytes, t.user_id, t.user_room, t.leased, t.lot, t.timeout_seconds, v_counted OR t.is_ordered OR t.is_probe AS is_counted, row_number() OVER (PARTITION BY t.lot ORDER BY p.position) AS of_webhook
    FROM turn t CROSS JOIN LATERAL (
      SELECT o.* FROM (
       SELECT q.ctid AS tid, q.bytes, q.position FROM hookline.queue q
       WHERE NOT t.is_ordered AND NOT q.is_waiting AND q.lease_id IS NULL AND q.user_id = t.user_id AND q.webhook_id = t.webhook_id AND q.position > coalesce(t.after, -1)
         AND (q.is_retry OR NOT p_retries_only)
       ORDER BY q.position LIMIT t.most FOR UPDATE SKIP LOCKED) o
      UNION ALL
      SELECT o.* FROM (
       SELECT q.ctid, q.bytes, q.position FROM hookline.queue q
       WHERE t.is_ordered AND q.delivery_id IN (SELECT hookline.first_of_each_key(t.user_id, t.webhook_id, t.most)) AND NOT q.is_waiting AND q.lease_id IS NULL
         AND (q.is_retry OR NOT p_retries_only)
       FOR UPDATE SKIP LOCKED) o
    ) p
  ), chosen AS (
    SELECT c.tid, c.timeout_seconds, c.is_counted FROM (
      SELECT u.tid, u.timeout_seconds, u.is_counted, row_number() OVER in_turn AS nth, sum(u.bytes) OVER in_turn AS upto
      FROM (
        -- A user's room is shared out to what was found; who has least in flight comes first.
        SELECT p.*, row_number() OVER (PARTITION BY p.user_id ORDER BY p.of_webhook, p.leased, p.lot) AS of_user FROM picked p
      ) u WHERE u.of_user <= coalesce(u.user_room, u.of_user)
      WINDOW in_turn AS (ORDER BY u.of_webhook, u.lot)
    ) c WHERE c.nth = 1 OR (c.nth <= p_limit AND c.upto <= p_bytes)
  ), leased AS (
    UPDATE hookline.queue q
    SET lease_id = p_lease_id, lease_worker = p_worker, is_counted = c.is_counted, lease_ends_at = now() + p_margin + make_interval(secs => c.timeout_seconds)
    FROM chosen c WHERE q.ctid = c.tid
    RETURNING q.delivery_id, q.webhook_id, q.user_id, q.position, q.lease_ends_at, q.is_counted
  ), kept AS (
    INSERT INTO hookline.leases (lease_id, worker, ends_at, is_counted, deliveries)
    SELECT p_lease_id, p_worker, l.lease_ends_at, l.is_counted, array_agg(l.delivery_id) FROM leased l GROUP BY l.lease_ends_at, l.is_counted
  )
  SELECT l.delivery_id, p_lease_id, l.lease_ends_at, l.webhook_id, l.user_id, l.position FROM leased l;

  IF EXISTS (SELECT FROM unnest(v_turns) t WHERE t.has_rate_limit) THEN
    UPDATE hookline.rate_buckets b SET tokens = b.tokens - l.leased
    FROM (
      SELECT t.webhook_id, count(*) AS leased FROM unnest(v_turns) t
      JOIN hookline.leases n ON n.lease_id = p_lease_id CROSS JOIN unnest(n.deliveries) u (id)
      JOIN hookline.queue q ON q.delivery_id = ANY (ARRAY[u.id]) AND q.webhook_id = t.webhook_id
      WHERE t.has_rate_limit GROUP BY t.webhook_id
    ) l WHERE b.webhook_id = l.webhook_id;
  END IF;
END $$;
