-- Back-pressure to producers: a user has at most so many unfinished deliveries; an event beyond them is refused (HK041), and nothing is written. So one tenant
-- whose endpoints are down does not fill the disk (docs/operations.md, Limits of the backlog).
ALTER TABLE hookline.settings
  -- NULL: any number.
  ADD COLUMN IF NOT EXISTS max_pending_per_user integer DEFAULT 100000
    CONSTRAINT valid_max_pending_per_user CHECK (max_pending_per_user > 0);

-- Users with a limit of their own; NULL: any number.
CREATE TABLE IF NOT EXISTS hookline.user_limits (
  user_id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
  max_pending integer CONSTRAINT valid_max_pending CHECK (max_pending > 0)
);
SELECT hookline.protect('hookline.user_limits');
GRANT SELECT, INSERT, UPDATE, DELETE ON hookline.user_limits TO service_role;
CREATE OR REPLACE TRIGGER user_limits_audit AFTER INSERT OR UPDATE OR DELETE ON hookline.user_limits
FOR EACH ROW EXECUTE FUNCTION hookline.audit('user_limits', 'max_pending', '');

-- Of an event for everyone: how many users were passed over since their backlog was full.
ALTER TABLE hookline.events ADD COLUMN IF NOT EXISTS skipped integer NOT NULL DEFAULT 0;

-- One in 16 of the queue, by the last byte of the delivery's id, which is random, in the byte's order: a user's rows whose byte is below a bound tell their backlog.
-- A counter would be a row that all triggers of a user, and all records of results, wait for; counting 100,000 rows for each event takes milliseconds.
CREATE INDEX IF NOT EXISTS queue_sample ON hookline.queue (user_id, get_byte(uuid_send(delivery_id), 15)) WHERE get_byte(uuid_send(delivery_id), 15) < 16;

-- Below which byte a backlog is estimated where p_most is the limit: 390 to 780 rows at a limit of 6,250 or more, which is within 5 % as a rule; 62 at 1,000.
CREATE OR REPLACE FUNCTION hookline.sample_of(p_most integer) RETURNS integer LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_most < 12500 THEN 16 WHEN p_most < 25000 THEN 8 WHEN p_most < 50000 THEN 4 WHEN p_most < 100000 THEN 2 ELSE 1 END
$$;
REVOKE ALL ON FUNCTION hookline.sample_of(integer) FROM PUBLIC, anon, authenticated, service_role;

-- How many unfinished deliveries a user has, counted up to p_most or a little more. By index, whatever the planner last knew.
CREATE OR REPLACE FUNCTION hookline.backlog_of(p_user_id uuid, p_most integer) RETURNS integer LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
BEGIN
  RETURN (SELECT count(*) FROM (
    (SELECT FROM hookline.queue q WHERE q.user_id = p_user_id AND NOT q.is_waiting LIMIT p_most)
    UNION ALL
    (SELECT FROM hookline.queue q WHERE q.user_id = p_user_id AND q.is_waiting LIMIT p_most)) u);
END $$;
REVOKE ALL ON FUNCTION hookline.backlog_of(uuid, integer) FROM PUBLIC, anon, authenticated, service_role;

-- How many deliveries more a user may have, none or less when their backlog is full; NULL: any number. Counted up to a limit of 1,000, beyond it estimated. What
-- others have not committed is not counted.
CREATE OR REPLACE FUNCTION hookline.room_of(p_user_id uuid) RETURNS integer LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  v_most integer;
  v_below integer;
BEGIN
  SELECT CASE WHEN l.user_id IS NULL THEN s.max_pending_per_user ELSE l.max_pending END INTO v_most
  FROM hookline.settings s LEFT JOIN hookline.user_limits l ON l.user_id = p_user_id;
  IF v_most IS NULL THEN
    RETURN NULL;
  ELSIF v_most <= 1000 THEN
    RETURN v_most - hookline.backlog_of(p_user_id, v_most);
  END IF;
  v_below := hookline.sample_of(v_most);
  RETURN v_most - 256 / v_below * (
    SELECT count(*) FROM (
      SELECT FROM hookline.queue q WHERE q.user_id = p_user_id AND get_byte(uuid_send(q.delivery_id), 15) < v_below
        AND get_byte(uuid_send(q.delivery_id), 15) < 16 LIMIT (v_most / 256 + 1) * v_below) q);
