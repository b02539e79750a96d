-- Received webhooks as a list, the latest first, and filters that say why they let a payload through.

-- Ids are in the order of arrival: a list of everybody walks the primary key, a user's this index; by time nothing is looked up.
CREATE INDEX IF NOT EXISTS ai_content_of_user ON public.ai_content (user_id, id);
DROP INDEX IF EXISTS public.ai_content_user_id;

-- Whether all conditions of an explanation hold; NULL: it is not decided.
CREATE OR REPLACE FUNCTION hookline.all_hold(p_conditions jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN bool_or(c -> 'holds' = 'false') THEN false WHEN bool_or(c -> 'holds' = 'null') THEN NULL ELSE true END
  FROM jsonb_array_elements(p_conditions) c
$$;
REVOKE ALL ON FUNCTION hookline.all_hold(jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.all_hold(jsonb) TO service_role;

-- One condition of an explanation, judged by filter_step. p_asked: it as a filter of its own; p_left: as there. What is found is shown up to 1 KiB.
CREATE OR REPLACE FUNCTION hookline.explain_condition(
  p_path text, p_operator text, p_expected jsonb, p_asked jsonb, p_value jsonb, INOUT p_left integer, OUT condition jsonb)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_asked record;
  v_size integer;
BEGIN
  IF p_left >= 0 THEN
    v_asked := hookline.filter_step(p_asked, p_value, p_left);
    p_left := v_asked.p_left;
  END IF;
  condition := jsonb_build_object('path', p_path, 'operator', p_operator, 'expected', p_expected, 'is_present', p_value IS NOT NULL,
    'holds', CASE WHEN p_left >= 0 THEN v_asked.holds END);
  -- A few bytes of JSONB may be a number of 131,000 digits.
  IF p_left >= 0 AND pg_column_size(p_value) <= 2048 THEN
    v_size := octet_length(p_value::text);
    p_left := p_left - v_size / 1024;
    IF v_size <= 1024 THEN
      condition := condition || jsonb_build_object('found', p_value);
    END IF;
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.explain_condition(text, text, jsonb, jsonb, jsonb, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.explain_condition(text, text, jsonb, jsonb, jsonb, integer) TO service_role;

-- Conditions of an explanation that belong together.
CREATE OR REPLACE FUNCTION hookline.explain_group(p_path text, p_operator text, p_value jsonb, p_conditions jsonb, p_holds boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('path', p_path, 'operator', p_operator, 'is_present', p_value IS NOT NULL, 'holds', p_holds, 'conditions', p_conditions)
$$;
REVOKE ALL ON FUNCTION hookline.explain_group(text, text, jsonb, jsonb, boolean) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.explain_group(text, text, jsonb, jsonb, boolean) TO service_role;

-- Every condition of p_filter on p_value, which stands at the JSON pointer p_path, as a JSON array: p_value fulfils the filter when all of them hold.
-- It takes filters apart as filter_step does, which judges each part; holds is null for what p_left steps do not decide.
-- What one element of an array has to fulfil as a whole is a group ($element) of the element that does, or else of that which fulfils most, of the first 20.
CREATE OR REPLACE FUNCTION hookline.explain_filter(p_filter jsonb, p_value jsonb, p_path text, INOUT p_left integer, OUT conditions jsonb)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_key text;
  v_operand jsonb;
  v_inner jsonb;
  v_asked record;
  v_group jsonb;
  v_holds boolean;
  v_of_elements jsonb := '{}';
  v_element record;
  v_most integer := -1;
  v_fulfilled integer;
  v_is_array boolean := coalesce(jsonb_typeof(p_value) = 'array', false);
BEGIN
  conditions := '[]';
  IF jsonb_typeof(p_filter) <> 'object' OR p_filter = '{}' THEN
    v_key := CASE WHEN v_is_array OR jsonb_typeof(p_filter) IN ('array', 'object') THEN 'contains' ELSE '$eq' END;
    v_asked := hookline.explain_condition(p_path, v_key, p_filter, p_filter, p_value, p_left);
    p_left := v_asked.p_left;
    conditions := jsonb_build_array(v_asked.condition);
    RETURN;
  END IF;

  FOR v_key, v_operand IN SELECT e.key, e.value FROM jsonb_each(p_filter) e LOOP
    CASE
      WHEN v_key = '$not' THEN
        v_asked := hookline.explain_filter(v_operand, p_value, p_path, p_left);
        p_left := v_asked.p_left;
        v_holds := NOT hookline.all_hold(v_asked.conditions);
        conditions := conditions || hookline.explain_group(p_path, v_key, p_value, v_asked.conditions, v_holds);
      WHEN v_key IN ('$and', '$or') THEN
        v_group := '[]';
        FOR v_inner IN SELECT f FROM jsonb_array_elements(v_operand) f LOOP
          v_asked := hookline.explain_filter(v_inner, p_value, p_path, p_left);
          p_left := v_asked.p_left;
          v_holds := hookline.all_hold(v_asked.conditions);
          v_group := v_group || CASE WHEN jsonb_array_length(v_asked.conditions) = 1 THEN v_asked.conditions -> 0
            ELSE hookline.explain_group(p_path, '$and', p_value, v_asked.conditions, v_holds) END;
        END LOOP;
        IF v_key = '$and' THEN
          v_holds := hookline.all_hold(v_group);
        ELSE
          SELECT CASE WHEN bool_or(c -> 'holds' = 'true') THEN true WHEN bool_or(c -> 'holds' = 'null') THEN NULL ELSE false END INTO v_holds
          FROM jsonb_array_elements(v_group) c;
        END IF;
        conditions := conditions || hookline.explain_group(p_path, v_key, p_value, v_group, v_holds);
      WHEN v_is_array AND NOT (v_key = '$exists' OR (v_key IN ('$eq', '$ne') AND jsonb_typeof(v_operand) = 'array')) THEN
        v_of_elements := v_of_elements || jsonb_build_object(v_key, v_operand);
      WHEN left(v_key, 1) = '$' THEN
        v_asked := hookline.explain_condition(p_path, v_key, v_operand, jsonb_build_object(v_key, v_operand), p_value, p_left);
        p_left := v_asked.p_left;
        conditions := conditions || v_asked.condition;
      ELSE
        v_asked := hookline.explain_filter(v_operand, CASE WHEN jsonb_typeof(p_value) = 'object' THEN p_value -> v_key END,
          p_path || '/' || replace(replace(v_key, '~', '~0'), '/', '~1'), p_left);
        p_left := v_asked.p_left;
        conditions := conditions || v_asked.conditions;
    END CASE;
  END LOOP;
  IF v_of_elements = '{}' THEN
    RETURN;
  END IF;

  SELECT e.key, e.value INTO v_key, v_operand FROM jsonb_each(v_of_elements) e LIMIT 1;
  IF left(v_key, 1) = '$' AND v_of_elements = jsonb_build_object(v_key, v_operand) THEN
    v_asked := hookline.explain_condition(p_path, v_key, v_operand, v_of_elements, p_value, p_left);
    p_left := v_asked.p_left;
    conditions := conditions || v_asked.condition;
    RETURN;
  END IF;

  v_group := '[]';
  v_holds := NULL;
  IF p_left >= 0 THEN
    v_asked := hookline.filter_step(v_of_elements, p_value, p_left);
    p_left := v_asked.p_left;
    v_holds := CASE WHEN p_left >= 0 THEN v_asked.holds END;
  END IF;
  IF p_left >= 0 THEN
    FOR v_element IN
      WITH RECURSIVE element (path, value, nth) AS (
        SELECT p_path, p_value, 0::bigint
        UNION ALL
        SELECT element.path || '/' || a.n - 1, a.value, a.n
        FROM element, jsonb_array_elements(CASE jsonb_typeof(element.value) WHEN 'array' THEN element.value ELSE '[]' END) WITH ORDINALITY a (value, n)
      )
      SELECT path, value, row_number() OVER () AS nth FROM element WHERE jsonb_typeof(value) <> 'array'
    LOOP
      EXIT WHEN p_left < 0 OR (NOT v_holds AND v_element.nth > 20);
      IF v_holds THEN
        v_asked := hookline.filter_step(v_of_elements, v_element.value, p_left);
        p_left := v_asked.p_left;
        CONTINUE WHEN p_left >= 0 AND NOT v_asked.holds;
      END IF;
      v_asked := hookline.explain_filter(v_of_elements, v_element.value, v_element.path, p_left);
      p_left := v_asked.p_left;
      v_fulfilled := jsonb_array_length(jsonb_path_query_array(v_asked.conditions, '$[*] ? (@.holds == true)'));
      IF v_fulfilled > v_most THEN
        v_most := v_fulfilled;
        v_group := v_asked.conditions;
      END IF;
      EXIT WHEN v_holds;
    END LOOP;
  END IF;
  conditions := conditions || hookline.explain_group(p_path, '$element', p_value, v_group, v_holds);
END $$;
REVOKE ALL ON FUNCTION hookline.explain_filter(jsonb, jsonb, text, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.explain_filter(jsonb, jsonb, text, integer) TO service_role;

-- Which of the payloads, a JSON array, events would go through the filter with, and why: [{"matches", "conditions"}] in their order. Refuses a filter that
-- could not be written, and payloads that no event can have. An explanation may take 10,000 steps, which the payloads share. A verdict is that of
-- filter_matches, whose 10,000 steps take 100 ms; what 20,000 steps, or 2 MB of explanations, have not come to is refused.
CREATE OR REPLACE FUNCTION hookline.test_filter(p_filter jsonb, p_payloads jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_problem text := hookline.filter_problem(p_filter);
  v_payload jsonb;
  v_asked record;
  v_left integer := 20000;
  v_matches boolean;
  v_results jsonb[] := '{}';
BEGIN
  IF v_problem IS NOT NULL THEN
    RAISE EXCEPTION 'the filter is not well formed: %', v_problem
      USING ERRCODE = 'HK006', HINT = 'See the chapter on filters; example: {"status": "completed", "duration": {"$gte": 10}}.';
  END IF;
  FOR v_payload IN SELECT p FROM jsonb_array_elements(p_payloads) p LOOP
    PERFORM hookline.check_payload(v_payload);
    IF p_filter = '{}' THEN
      v_results := v_results || '{"matches": true, "conditions": []}'::jsonb;
    ELSIF v_left <= 0 THEN
      RAISE EXCEPTION 'these payloads are too many for this filter: % of % were tested', cardinality(v_results), jsonb_array_length(p_payloads)
        USING ERRCODE = 'HK008', HINT = 'Test fewer payloads at once, or smaller ones.';
    ELSE
      v_asked := hookline.filter_step(p_filter, v_payload, 10000);
      v_matches := v_asked.holds OR v_asked.p_left < 0;
      v_left := v_left - (10000 - greatest(v_asked.p_left, 0));
      v_asked := hookline.explain_filter(p_filter, v_payload, '', 10000 / jsonb_array_length(p_payloads));
      v_left := v_left - pg_column_size(v_asked.conditions) / 100;
      v_results := v_results || jsonb_build_object('matches', v_matches, 'conditions', v_asked.conditions);
    END IF;
  END LOOP;
  RETURN to_jsonb(v_results);
END $$;
REVOKE ALL ON FUNCTION hookline.test_filter(jsonb, jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.test_filter(jsonb, jsonb) TO service_role;
