-- Headers of a webhook's owner that go with each of its calls, such as Authorization. Their values are kept like secrets: nobody reads them again, and the
-- record of a call has *** in their place.
ALTER TABLE public.webhooks
  -- NULL: there are none, and a claim does not look for any.
  ADD COLUMN IF NOT EXISTS custom_header_names text[],
  ADD COLUMN IF NOT EXISTS custom_headers_set_at timestamptz;

CREATE TABLE IF NOT EXISTS hookline.webhook_headers (
  webhook_id uuid PRIMARY KEY REFERENCES public.webhooks (id) ON DELETE CASCADE,
  -- Name to value.
  headers jsonb NOT NULL
);
SELECT hookline.protect('hookline.webhook_headers');
-- The worker's.
GRANT SELECT ON hookline.webhook_headers TO service_role;

-- Beside webhooks_touch_updated_at of 0003.
CREATE OR REPLACE TRIGGER webhooks_touch_updated_at_by_signing BEFORE UPDATE OF sign_asymmetric, custom_header_names, custom_headers_set_at
ON public.webhooks FOR EACH ROW EXECUTE FUNCTION hookline.touch_updated_at();

-- What is wrong with headers, a row each; name is NULL for what is wrong with all of them. p_headers is an object.
CREATE OR REPLACE FUNCTION hookline.header_problems(p_headers jsonb) RETURNS TABLE (name text, problem text) LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH header AS (
    SELECT h.key COLLATE "C" AS key, (h.value #>> '{}') COLLATE "C" AS value, jsonb_typeof(h.value) AS type,
           lower(h.key COLLATE "C") AS lower, count(*) OVER () AS total, sum(octet_length(h.key) + octet_length(h.value #>> '{}')) OVER () AS bytes
    FROM jsonb_each(p_headers) h
  ), one AS (
    -- Names as RFC 9110 has tokens (5.6.2), values as it has field values without obs-text (5.5).
    SELECT left(h.key, 100) AS name, CASE
      WHEN h.key !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]{1,100}$' THEN 'is no name of a header: 1 to 100 letters, digits and !#$%&''*+-.^_`|~'
      WHEN h.lower ~ '^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|http2-settings|expect|user-agent|via|forwarded|x-real-ip|__proto__)$'
        OR h.lower ~ '^(content|proxy|webhook|x-webhook|x-hookline|x-forwarded)-' THEN 'is reserved'
      WHEN count(*) OVER (PARTITION BY h.lower) > 1 THEN 'is given more than once: case makes no difference'
      WHEN h.type <> 'string' THEN 'must have a string as its value'
      WHEN octet_length(h.value) > 4096 THEN 'has a value longer than 4 KiB'
      WHEN h.value !~ '^[!-~]([ -~]*[!-~])?$' THEN 'must have a value of visible ASCII characters and spaces between them'
    END AS problem
    FROM header h WHERE h.total <= 20
  )
  SELECT o.name, o.problem FROM one o WHERE o.problem IS NOT NULL
  UNION ALL
  SELECT DISTINCT NULL, CASE WHEN h.total > 20 THEN format('There are %s headers; 20 are allowed.', h.total)
                             ELSE 'The headers are longer than 16 KiB together.' END
  FROM header h WHERE h.total > 20 OR h.bytes > 16384
$$;
REVOKE ALL ON FUNCTION hookline.header_problems(jsonb) FROM PUBLIC, anon, authenticated, service_role;

-- Sets the headers of a webhook in place of those that it had; {} takes them away. The next claim sends them. The error's DETAIL has each finding as JSON.
CREATE OR REPLACE FUNCTION public.set_webhook_headers(p_webhook_id uuid, p_headers jsonb)
RETURNS TABLE (header_names text[], headers_set_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_message text;
  v_problems text;
BEGIN
  PERFORM FROM public.webhooks w WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service()) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  IF jsonb_typeof(p_headers) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'the headers are no JSON object' USING ERRCODE = 'HK023', HINT = 'Give {"Authorization": "Bearer …"}.';
  END IF;
  SELECT string_agg(concat_ws(' ', p.name, p.problem), '; ' ORDER BY p.name), json_agg(p ORDER BY p.name)::text
  INTO v_message, v_problems FROM hookline.header_problems(p_headers) p;
  IF v_problems IS NOT NULL THEN
    RAISE EXCEPTION '%', v_message USING ERRCODE = 'HK023', DETAIL = v_problems,
      HINT = 'Of HTTP''s own headers and Hookline''s none can be set: host, connection, user-agent, content-*, proxy-*, webhook-*, x-webhook-*, x-forwarded-*, …';
  END IF;

  DELETE FROM hookline.webhook_headers h WHERE h.webhook_id = p_webhook_id;
  header_names := ARRAY(SELECT k.name FROM jsonb_object_keys(p_headers) k (name) ORDER BY lower(k.name COLLATE "C"));
  IF cardinality(header_names) > 0 THEN
    INSERT INTO hookline.webhook_headers (webhook_id, headers) VALUES (p_webhook_id, p_headers);
    headers_set_at := now();
  END IF;
  UPDATE public.webhooks w SET custom_header_names = nullif(header_names, '{}'), custom_headers_set_at = headers_set_at WHERE w.id = p_webhook_id;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION public.set_webhook_headers(uuid, jsonb) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.set_webhook_headers(uuid, jsonb) TO authenticated, service_role;

-- As in 0029, for the columns of 0037 and of here: whether to sign asymmetrically is the owner's; the headers have their function.
CREATE OR REPLACE FUNCTION hookline.guard_webhook() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_owners CONSTANT text[] := ARRAY['name', 'url', 'description', 'signature_algorithm', 'is_active', 'retry_enabled', 'max_retries',
                                    'retry_delay_seconds', 'timeout_seconds', 'metadata', 'rate_limit_per_second', 'rate_limit_burst',
                                    'is_ordered', 'ordering_key_path', 'sign_asymmetric'];
  v_before jsonb;
  v_column text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_before := to_jsonb(OLD);
  ELSE
    -- A new webhook has what the defaults give; these are made anew, so that nobody chooses them.
    NEW.id := gen_random_uuid();
    NEW.secret := hookline.generate_secret();
    NEW.verification_token := hookline.generate_secret();
    v_before := to_jsonb(NEW) || '{"is_verified": false, "total_deliveries": 0, "successful_deliveries": 0, "failed_deliveries": 0,'
      ' "consecutive_failures": 0, "breaker_probes": 0}'
      || (SELECT jsonb_object_agg(k, NULL::text) FROM unnest(ARRAY[
        'verified_at', 'last_delivery_at', 'last_success_at', 'last_failure_at', 'inactive_since', 'disabled_reason', 'paused_since', 'paused_until',
        'failing_since', 'retired_secrets', 'retired_secrets_until', 'verification_requested_at', 'verification_lease_until',
        'verification_attempted_at', 'verification_error_code', 'verification_error', 'unverified_since', 'breaker_since', 'breaker_until',
        'custom_header_names', 'custom_headers_set_at']) k)
      || jsonb_build_object('created_at', now(), 'updated_at', now());
  END IF;
  SELECT n.key INTO v_column FROM jsonb_each(to_jsonb(NEW)) n
  WHERE n.key <> ALL (v_owners) AND n.value IS DISTINCT FROM v_before -> n.key LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'column % of webhooks is the system''s', v_column USING ERRCODE = 'insufficient_privilege',
      HINT = 'A user sets ' || array_to_string(v_owners, ', ') || '.';
  END IF;
  RETURN NEW;
END $$;