END $$;
REVOKE ALL ON FUNCTION hookline.room_of(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.room_of(uuid) TO service_role;

CREATE OR REPLACE FUNCTION hookline.refuse_full_backlog(p_user_id uuid) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_room CONSTANT integer := hookline.room_of(p_user_id);
BEGIN
  IF v_room <= 0 THEN
    RAISE EXCEPTION 'the user has as many unfinished deliveries as are allowed: %',
      (SELECT coalesce(l.max_pending, s.max_pending_per_user) FROM hookline.settings s LEFT JOIN hookline.user_limits l ON l.user_id = p_user_id)
      USING ERRCODE = 'HK041', HINT = 'Try again when some have gone: get_webhook_queue counts them. An operator raises the limit in hookline.settings or hookline.user_limits.';
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.refuse_full_backlog(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.refuse_full_backlog(uuid) TO service_role;

-- Everybody whose backlog is full, for an event for everyone: in one walk over the sample, or over the queue where the limit of everybody is too small for it. Those
-- with a small limit of their own are counted one by one: for one of them to walk a queue of 1,000,000 took seconds.
CREATE OR REPLACE FUNCTION hookline.full_users() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  v_least CONSTANT integer := least((SELECT s.max_pending_per_user FROM hookline.settings s),
                                    (SELECT min(l.max_pending) FROM hookline.user_limits l WHERE l.max_pending > 1000));
  v_users uuid[] := ARRAY(SELECT l.user_id FROM hookline.user_limits l WHERE l.max_pending <= 1000);
BEGIN
  IF v_least <= 1000 THEN
    v_users := v_users || ARRAY(SELECT q.user_id FROM hookline.queue q GROUP BY q.user_id HAVING count(*) >= v_least);
  -- Not when all together have less than half of what one may have.
  ELSIF (SELECT count(*) FROM (SELECT FROM hookline.queue q WHERE get_byte(uuid_send(q.delivery_id), 15) < 16 LIMIT coalesce(v_least / 32, 0)) s) >= v_least / 32 THEN
    v_users := v_users || ARRAY(SELECT q.user_id FROM hookline.queue q WHERE get_byte(uuid_send(q.delivery_id), 15) < 16
                                GROUP BY q.user_id HAVING count(*) * 32 >= v_least);
  END IF;
  RETURN ARRAY(SELECT DISTINCT u.id FROM unnest(v_users) u (id) WHERE hookline.room_of(u.id) <= 0);
END $$;
REVOKE ALL ON FUNCTION hookline.full_users() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.full_users() TO service_role;

-- How many of the users p_full an event for everyone would have reached.
CREATE OR REPLACE FUNCTION hookline.count_skipped(p_event_type varchar, p_payload jsonb, p_full uuid[]) RETURNS integer LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (
    SELECT count(DISTINCT w.user_id) FROM public.webhook_events e
    JOIN public.webhooks w ON w.user_id = ANY (p_full)
    JOIN public.webhook_event_subscriptions s ON s.webhook_id = w.id AND s.event_type = e.event_type
    WHERE e.event_type = p_event_type AND e.is_enabled AND s.is_active AND w.is_active
      AND (w.is_verified OR (SELECT n.verification <> 'required' OR w.unverified_since > now() - n.waiting_limit FROM hookline.settings n))
      AND (s.filters IS NULL OR hookline.filter_matches(s.filters, p_payload)));
END $$;
REVOKE ALL ON FUNCTION hookline.count_skipped(varchar, jsonb, uuid[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.count_skipped(varchar, jsonb, uuid[]) TO service_role;

-- Users for whom a statement that triggers p_user_ids' events, each user as often as they stand there, might go over their limit: for these one event after the other
-- is looked at. As a rule nobody is.
CREATE OR REPLACE FUNCTION hookline.nearly_full(p_user_ids uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
BEGIN
  RETURN ARRAY(
    SELECT r.id FROM (
      SELECT u.id, u.events, s.webhooks_per_user, CASE WHEN m.most <= 1000 THEN hookline.room_of(u.id) ELSE m.most - 256 / hookline.sample_of(m.most) * (
        SELECT count(*) FROM (
          SELECT FROM hookline.queue q WHERE q.user_id = u.id AND get_byte(uuid_send(q.delivery_id), 15) < hookline.sample_of(m.most)
            AND get_byte(uuid_send(q.delivery_id), 15) < 16 LIMIT (m.most / 256 + 1) * hookline.sample_of(m.most)) q) END AS room
      FROM (SELECT g.id, count(*) AS events FROM unnest(p_user_ids) g (id) WHERE g.id IS NOT NULL GROUP BY g.id) u
      CROSS JOIN hookline.settings s LEFT JOIN hookline.user_limits l ON l.user_id = u.id
      CROSS JOIN LATERAL (SELECT CASE WHEN l.user_id IS NULL THEN s.max_pending_per_user ELSE l.max_pending END AS most) m
      WHERE m.most IS NOT NULL
    ) r
    WHERE r.room < r.events * greatest(1000, r.webhooks_per_user) AND (r.room <= 0 OR r.room < r.events * (SELECT count(*) FROM public.webhooks w WHERE w.user_id = r.id)));
END $$;
REVOKE ALL ON FUNCTION hookline.nearly_full(uuid[]) FROM PUBLIC, anon, authenticated, service_role;

-- As in 0025; webhooks of the users p_full are passed over.
DROP FUNCTION IF EXISTS hookline.fan_out(uuid, varchar, jsonb, uuid);
CREATE OR REPLACE FUNCTION hookline.fan_out(p_event_id uuid, p_event_type varchar, p_payload jsonb, p_user_id uuid, p_full uuid[] DEFAULT '{}')
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  WITH target AS MATERIALIZED (
    SELECT w.id, w.user_id, w.url, s.event_type, CASE WHEN w.retry_enabled THEN 1 + w.max_retries ELSE 1 END AS max_attempts
    FROM public.webhook_events e
    JOIN public.webhook_event_subscriptions s ON s.event_type = e.event_type
    JOIN public.webhooks w ON w.id = s.webhook_id
    WHERE e.event_type = p_event_type AND e.is_enabled AND s.is_active AND w.is_active
      AND (w.is_verified OR (SELECT n.verification <> 'required' OR w.unverified_since > now() - n.waiting_limit FROM hookline.settings n))
      AND (p_user_id IS NULL OR w.user_id = p_user_id) AND w.user_id <> ALL (p_full)
      AND (s.filters IS NULL OR hookline.filter_matches(s.filters, p_payload))
    ORDER BY w.id FOR KEY SHARE OF w SKIP LOCKED
  )
  INSERT INTO public.webhook_deliveries AS d (webhook_id, user_id, event_id, event_type, request_url, request_payload, max_attempts)
  SELECT t.id, t.user_id, p_event_id, t.event_type, t.url, p_payload, t.max_attempts FROM target t
  RETURNING d.id, d.webhook_id, d.request_url;
END $$;
REVOKE ALL ON FUNCTION hookline.fan_out(uuid, varchar, jsonb, uuid, uuid[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.fan_out(uuid, varchar, jsonb, uuid, uuid[]) TO service_role;

-- As in 0020: refused when the user's backlog is full; an event for everyone passes over those whose is.
CREATE OR REPLACE FUNCTION public.trigger_webhook_event(p_event_type varchar(100), p_payload jsonb, p_user_id uuid DEFAULT NULL)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text) LANGUAGE plpgsql VOLATILE SECURITY INVOKER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_event_id CONSTANT uuid := gen_random_uuid();
  v_matched integer;
  v_full uuid[] := '{}';
BEGIN
  PERFORM hookline.check_event_type(p_event_type);
  PERFORM hookline.check_payload(p_payload);
  IF p_user_id IS NULL THEN
    v_full := hookline.full_users();
  ELSIF hookline.room_of(p_user_id) <= 0 THEN
    PERFORM hookline.refuse_full_backlog(p_user_id);
  END IF;
  RETURN QUERY SELECT f.delivery_id, f.webhook_id, f.webhook_url FROM hookline.fan_out(v_event_id, p_event_type, p_payload, p_user_id, v_full) f;
  GET DIAGNOSTICS v_matched = ROW_COUNT;
  INSERT INTO hookline.events (id, event_type, payload, user_id, matched, skipped)
  VALUES (v_event_id, p_event_type, p_payload, p_user_id, v_matched, CASE WHEN v_full = '{}' THEN 0 ELSE hookline.count_skipped(p_event_type, p_payload, v_full) END);
END $$;

-- As in 0008, likewise.
CREATE OR REPLACE FUNCTION hookline.trigger_event(
  p_event_type varchar, p_payload jsonb, p_user_id uuid DEFAULT NULL, p_idempotency_key text DEFAULT NULL)
RETURNS TABLE (event_id uuid, is_duplicate boolean, matched integer, deliveries jsonb) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_event hookline.events;
  v_full uuid[] := '{}';
BEGIN
  PERFORM hookline.check_event_type(p_event_type);
  PERFORM hookline.check_payload(p_payload);
  IF char_length(p_idempotency_key) NOT BETWEEN 1 AND 255 THEN
    RAISE EXCEPTION 'an idempotency key has 1 to 255 characters' USING ERRCODE = 'HK008', HINT = 'A UUID or the id of your own record is a good key.';
  END IF;
  is_duplicate := false;
  -- What came before under its key gets the answer of then. The system's own notice is one event for a webhook that gets no more.
  IF p_user_id IS NOT NULL AND p_event_type <> 'webhook.disabled' AND NOT EXISTS (
    SELECT FROM hookline.events e WHERE e.idempotency_key = p_idempotency_key AND e.created_at >= now() - (SELECT s.idempotency_window FROM hookline.settings s))
  THEN
    PERFORM hookline.refuse_full_backlog(p_user_id);
  END IF;

  -- An insert that meets the key of a transaction still open waits for its end.
  LOOP
    INSERT INTO hookline.events AS e (event_type, payload, user_id, idempotency_key)
    VALUES (p_event_type, p_payload, p_user_id, p_idempotency_key)
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING * INTO v_event;
    EXIT WHEN FOUND;
    UPDATE hookline.events e SET idempotency_key = NULL
    WHERE e.idempotency_key = p_idempotency_key AND e.created_at < now() - (SELECT s.idempotency_window FROM hookline.settings s);
    CONTINUE WHEN FOUND;
    SELECT * INTO v_event FROM hookline.events e WHERE e.idempotency_key = p_idempotency_key;
    is_duplicate := FOUND;
    EXIT WHEN FOUND;
  END LOOP;

  IF is_duplicate THEN
    IF (v_event.event_type, v_event.payload, v_event.user_id) IS DISTINCT FROM (p_event_type, p_payload, p_user_id) THEN
      RAISE EXCEPTION 'the idempotency key was used with another event type, payload or user'
        USING ERRCODE = 'HK009', HINT = 'Use a new key for a new event; the same key is for sending the same event again.';
    END IF;
    -- The deliveries of an event were made in its transaction and bear its time, which has an index.
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'webhook_id', d.webhook_id, 'url', d.request_url)), '[]') INTO deliveries
    FROM public.webhook_deliveries d WHERE d.created_at = v_event.created_at AND d.event_id = v_event.id;
  ELSE
    IF p_user_id IS NULL THEN
      v_full := hookline.full_users();
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.delivery_id, 'webhook_id', f.webhook_id, 'url', f.webhook_url)), '[]') INTO deliveries
    FROM hookline.fan_out(v_event.id, p_event_type, p_payload, p_user_id, v_full) f;
    v_event.matched := jsonb_array_length(deliveries);
    v_event.skipped := CASE WHEN v_full = '{}' THEN 0 ELSE hookline.count_skipped(p_event_type, p_payload, v_full) END;
    UPDATE hookline.events e SET matched = v_event.matched, skipped = v_event.skipped
    WHERE e.id = v_event.id AND (v_event.matched > 0 OR v_event.skipped > 0);
  END IF;
  event_id := v_event.id;
  matched := v_event.matched;
  RETURN NEXT;
