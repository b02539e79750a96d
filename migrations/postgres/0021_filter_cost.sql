-- Filters: what one match may cost. A filter of 200 conditions met an array of 131,000 numbers for minutes, inside the application's own
-- transaction; 2,000 nested arrays overflowed the stack, and 131,072 nines the numbers, so that nobody got the event.

-- Anew for "strict" alone: a lax path looks into arrays in the array, and took {"$and": [[]]} for well formed.
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
        CASE WHEN jsonb_typeof(operand) <> 'array' OR operand = '[]' OR operand @? 'strict $[*] ? (@.type() != "object")'
             THEN key || ' takes an array of objects that is not empty' END
      ELSE key || ' is no operator; there are $eq $ne $gt $gte $lt $lte $in $nin $exists $startsWith $endsWith $contains $not $and $or'
    END AS problem
    FROM node
  )
  SELECT count(*), (array_agg(problem ORDER BY depth) FILTER (WHERE problem IS NOT NULL))[1] INTO v_conditions, v_problem FROM judged;
  RETURN coalesce(v_problem, CASE WHEN v_conditions > 200 THEN 'a filter may have at most 200 conditions' END);
END $$;

-- One operator on one value that is no array, or is compared as a whole. p_value NULL: the field is missing.
CREATE OR REPLACE FUNCTION hookline.operator_matches(p_operator text, p_operand jsonb, p_value jsonb)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_text text;
  v_operand_text text;
  v_is_less boolean;
  v_is_greater boolean;
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
  IF jsonb_typeof(p_value) = 'number' THEN
    -- Compared, not subtracted: a difference can be too large for a numeric.
    v_is_less := p_value::numeric < p_operand::numeric;
    v_is_greater := p_value::numeric > p_operand::numeric;
  ELSE
    v_text := p_value #>> '{}';
    v_operand_text := p_operand #>> '{}';
    CASE p_operator
      WHEN '$startsWith' THEN RETURN starts_with(v_text, v_operand_text);
      WHEN '$endsWith' THEN RETURN right(v_text, char_length(v_operand_text)) = v_operand_text;
      WHEN '$contains' THEN RETURN strpos(v_text, v_operand_text) > 0;
      ELSE NULL;
    END CASE;
    v_is_less := v_text COLLATE "C" < v_operand_text COLLATE "C";
    v_is_greater := v_text COLLATE "C" > v_operand_text COLLATE "C";
  END IF;
  RETURN CASE p_operator WHEN '$gt' THEN v_is_greater WHEN '$gte' THEN NOT v_is_less WHEN '$lt' THEN v_is_less ELSE NOT v_is_greater END;
