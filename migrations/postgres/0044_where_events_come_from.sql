-- Where an event comes from: the request that triggered it, and the span (W3C Trace Context) that its deliveries go on in. Whoever triggers tells by settings,
-- of the session or of the transaction: SELECT set_config('hookline.request_id', '…', true), set_config('hookline.traceparent', '00-…-…-01', true).

ALTER TABLE hookline.events ADD COLUMN IF NOT EXISTS request_id text, ADD COLUMN IF NOT EXISTS traceparent text;
DO $$
BEGIN
  -- Not valid: what stands there has neither, and looking it through would keep everyone else out meanwhile.
  IF NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = 'hookline.events'::regclass AND c.conname = 'valid_request_id') THEN
    ALTER TABLE hookline.events ADD CONSTRAINT valid_request_id CHECK (request_id ~ '^[A-Za-z0-9_.:-]{1,128}$') NOT VALID;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = 'hookline.events'::regclass AND c.conname = 'valid_traceparent') THEN
    ALTER TABLE hookline.events ADD CONSTRAINT valid_traceparent CHECK (traceparent ~ '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$') NOT VALID;
  END IF;
END $$;
-- What is not well formed is left out: no event is lost for the sake of its trace.
ALTER TABLE hookline.events
  ALTER COLUMN request_id SET DEFAULT substring(current_setting('hookline.request_id', true) from '^[A-Za-z0-9_.:-]{1,128}$'),
  ALTER COLUMN traceparent SET DEFAULT substring(current_setting('hookline.traceparent', true) from '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$');

-- The same two, for where no default is taken.
CREATE OR REPLACE FUNCTION hookline.origin(OUT request_id text, OUT traceparent text) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT substring(current_setting('hookline.request_id', true) from '^[A-Za-z0-9_.:-]{1,128}$'),
         substring(current_setting('hookline.traceparent', true) from '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$')
$$;
REVOKE ALL ON FUNCTION hookline.origin() FROM PUBLIC, anon, authenticated, service_role;

-- As in 0039, and it takes where the events come from.
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
  -- The others one by one: repeats under an idempotency key, and what is wrong.
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