END $$;

-- As in 0039, and it takes where the events come from; an event whose user's backlog is full is told as HK041 in its row.
-- Triggers the events whose n-th values the arrays hold (of equal length), each as hookline.trigger_event would by itself, and gives a row for each, nth
-- counting from 1. What is wrong with one is told in its row (problem_state, an SQLSTATE, with problem and hint) and touches no other; what may pass (a deadlock, a
-- lock time-out, a lack of resources) is raised, for all.
--   p_payloads             JSON as text, so that no number loses a digit
--   p_user_ids, p_external_user_ids  whom it is for; both NULL: everyone
--   p_idempotency_keys     or NULL
--   p_schemas              digest of the payload_schema that the caller has checked the payload against, '' for none: where the event type has
--                          another by now, nothing is triggered, and the row gives schema and schema_digest. NULL: checked against none.
-- Keys are taken in their order, so that two calls with the same ones do not wait for each other.
-- Where the events come from is told by settings of the transaction, since applications of theirs have been granted this very function: hookline.request_ids and
-- hookline.traceparents, literals of arrays as long as the others, for this call alone; without them what hookline.request_id and hookline.traceparent say is of
-- all of them, as it is of trigger_webhook_event.
CREATE OR REPLACE FUNCTION hookline.trigger_events(
  p_event_types text[], p_payloads text[], p_user_ids uuid[], p_external_user_ids text[], p_idempotency_keys text[], p_schemas text[])