END $$;
REVOKE ALL ON FUNCTION hookline.operator_matches(text, jsonb, jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.operator_matches(text, jsonb, jsonb) TO service_role;

-- What one condition on one large value costs beyond a step of its own, in steps (5 to 10 µs): the bytes that are copied or searched. Measured on
-- 256 KiB: strpos compares up to |value| x |operand| bytes, 3 a nanosecond; @> looks at an element in 15 ns; right() takes 0.9 ms, a copy 0.1.
CREATE OR REPLACE FUNCTION hookline.condition_cost(p_operator text, p_operand jsonb, p_value jsonb) RETURNS integer LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_size bigint := pg_column_size(p_value);
BEGIN
  RETURN CASE
    WHEN p_operator IN ('$in', '$nin') THEN jsonb_array_length(p_operand) / 16
    WHEN jsonb_typeof(p_value) = 'string' THEN CASE p_operator
      WHEN '$contains' THEN v_size / 4096 + v_size * pg_column_size(p_operand) / 32768
      WHEN '$endsWith' THEN v_size / 1024
      ELSE v_size / 4096 END
    WHEN p_operator = '@>' AND jsonb_typeof(p_value) = 'array' THEN v_size * pg_column_size(p_operand) / 65536
    ELSE 0 END;
END $$;
REVOKE ALL ON FUNCTION hookline.condition_cost(text, jsonb, jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.condition_cost(text, jsonb, jsonb) TO service_role;

-- Whether p_value fulfils p_filter, within p_left steps. p_value NULL: the field is missing. An array fulfils a condition when any of its elements
-- does, and an array in it when any of its own; what asks about the array itself ($exists, $not, $and, $or, a whole array as operand) is asked
-- of the array. p_left below 0: the steps ran out, and holds means nothing.
CREATE OR REPLACE FUNCTION hookline.filter_step(p_filter jsonb, p_value jsonb, INOUT p_left integer, OUT holds boolean) LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_key text;
  v_operand jsonb;
  v_inner jsonb;
  v_asked record;
  v_of_elements jsonb := '{}';
  v_is_array boolean := coalesce(jsonb_typeof(p_value) = 'array', false);
  v_is_large boolean := pg_column_size(p_filter) > 512 OR pg_column_size(p_value) > 1024;
  v_elements jsonb[];
  v_element jsonb;
BEGIN
  p_left := p_left - 1;
  IF v_is_large THEN
    p_left := p_left - pg_column_size(p_filter) / 512 - coalesce(pg_column_size(p_value), 0) / 65536;
  END IF;
  IF jsonb_typeof(p_filter) <> 'object' THEN
    IF v_is_large THEN
      p_left := p_left - hookline.condition_cost('@>', p_filter, p_value);
    END IF;
    holds := p_left >= 0 AND coalesce(p_value @> p_filter, false);
    RETURN;
  END IF;
  holds := coalesce(p_filter <> '{}' OR v_is_array OR jsonb_typeof(p_value) = 'object', false);

  FOR v_key, v_operand IN SELECT e.key, e.value FROM jsonb_each(p_filter) e LOOP
    CASE
      WHEN v_key = '$not' THEN
        v_asked := hookline.filter_step(v_operand, p_value, p_left);
        p_left := v_asked.p_left;
        holds := NOT v_asked.holds;
      WHEN v_key IN ('$and', '$or') THEN
        FOR v_inner IN SELECT f FROM jsonb_array_elements(v_operand) f LOOP
          v_asked := hookline.filter_step(v_inner, p_value, p_left);
          p_left := v_asked.p_left;
          holds := v_asked.holds;
          EXIT WHEN p_left < 0 OR holds = (v_key = '$or');
        END LOOP;
      WHEN v_is_array AND NOT (v_key = '$exists' OR (v_key IN ('$eq', '$ne') AND jsonb_typeof(v_operand) = 'array')) THEN
        v_of_elements := v_of_elements || jsonb_build_object(v_key, v_operand);
      WHEN left(v_key, 1) = '$' THEN
        p_left := p_left - 1;
        IF v_is_large THEN
          p_left := p_left - hookline.condition_cost(v_key, v_operand, p_value);
        END IF;
        holds := p_left >= 0 AND hookline.operator_matches(v_key, v_operand, p_value);
      ELSE
        v_asked := hookline.filter_step(v_operand, CASE WHEN jsonb_typeof(p_value) = 'object' THEN p_value -> v_key END, p_left);
        p_left := v_asked.p_left;
        holds := v_asked.holds;
    END CASE;
    IF NOT holds OR p_left < 0 THEN
      RETURN;
    END IF;
  END LOOP;
  IF NOT v_is_array OR (v_of_elements = '{}' AND p_filter <> '{}') THEN
    RETURN;
  END IF;

  -- A round for each level of arrays in arrays: recursion would overflow the stack.
  v_elements := ARRAY[p_value];
  holds := false;
  WHILE v_elements <> '{}' LOOP
    p_left := p_left - 8 - (SELECT sum(jsonb_array_length(a) + pg_column_size(a) / 8192) FROM unnest(v_elements) a);
    IF p_left < 0 THEN
      RETURN;
    END IF;
    v_elements := ARRAY(SELECT e FROM unnest(v_elements) a, jsonb_array_elements(a) e);
    FOREACH v_element IN ARRAY v_elements LOOP
      CONTINUE WHEN jsonb_typeof(v_element) = 'array';
      v_asked := hookline.filter_step(v_of_elements, v_element, p_left);
      p_left := v_asked.p_left;
      holds := v_asked.holds;
      IF holds OR p_left < 0 THEN
        RETURN;
      END IF;
    END LOOP;
    v_elements := ARRAY(SELECT e FROM unnest(v_elements) e WHERE jsonb_typeof(e) = 'array');
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION hookline.filter_step(jsonb, jsonb, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.filter_step(jsonb, jsonb, integer) TO service_role;

-- Whether an event with the payload p_value goes through p_filter. One that 10,000 steps (about 100 ms) do not decide goes through: an event too
-- many can be told by its subscriber, a lost one cannot.
CREATE OR REPLACE FUNCTION hookline.filter_matches(p_filter jsonb, p_value jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_asked record;
BEGIN
  IF p_filter = '{}' THEN
    RETURN true;
  END IF;
  v_asked := hookline.filter_step(p_filter, p_value, 10000);
  RETURN v_asked.holds OR v_asked.p_left < 0;
END $$;
