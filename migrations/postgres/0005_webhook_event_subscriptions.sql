-- Filters (DESIGN, Filters) and public.webhook_event_subscriptions (spec/outbound-webhooks.md, Tables).

-- Why a filter is not well formed, or NULL. Refuses what would be costly to match: over 8 KiB, 10 levels or 200 conditions.
CREATE OR REPLACE FUNCTION hookline.filter_problem(p_filter jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_conditions integer;
  v_problem text;
BEGIN
  IF jsonb_typeof(p_filter) <> 'object' THEN
    RETURN 'a filter is a JSON object';
  ELSIF octet_length(p_filter::text) > 8192 THEN
    RETURN 'a filter may have at most 8192 bytes';
  END IF;
  WITH RECURSIVE node (key, operand, depth) AS (
    SELECT NULL::text, p_filter, 1
    UNION ALL
    SELECT child.key, child.operand, node.depth + 1
    FROM node, LATERAL (
      SELECT e.key, e.value FROM jsonb_each(CASE jsonb_typeof(node.operand) WHEN 'object' THEN node.operand ELSE '{}' END) e
      UNION ALL
      SELECT NULL, a.value FROM jsonb_array_elements(CASE jsonb_typeof(node.operand) WHEN 'array' THEN node.operand ELSE '[]' END) a
    ) child (key, operand)
    WHERE node.depth <= 10
  ), judged AS (
    SELECT depth, CASE
      WHEN depth > 10 THEN 'a filter may be at most 10 levels deep'
      WHEN key IS NULL OR left(key, 1) <> '$' THEN NULL
      WHEN key IN ('$eq', '$ne') THEN NULL
      WHEN key IN ('$gt', '$gte', '$lt', '$lte') THEN
        CASE WHEN jsonb_typeof(operand) NOT IN ('number', 'string') THEN key || ' takes a number or a string' END
      WHEN key IN ('$in', '$nin') THEN CASE WHEN jsonb_typeof(operand) <> 'array' THEN key || ' takes an array' END
      WHEN key = '$exists' THEN CASE WHEN jsonb_typeof(operand) <> 'boolean' THEN '$exists takes true or false' END
      WHEN key IN ('$startsWith', '$endsWith', '$contains') THEN
        CASE WHEN jsonb_typeof(operand) <> 'string' THEN key || ' takes a string' END
      WHEN key = '$not' THEN CASE WHEN jsonb_typeof(operand) <> 'object' THEN '$not takes an object' END
      WHEN key IN ('$and', '$or') THEN
        CASE WHEN jsonb_typeof(operand) <> 'array' OR operand = '[]' OR operand @? '$[*] ? (@.type() != "object")'
             THEN key || ' takes an array of objects that is not empty' END
      ELSE key || ' is no operator; there are $eq $ne $gt $gte $lt $lte $in $nin $exists $startsWith $endsWith $contains $not $and $or'
    END AS problem
    FROM node
  )
  SELECT count(*), (array_agg(problem ORDER BY depth) FILTER (WHERE problem IS NOT NULL))[1] INTO v_conditions, v_problem FROM judged;
  RETURN coalesce(v_problem, CASE WHEN v_conditions > 200 THEN 'a filter may have at most 200 conditions' END);
END $$;
REVOKE ALL ON FUNCTION hookline.filter_problem(jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.filter_problem(jsonb) TO service_role;

-- One operator on one value that is no array, or is compared as a whole. p_value NULL: the field is missing.
CREATE OR REPLACE FUNCTION hookline.operator_matches(p_operator text, p_operand jsonb, p_value jsonb)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_text text := p_value #>> '{}';
  v_operand_text text := p_operand #>> '{}';
  v_order integer;
BEGIN
  CASE p_operator
    WHEN '$eq' THEN RETURN coalesce(p_value = p_operand, false);
    WHEN '$ne' THEN RETURN coalesce(p_value <> p_operand, true);
    WHEN '$in' THEN RETURN p_value IS NOT NULL AND EXISTS (SELECT FROM jsonb_array_elements(p_operand) e WHERE e = p_value);
    WHEN '$nin' THEN RETURN p_value IS NULL OR NOT EXISTS (SELECT FROM jsonb_array_elements(p_operand) e WHERE e = p_value);
    WHEN '$exists' THEN RETURN (p_value IS NOT NULL) = p_operand::boolean;
    ELSE NULL;
  END CASE;
  IF p_value IS NULL OR jsonb_typeof(p_value) <> jsonb_typeof(p_operand) THEN
    RETURN false;
  END IF;
  CASE p_operator
    WHEN '$startsWith' THEN RETURN starts_with(v_text, v_operand_text);
    WHEN '$endsWith' THEN RETURN right(v_text, char_length(v_operand_text)) = v_operand_text;
    WHEN '$contains' THEN RETURN strpos(v_text, v_operand_text) > 0;
    ELSE NULL;
  END CASE;
  IF jsonb_typeof(p_value) = 'number' THEN
    v_order := sign(p_value::numeric - p_operand::numeric);
  ELSE
    v_order := CASE WHEN v_text COLLATE "C" < v_operand_text COLLATE "C" THEN -1
                    WHEN v_text COLLATE "C" > v_operand_text COLLATE "C" THEN 1 ELSE 0 END;
  END IF;
  RETURN CASE p_operator WHEN '$gt' THEN v_order > 0 WHEN '$gte' THEN v_order >= 0 WHEN '$lt' THEN v_order < 0 ELSE v_order <= 0 END;
END $$;
REVOKE ALL ON FUNCTION hookline.operator_matches(text, jsonb, jsonb) FROM PUBLIC, anon, authenticated, service_role;

-- Whether p_value fulfils p_filter. p_value NULL: the field is missing. An array fulfils a condition when any of its elements does; what asks
-- about the array itself ($exists, $not, $and, $or, a whole array as operand) is asked of the array.
CREATE OR REPLACE FUNCTION hookline.filter_matches(p_filter jsonb, p_value jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_key text;
  v_operand jsonb;
  v_of_elements jsonb := '{}';
  v_is_array boolean := coalesce(jsonb_typeof(p_value) = 'array', false);
BEGIN
  IF jsonb_typeof(p_filter) <> 'object' THEN
    RETURN coalesce(p_value @> p_filter, false);
  END IF;
  IF p_filter = '{}' THEN
    RETURN coalesce(p_value @> p_filter, false) OR (v_is_array AND p_value @? '$[*] ? (@.type() == "object")');
  END IF;
  FOR v_key, v_operand IN SELECT e.key, e.value FROM jsonb_each(p_filter) e LOOP
    CASE
      WHEN v_key = '$not' THEN
        IF hookline.filter_matches(v_operand, p_value) THEN RETURN false; END IF;
      WHEN v_key = '$and' THEN
        IF EXISTS (SELECT FROM jsonb_array_elements(v_operand) f WHERE NOT hookline.filter_matches(f, p_value)) THEN RETURN false; END IF;
      WHEN v_key = '$or' THEN
        IF NOT EXISTS (SELECT FROM jsonb_array_elements(v_operand) f WHERE hookline.filter_matches(f, p_value)) THEN RETURN false; END IF;
      WHEN v_is_array AND NOT (v_key = '$exists' OR (v_key IN ('$eq', '$ne') AND jsonb_typeof(v_operand) = 'array')) THEN
        v_of_elements := v_of_elements || jsonb_build_object(v_key, v_operand);
      WHEN left(v_key, 1) = '$' THEN
        IF NOT hookline.operator_matches(v_key, v_operand, p_value) THEN RETURN false; END IF;
      ELSE
        IF NOT hookline.filter_matches(v_operand, CASE WHEN jsonb_typeof(p_value) = 'object' THEN p_value -> v_key END) THEN RETURN false; END IF;
    END CASE;
  END LOOP;
  RETURN v_of_elements = '{}'
    OR EXISTS (SELECT FROM jsonb_array_elements(p_value) e WHERE hookline.filter_matches(v_of_elements, e));
END $$;
REVOKE ALL ON FUNCTION hookline.filter_matches(jsonb, jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.filter_matches(jsonb, jsonb) TO service_role;

CREATE TABLE IF NOT EXISTS public.webhook_event_subscriptions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  webhook_id uuid NOT NULL REFERENCES public.webhooks (id) ON DELETE CASCADE,
  event_type varchar(100) NOT NULL REFERENCES public.webhook_events (event_type) ON UPDATE CASCADE,
  is_active boolean NOT NULL DEFAULT true,
  filters jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (webhook_id, event_type)
);
CREATE INDEX IF NOT EXISTS idx_webhook_event_subs_webhook_id ON public.webhook_event_subscriptions (webhook_id);
CREATE INDEX IF NOT EXISTS idx_webhook_event_subs_event_type ON public.webhook_event_subscriptions (event_type);
CREATE INDEX IF NOT EXISTS idx_webhook_event_subs_is_active ON public.webhook_event_subscriptions (is_active);

SELECT hookline.protect('public.webhook_event_subscriptions');
DROP POLICY IF EXISTS user_own ON public.webhook_event_subscriptions;
CREATE POLICY user_own ON public.webhook_event_subscriptions TO authenticated
  USING (EXISTS (SELECT FROM public.webhooks w WHERE w.id = webhook_id AND w.user_id = (SELECT auth.uid())))
  WITH CHECK (EXISTS (SELECT FROM public.webhooks w WHERE w.id = webhook_id AND w.user_id = (SELECT auth.uid())));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.webhook_event_subscriptions TO service_role;
GRANT SELECT, DELETE ON public.webhook_event_subscriptions TO authenticated;
GRANT INSERT (webhook_id, event_type, is_active, filters) ON public.webhook_event_subscriptions TO authenticated;
GRANT UPDATE (is_active, filters) ON public.webhook_event_subscriptions TO authenticated;

CREATE OR REPLACE TRIGGER webhook_event_subscriptions_touch_updated_at BEFORE UPDATE ON public.webhook_event_subscriptions
FOR EACH ROW EXECUTE FUNCTION hookline.touch_updated_at();

-- Refuses an unknown or disabled event type and a filter that is not well formed, however the row is written.
CREATE OR REPLACE FUNCTION hookline.check_subscription() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_problem text;
BEGIN
  IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT FROM public.webhook_events e WHERE e.event_type = NEW.event_type AND e.is_enabled) THEN
    PERFORM hookline.raise_unknown_event_types(ARRAY[NEW.event_type::text]);
  END IF;
  v_problem := hookline.filter_problem(NEW.filters);
  IF v_problem IS NOT NULL THEN
    RAISE EXCEPTION 'the filter is not well formed: %', v_problem
      USING ERRCODE = 'HK006', HINT = 'See the chapter on filters; example: {"status": "completed", "duration": {"$gte": 10}}.';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.check_subscription() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhook_event_subscriptions_check BEFORE INSERT OR UPDATE OF filters ON public.webhook_event_subscriptions
FOR EACH ROW EXECUTE FUNCTION hookline.check_subscription();

-- Raises HK001 for what is unknown or disabled among the given event types, naming those that there are; nothing otherwise.
CREATE OR REPLACE FUNCTION hookline.raise_unknown_event_types(p_event_types text[]) RETURNS void LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_unknown text[];
BEGIN
  SELECT array_agg(DISTINCT t) INTO v_unknown FROM unnest(p_event_types) t
  WHERE NOT EXISTS (SELECT FROM public.webhook_events e WHERE e.event_type = t AND e.is_enabled);
  IF v_unknown IS NOT NULL THEN
    RAISE EXCEPTION 'unknown or disabled event type: %', left(array_to_string(v_unknown, ', ', '(null)'), 500)
      USING ERRCODE = 'HK001',
            HINT = 'Registered event types: ' || coalesce(
              (SELECT string_agg(e.event_type, ', ' ORDER BY e.event_type) FROM
                (SELECT event_type FROM public.webhook_events WHERE is_enabled ORDER BY event_type LIMIT 50) e), 'none') || '.';
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.raise_unknown_event_types(text[]) FROM PUBLIC, anon, authenticated, service_role;