RETURNS TABLE (nth integer, event_id uuid, is_duplicate boolean, matched integer, deliveries json, schema text, schema_digest text,
               problem_state text, problem text, hint text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_count CONSTANT integer := cardinality(p_event_types);
  v_ids CONSTANT uuid[] := ARRAY(SELECT gen_random_uuid() FROM generate_series(1, v_count));
  v_request_ids text[] := nullif(current_setting('hookline.request_ids', true), '')::text[];
  v_traceparents text[] := nullif(current_setting('hookline.traceparents', true), '')::text[];
  v_origin text[];
  v_payloads jsonb[];
  v_near uuid[];
  v_some_are_full boolean := false;
  v_made integer;
  v_user uuid;
  v_type record;
BEGIN
  IF v_request_ids IS NOT NULL OR v_traceparents IS NOT NULL THEN
    PERFORM set_config('hookline.request_ids', '', true), set_config('hookline.traceparents', '', true);
  ELSE
    SELECT array_fill(o.request_id, ARRAY[v_count]), array_fill(o.traceparent, ARRAY[v_count]) INTO v_request_ids, v_traceparents FROM hookline.origin() o;
  END IF;
  BEGIN
    v_payloads := p_payloads::jsonb[];
  EXCEPTION WHEN data_exception THEN
    -- NULL for what cannot be stored, which is told below.
    FOR n IN 1..v_count LOOP
      BEGIN
        v_payloads[n] := p_payloads[n]::jsonb;
      EXCEPTION WHEN data_exception THEN
        v_payloads[n] := NULL;
      END;
    END LOOP;
  END;

  IF array_remove(p_external_user_ids, NULL) = '{}' THEN
    v_near := hookline.nearly_full(p_user_ids);
  ELSE
    v_near := hookline.nearly_full(p_user_ids || ARRAY(
      SELECT x.user_id FROM unnest(p_external_user_ids) g (id) JOIN hookline.users x ON x.external_user_id = g.id));
  END IF;
  IF array_position(p_user_ids, NULL) IS NOT NULL AND EXISTS (
    SELECT FROM unnest(p_user_ids, p_external_user_ids) g (id, external_id) WHERE g.id IS NULL AND g.external_id IS NULL)
  THEN
    v_some_are_full := hookline.full_users() <> '{}';
  END IF;

  -- What nothing is wrong with, in one statement. Payloads are taken from the array where they are written: rows that are joined and sorted stay narrow.
  RETURN QUERY
  WITH kind AS MATERIALIZED (
    SELECT e.event_type, e.is_enabled, coalesce(encode(sha256(convert_to(e.payload_schema::text, 'UTF8')), 'hex'), '') AS digest
    FROM public.webhook_events e WHERE e.event_type = ANY (p_event_types)
  ), given AS MATERIALIZED (
    SELECT g.n::integer AS n, k.event_type, k.is_enabled, coalesce(u.id, x.user_id) AS user_id, g.idempotency_key
    FROM unnest(p_event_types, p_user_ids, p_external_user_ids, p_idempotency_keys, p_schemas)
         WITH ORDINALITY AS g (event_type, user_id, external_user_id, idempotency_key, digest, n)
    JOIN kind k ON k.event_type = g.event_type AND k.digest = g.digest
    LEFT JOIN auth.users u ON u.id = g.user_id
    LEFT JOIN hookline.users x ON x.external_user_id = g.external_user_id
    WHERE (g.user_id IS NULL OR u.id IS NOT NULL) AND (g.external_user_id IS NULL OR x.user_id IS NOT NULL)
      AND (g.idempotency_key IS NULL OR char_length(g.idempotency_key) BETWEEN 1 AND 255)
      AND octet_length(v_payloads[g.n]::text) <= 262144
      AND CASE WHEN coalesce(u.id, x.user_id) IS NULL THEN NOT v_some_are_full ELSE coalesce(u.id, x.user_id) <> ALL (v_near) END
  ), own AS MATERIALIZED (
    SELECT g.n, w.id AS webhook_id, w.user_id, w.url, s.event_type, CASE WHEN w.retry_enabled THEN 1 + w.max_retries ELSE 1 END AS max_attempts
    FROM given g
    JOIN public.webhooks w ON w.user_id = g.user_id
    JOIN public.webhook_event_subscriptions s ON s.webhook_id = w.id AND s.event_type = g.event_type
    WHERE g.is_enabled AND s.is_active AND w.is_active
      AND (w.is_verified OR (SELECT n.verification <> 'required' OR w.unverified_since > now() - n.waiting_limit FROM hookline.settings n))
      AND (s.filters IS NULL OR hookline.filter_matches(s.filters, v_payloads[g.n]))
    FOR KEY SHARE OF w SKIP LOCKED
  ), everyones AS MATERIALIZED (
    SELECT g.n, w.id AS webhook_id, w.user_id, w.url, s.event_type, CASE WHEN w.retry_enabled THEN 1 + w.max_retries ELSE 1 END AS max_attempts
    FROM given g
    JOIN public.webhook_event_subscriptions s ON s.event_type = g.event_type
    JOIN public.webhooks w ON w.id = s.webhook_id
    WHERE g.user_id IS NULL AND g.is_enabled AND s.is_active AND w.is_active
      AND (w.is_verified OR (SELECT n.verification <> 'required' OR w.unverified_since > now() - n.waiting_limit FROM hookline.settings n))
      AND (s.filters IS NULL OR hookline.filter_matches(s.filters, v_payloads[g.n]))
    FOR KEY SHARE OF w SKIP LOCKED
  ), target AS MATERIALIZED (
    SELECT * FROM own UNION ALL SELECT * FROM everyones
  ), made_event AS MATERIALIZED (
    INSERT INTO hookline.events AS e (id, event_type, payload, user_id, idempotency_key, matched, request_id, traceparent)
    SELECT v_ids[o.n], o.event_type, v_payloads[o.n], o.user_id, o.idempotency_key, o.matched, v_request_ids[o.n], v_traceparents[o.n]
    FROM (SELECT g.*, coalesce(t.matched, 0)::integer AS matched
          FROM given g LEFT JOIN (SELECT t.n, count(*) AS matched FROM target t GROUP BY t.n) t ON t.n = g.n
          ORDER BY g.idempotency_key, g.n OFFSET 0) o
    ON CONFLICT (idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING e.id, e.matched
  ), made_delivery AS (
    INSERT INTO public.webhook_deliveries AS d (webhook_id, user_id, event_id, event_type, request_url, request_payload, max_attempts)
    SELECT o.webhook_id, o.user_id, v_ids[o.n], o.event_type, o.url, v_payloads[o.n], o.max_attempts
    FROM (SELECT t.* FROM target t JOIN made_event m ON m.id = v_ids[t.n] ORDER BY t.n, t.webhook_id OFFSET 0) o
    RETURNING d.id, d.event_id, d.webhook_id, d.request_url
  ), made AS (
    SELECT g.n, v_ids[g.n] AS id, NULL::integer AS matched, NULL::json AS delivery FROM given g
    UNION ALL SELECT NULL, m.id, m.matched, NULL FROM made_event m
    UNION ALL SELECT NULL, d.event_id, NULL, json_build_object('id', d.id, 'url', d.request_url, 'webhook_id', d.webhook_id) FROM made_delivery d
  )
  -- Grouped, not joined: the planner takes each of them for one row, and would compare all with all.
  SELECT max(m.n), m.id, false, max(m.matched), coalesce(json_agg(m.delivery) FILTER (WHERE m.delivery IS NOT NULL), '[]'), NULL, NULL, NULL, NULL, NULL
  FROM made m GROUP BY m.id HAVING max(m.matched) IS NOT NULL;
  GET DIAGNOSTICS v_made = ROW_COUNT;
  IF v_made = v_count THEN
    RETURN;
  END IF;

  -- hookline.trigger_event takes them by the settings of one event, which are put back afterwards.
  v_origin := ARRAY[current_setting('hookline.request_id', true), current_setting('hookline.traceparent', true)];
  -- The others one by one: repeats under an idempotency key, those of users with little room, and what is wrong.
  FOR nth IN
    SELECT g.n FROM generate_series(1, v_count) g (n)
    WHERE NOT EXISTS (SELECT FROM hookline.events e WHERE e.id = v_ids[g.n]) ORDER BY p_idempotency_keys[g.n], g.n
  LOOP
    event_id := NULL; is_duplicate := NULL; matched := NULL; deliveries := NULL;
    schema := NULL; schema_digest := NULL; problem_state := NULL; problem := NULL; hint := NULL;
    SELECT e.payload_schema::text AS schema, coalesce(encode(sha256(convert_to(e.payload_schema::text, 'UTF8')), 'hex'), '') AS digest
    INTO v_type FROM public.webhook_events e WHERE e.event_type = p_event_types[nth];
    -- What came before under its key gets the answer of then, whatever the schema has become.
    IF v_type.digest IS DISTINCT FROM p_schemas[nth] AND v_type.digest IS NOT NULL AND NOT EXISTS (
      SELECT FROM hookline.events v, hookline.settings s
      WHERE v.idempotency_key = p_idempotency_keys[nth] AND v.created_at >= now() - s.idempotency_window)
    THEN
      schema := v_type.schema;
      schema_digest := v_type.digest;
      RETURN NEXT;
      CONTINUE;
    END IF;
    PERFORM set_config('hookline.request_id', coalesce(v_request_ids[nth], ''), true),
            set_config('hookline.traceparent', coalesce(v_traceparents[nth], ''), true);
    BEGIN
      v_user := CASE WHEN p_external_user_ids[nth] IS NULL THEN hookline.known_user(p_user_ids[nth]::text) ELSE hookline.user_of(p_external_user_ids[nth]) END;
      IF v_user IS NULL AND p_user_ids[nth] IS NOT NULL THEN
        RAISE EXCEPTION 'There is no such user.'
          USING ERRCODE = 'HK010', HINT = 'user_id takes the id of a row of auth.users; for another id of the user there is external_user_id.';
      END IF;
      SELECT t.event_id, t.is_duplicate, t.matched, t.deliveries INTO event_id, is_duplicate, matched, deliveries
      FROM hookline.trigger_event(p_event_types[nth], p_payloads[nth]::jsonb, v_user, p_idempotency_keys[nth]) t;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE ~ '^(40|53|55|57|58|08)' THEN
        RAISE;
      END IF;
      GET STACKED DIAGNOSTICS problem_state = RETURNED_SQLSTATE, problem = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
      hint := nullif(hint, '');
    END;
    RETURN NEXT;
  END LOOP;
  PERFORM set_config('hookline.request_id', coalesce(v_origin[1], ''), true), set_config('hookline.traceparent', coalesce(v_origin[2], ''), true);
END $$;

-- As in 0033; that the user's backlog is full passes, too, and is raised.
CREATE OR REPLACE FUNCTION hookline.emit_event(
  p_event_type text, p_payload jsonb, p_user text, p_idempotency_key text DEFAULT NULL, p_problem text DEFAULT NULL)
RETURNS TABLE (event_state text, event_id uuid, event_error text) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_enabled boolean;
  v_user uuid := hookline.known_user(p_user);
BEGIN
  SELECT e.is_enabled INTO v_enabled FROM public.webhook_events e WHERE e.event_type = p_event_type;
  event_state := 'skipped';
  IF v_enabled IS NULL THEN
    event_error := 'event_type_not_registered';
  ELSIF NOT v_enabled THEN
    event_error := 'event_type_disabled';
  ELSIF v_user IS NULL THEN
    event_error := 'user_unknown';
  ELSIF p_problem IS NOT NULL THEN
    event_state := 'failed';
    event_error := left(p_problem, 500);
  ELSE
    BEGIN
      SELECT t.event_id INTO STRICT event_id FROM hookline.trigger_event(p_event_type, p_payload, v_user, p_idempotency_key) t;
      event_state := 'done';
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE ~ '^(40|53|55|57|58|08|HK041)' THEN
        RAISE;
      END IF;
      event_state := 'failed';
      event_error := left(SQLSTATE || ': ' || SQLERRM, 500);
    END;
  END IF;
  RETURN NEXT;
END $$;

-- As in 0033; while the user's backlog is full the event is pending, and tried again (src/maintain/follow-ups.ts).
CREATE OR REPLACE FUNCTION hookline.emit_stored_event(p_content_id bigint, p_payload jsonb, p_problem text DEFAULT NULL)
RETURNS TABLE (event_state text, event_id uuid, event_error text) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_row public.ai_content;
BEGIN
  SELECT * INTO v_row FROM public.ai_content c WHERE c.id = p_content_id FOR NO KEY UPDATE;
  IF NOT FOUND OR v_row.event_state = 'done' THEN
    RETURN QUERY SELECT v_row.event_state, v_row.event_id, v_row.event_error WHERE v_row.id IS NOT NULL;
    RETURN;
  END IF;
  BEGIN
    RETURN QUERY UPDATE public.ai_content c SET event_state = t.event_state, event_id = t.event_id, event_error = t.event_error
    FROM hookline.emit_event(v_row.event_name, p_payload, v_row.user_id::text, 'ai_content_' || v_row.id || '_' || v_row.idempotency_key, p_problem) t
    WHERE c.id = p_content_id RETURNING c.event_state::text, c.event_id, c.event_error::text;
  EXCEPTION WHEN SQLSTATE 'HK041' THEN
    RETURN QUERY UPDATE public.ai_content c SET event_state = 'pending', event_error = 'backlog_full', event_next_at = now() + interval '10 seconds',
      event_expires_at = coalesce(c.event_expires_at, now() + interval '24 hours')
    WHERE c.id = p_content_id RETURNING c.event_state::text, c.event_id, c.event_error::text;
  END;
END $$;

-- As in 0027; it waits while its user's backlog is full, and makes no more than there is room for.
CREATE OR REPLACE FUNCTION hookline.advance_replay(p_replay_id uuid)
RETURNS TABLE (webhook_id uuid, state varchar, created bigint, total bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
  v_ahead CONSTANT integer := 1000;
  -- How many are looked at beyond those that may be made: what is passed over must not make a step long.
  v_passed CONSTANT integer := 250;
  v_replay hookline.replays;
  v_webhook public.webhooks;
  v_room integer;
  v_user_room integer;
  v_waiting varchar;
  v_made integer := 0;
  v_looked integer := 0;
  v_is_through boolean := false;
  v_done boolean := false;
  v_cursor_at timestamptz;
  v_cursor_id uuid;
BEGIN
  -- A webhook that somebody is deleting is passed over: waiting for it here would deadlock with the deletion, which comes to this row next.
  SELECT r.* INTO v_replay FROM hookline.replays r JOIN public.webhooks w ON w.id = r.webhook_id
  WHERE r.id = p_replay_id AND r.state = 'running' AND r.due_at <= now() FOR UPDATE OF r SKIP LOCKED FOR KEY SHARE OF w SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT * INTO v_webhook FROM public.webhooks w WHERE w.id = v_replay.webhook_id;
  v_room := floor(v_replay.rate_per_second * least(1, extract(epoch FROM now() - v_replay.rate_at)));
  v_waiting := CASE
    WHEN NOT v_webhook.is_active THEN 'inactive'
    WHEN NOT v_webhook.is_verified AND (SELECT s.verification = 'required' FROM hookline.settings s) THEN 'unverified'
    WHEN v_webhook.paused_until > now() THEN 'paused' END;
  IF v_waiting IS NULL THEN
    SELECT least(v_room, v_ahead - count(*)), CASE WHEN count(*) >= v_ahead THEN 'backlog' END INTO v_room, v_waiting
    FROM (SELECT FROM public.webhook_deliveries d
          WHERE d.webhook_id = v_webhook.id AND d.replay_of IS NOT NULL AND d.status IN ('pending', 'retrying') LIMIT v_ahead) unfinished;
  END IF;

  IF v_waiting IS NULL AND v_room > 0 THEN
    v_user_room := hookline.room_of(v_webhook.user_id);
    v_waiting := CASE WHEN v_user_room <= 0 THEN 'backlog' END;
    v_room := greatest(0, least(v_room, v_user_room));
  END IF;

  IF v_waiting IS NULL AND v_room > 0 THEN
    WITH looked AS MATERIALIZED (
      SELECT c.id, c.created_at, c.is_wanted, count(*) FILTER (WHERE c.is_wanted) OVER (ORDER BY c.created_at, c.id) AS upto
      FROM hookline.deliveries_to_replay(v_webhook.user_id, v_webhook.id, v_replay.status_filter, v_replay.cursor_at, v_replay.cursor_id, v_replay.until,
                                         v_room + v_passed) c
    ), made AS (
      INSERT INTO public.webhook_deliveries (webhook_id, user_id, event_id, event_type, request_url, request_payload, max_attempts, replay_of, metadata)
      SELECT v_webhook.id, v_webhook.user_id, d.event_id, d.event_type, v_webhook.url, d.request_payload,
             CASE WHEN v_webhook.retry_enabled THEN 1 + v_webhook.max_retries ELSE 1 END, coalesce(d.replay_of, d.id),
             jsonb_build_object('replay_id', v_replay.id)
      FROM looked l JOIN public.webhook_deliveries d ON d.id = l.id
      WHERE l.is_wanted AND l.upto <= v_room ORDER BY l.created_at, l.id
      RETURNING id
    )
    SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM looked), coalesce((SELECT max(l.upto) FROM looked l) <= v_room, true), p.created_at, p.id
    INTO v_made, v_looked, v_is_through, v_cursor_at, v_cursor_id
    FROM (VALUES (1)) one LEFT JOIN LATERAL (
      SELECT l.created_at, l.id FROM looked l WHERE l.upto <= v_room ORDER BY l.created_at DESC, l.id DESC LIMIT 1) p ON true;
    v_done := v_is_through AND v_looked < v_room + v_passed;
  END IF;

  RETURN QUERY
  UPDATE hookline.replays r SET
    started_at = coalesce(r.started_at, now()),
    created = n.created,
    total = greatest(r.total, n.created),
    cursor_at = coalesce(v_cursor_at, r.cursor_at),
    cursor_id = coalesce(v_cursor_id, r.cursor_id),
    rate_at = n.rate_at,
    due_at = CASE
      WHEN v_is_through AND v_made < v_room THEN now()
      WHEN coalesce(v_waiting <> 'backlog', false) THEN now() + interval '2 seconds'
      ELSE greatest(now() + interval '250 milliseconds', n.rate_at + make_interval(secs => 1.0 / r.rate_per_second)) END,
    waiting_for = v_waiting,
    waiting_since = n.waiting_since,
    state = n.state,
    ended_at = CASE WHEN n.state <> 'running' THEN now() END
  FROM (
    SELECT v_replay.created + v_made AS created, w.waiting_since,
           greatest(v_replay.rate_at + make_interval(secs => v_made::float8 / v_replay.rate_per_second), now() - interval '1 second') AS rate_at,
           CASE WHEN v_done THEN 'completed' WHEN v_waiting <> 'backlog' AND w.waiting_since < now() - s.waiting_limit THEN 'expired'
                ELSE 'running' END AS state
    FROM hookline.settings s,
         (SELECT CASE WHEN v_waiting = v_replay.waiting_for THEN v_replay.waiting_since WHEN v_waiting IS NOT NULL THEN now() END AS waiting_since) w
  ) n
  WHERE r.id = v_replay.id
  RETURNING r.webhook_id, r.state, r.created, r.total;
END $$;

-- As in 0035; refused when the user's backlog is full.
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
  PERFORM hookline.refuse_full_backlog(v_webhook.user_id);
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
