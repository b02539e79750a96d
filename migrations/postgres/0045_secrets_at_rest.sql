-- Secrets at rest: a process that holds a key encrypts signing secrets, custom headers and private signing keys (docs/secrets-at-rest.md). PostgreSQL never sees
-- a key. An encrypted secret is `hle1.<id of its key>.<base64url>`; all else is in the clear.
ALTER TABLE hookline.settings
  -- Whether whoever holds a key encrypts what is in the clear. `hookline secrets decrypt` sets it to false, `hookline secrets rotate` to true.
  ADD COLUMN IF NOT EXISTS encrypt_secrets boolean NOT NULL DEFAULT true;

-- The keys that secrets may be encrypted with, by their ids: whoever lacks one of them does not start.
CREATE TABLE IF NOT EXISTS hookline.secret_keys (
  id text PRIMARY KEY CONSTRAINT valid_secret_key_id CHECK (id ~ '^[A-Za-z0-9_-]{1,32}$'),
  -- An HMAC under the key: another key of the same id is known by it.
  proof text NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT now()
);
SELECT hookline.protect('hookline.secret_keys');
GRANT SELECT ON hookline.secret_keys TO service_role;

ALTER TABLE public.webhooks
  -- The key that all secrets of the webhook are encrypted with. NULL: one of them is in the clear, or they have different keys.
  ADD COLUMN IF NOT EXISTS secret_key_id text,
  -- An encrypted secret that is longer than its column takes, which then has the beginning.
  ADD COLUMN IF NOT EXISTS long_sealed_secret text;
ALTER TABLE hookline.webhook_headers ADD COLUMN IF NOT EXISTS secret_key_id text;
ALTER TABLE hookline.signing_keys
  ADD COLUMN IF NOT EXISTS secret_key_id text,
  -- In place of private_key: its base64, encrypted.
  ADD COLUMN IF NOT EXISTS sealed_private_key text;
ALTER TABLE hookline.signing_keys DROP CONSTRAINT IF EXISTS current_key_signs, ADD CONSTRAINT current_key_signs
  CHECK (private_key IS NOT NULL OR sealed_private_key IS NOT NULL OR retired_at IS NOT NULL);
-- What is to be encrypted.
CREATE INDEX IF NOT EXISTS webhooks_secrets_in_clear ON public.webhooks (id) WHERE secret_key_id IS NULL;
CREATE INDEX IF NOT EXISTS webhook_headers_in_clear ON hookline.webhook_headers (webhook_id) WHERE secret_key_id IS NULL;

-- The id of the key that a stored secret is encrypted with; NULL: it is in the clear.
CREATE OR REPLACE FUNCTION hookline.secret_key_of(p_stored text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT substring(p_stored COLLATE "C" FROM '^hle1[.]([A-Za-z0-9_-]{1,32})[.][A-Za-z0-9_-]+$')
$$;
REVOKE ALL ON FUNCTION hookline.secret_key_of(text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.secret_key_of(text) TO service_role;

-- Writes down which key the secrets of a webhook are encrypted with, whoever sets them. A secret that is set anew is not the one that was too long.
CREATE OR REPLACE FUNCTION hookline.note_secret_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.secret IS DISTINCT FROM OLD.secret AND NEW.long_sealed_secret IS NOT DISTINCT FROM OLD.long_sealed_secret THEN
    NEW.long_sealed_secret := NULL;
  END IF;
  SELECT CASE WHEN count(s.key_id) = count(*) AND count(DISTINCT s.key_id) = 1 THEN min(s.key_id) END INTO NEW.secret_key_id
  FROM (SELECT hookline.secret_key_of(u.stored) AS key_id
        FROM unnest(NEW.retired_secrets || coalesce(NEW.long_sealed_secret, NEW.secret)::text) u (stored)) s;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.note_secret_key() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhooks_note_secret_key BEFORE INSERT OR UPDATE OF secret, long_sealed_secret, retired_secrets, secret_key_id ON public.webhooks
FOR EACH ROW EXECUTE FUNCTION hookline.note_secret_key();

-- As in 0035, but a secret that is only encrypted, or encrypted otherwise, is the same version: put_secrets says so.
CREATE OR REPLACE TRIGGER webhooks_touch_updated_at BEFORE UPDATE OF
  user_id, name, url, description, secret, signature_algorithm, is_active, is_verified, verification_token, verified_at,
  retry_enabled, max_retries, retry_delay_seconds, timeout_seconds, metadata,
  rate_limit_per_second, rate_limit_burst, is_ordered, ordering_key_path
ON public.webhooks FOR EACH ROW
WHEN (current_setting('hookline.resealing', true) IS DISTINCT FROM 'on' OR (NEW.secret, NEW.retired_secrets) IS NOT DISTINCT FROM (OLD.secret, OLD.retired_secrets))
EXECUTE FUNCTION hookline.touch_updated_at();

ALTER TABLE hookline.workers
  -- The keys that it holds, as id:proof. A worker of an earlier version has none.
  ADD COLUMN IF NOT EXISTS secret_keys text[] NOT NULL DEFAULT '{}';

-- A worker signs on, and beats, with an INSERT. One that lacks a key could not sign, and one of an earlier version would sign with what is encrypted.
CREATE OR REPLACE FUNCTION hookline.refuse_worker_without_keys() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_missing text;
BEGIN
  SELECT string_agg(k.id, ', ' ORDER BY k.registered_at, k.id) INTO v_missing FROM hookline.secret_keys k
  WHERE k.id || ':' || k.proof <> ALL (NEW.secret_keys);
  IF v_missing IS NOT NULL THEN
    RAISE EXCEPTION 'secrets are encrypted with keys that this process does not have: %', v_missing USING ERRCODE = 'HK051',
      HINT = 'Give them in HOOKLINE_SECRET_KEYS, to a version of Hookline that knows it.';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.refuse_worker_without_keys() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER workers_have_keys BEFORE INSERT ON hookline.workers
FOR EACH ROW EXECUTE FUNCTION hookline.refuse_worker_without_keys();

-- Makes a key one that secrets may be encrypted with, once all workers that live hold it; gives how many do not. HK052: another key has the id.
CREATE OR REPLACE FUNCTION hookline.register_secret_key(p_id text, p_proof text) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_proof text;
  v_lacking integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('hookline.secret_keys'));
  SELECT k.proof INTO v_proof FROM hookline.secret_keys k WHERE k.id = p_id;
  IF FOUND THEN
    IF v_proof <> p_proof THEN
      RAISE EXCEPTION 'the key % is not the one that secrets are encrypted with under this id', p_id USING ERRCODE = 'HK052',
        HINT = 'Give the right key, or another id to the new one.';
    END IF;
    RETURN 0;
  END IF;
  -- Waits for those that are signing on: they do not see the key yet, and the count would not see them.
  LOCK TABLE hookline.workers IN SHARE MODE;
  SELECT count(*) INTO v_lacking FROM hookline.workers w
  WHERE w.heartbeat_at > now() - interval '15 seconds' AND p_id || ':' || p_proof <> ALL (w.secret_keys);
  IF v_lacking = 0 THEN
    INSERT INTO hookline.secret_keys (id, proof) VALUES (p_id, p_proof);
  END IF;
  RETURN v_lacking;
END $$;
REVOKE ALL ON FUNCTION hookline.register_secret_key(text, text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.register_secret_key(text, text) TO service_role;

-- Whether there is something to encrypt.
CREATE OR REPLACE FUNCTION hookline.has_secrets_in_clear() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.webhooks w WHERE w.secret_key_id IS NULL)
    OR EXISTS (SELECT FROM hookline.webhook_headers h WHERE h.secret_key_id IS NULL)
    OR EXISTS (SELECT FROM hookline.signing_keys k WHERE k.private_key IS NOT NULL)
$$;
REVOKE ALL ON FUNCTION hookline.has_secrets_in_clear() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.has_secrets_in_clear() TO service_role;

-- How many secrets there are of each kind and under each key; NULL: in the clear.
CREATE OR REPLACE FUNCTION hookline.count_secrets() RETURNS TABLE (kind text, key_id text, secrets bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'webhook', hookline.secret_key_of(s.stored), count(*)
  FROM public.webhooks w, unnest(w.retired_secrets || coalesce(w.long_sealed_secret, w.secret)::text) s (stored) GROUP BY 2
  UNION ALL
  SELECT 'headers', h.secret_key_id, count(*) FROM hookline.webhook_headers h GROUP BY 2
  UNION ALL
  SELECT 'signing_key', k.secret_key_id, count(*) FROM hookline.signing_keys k
  WHERE k.private_key IS NOT NULL OR k.sealed_private_key IS NOT NULL GROUP BY 2
$$;
REVOKE ALL ON FUNCTION hookline.count_secrets() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.count_secrets() TO service_role;

-- Locks up to p_limit rows of a kind behind p_after, in the order of their ids, that are to be under the key p_key_id (NULL: in the clear) and are not, and
-- gives their secrets; not p_all: of a webhook's, those alone of which one is in the clear or whose keys differ. Passes over what somebody else holds.
CREATE OR REPLACE FUNCTION hookline.lock_secrets(p_kind text, p_after text, p_key_id text, p_all boolean, p_limit integer)
RETURNS TABLE (id text, secrets text[]) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  IF p_key_id IS NOT NULL AND NOT (SELECT s.encrypt_secrets FROM hookline.settings s) THEN
    RETURN;
  ELSIF p_kind = 'webhook' AND NOT p_all THEN
    RETURN QUERY SELECT w.id::text, ARRAY[coalesce(w.long_sealed_secret, w.secret)::text] || w.retired_secrets FROM public.webhooks w
    WHERE w.secret_key_id IS NULL AND (p_after IS NULL OR w.id > p_after::uuid)
    ORDER BY w.id LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED;
  ELSIF p_kind = 'webhook' THEN
    RETURN QUERY SELECT w.id::text, ARRAY[coalesce(w.long_sealed_secret, w.secret)::text] || w.retired_secrets FROM public.webhooks w
    WHERE (p_after IS NULL OR w.id > p_after::uuid)
      AND CASE WHEN p_key_id IS NOT NULL OR w.secret_key_id IS NOT NULL THEN w.secret_key_id IS DISTINCT FROM p_key_id
               ELSE EXISTS (SELECT FROM unnest(w.retired_secrets || w.secret::text) s (stored) WHERE hookline.secret_key_of(s.stored) IS NOT NULL) END
    ORDER BY w.id LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED;
  ELSIF p_kind = 'headers' THEN
    RETURN QUERY SELECT h.webhook_id::text, ARRAY[CASE WHEN h.secret_key_id IS NULL THEN h.headers::text ELSE h.headers #>> '{}' END]
    FROM hookline.webhook_headers h
    WHERE (p_after IS NULL OR h.webhook_id > p_after::uuid) AND h.secret_key_id IS DISTINCT FROM p_key_id AND (p_all OR h.secret_key_id IS NULL)
    ORDER BY h.webhook_id LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED;
  ELSIF p_kind = 'signing_key' THEN
    RETURN QUERY SELECT k.id, ARRAY[coalesce(k.sealed_private_key, encode(k.private_key, 'base64'))] FROM hookline.signing_keys k
    WHERE (k.private_key IS NOT NULL OR k.sealed_private_key IS NOT NULL)
      AND (p_after IS NULL OR k.id > p_after) AND k.secret_key_id IS DISTINCT FROM p_key_id AND (p_all OR k.secret_key_id IS NULL)
    ORDER BY k.id LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED;
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.lock_secrets(text, text, text, boolean, integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.lock_secrets(text, text, text, boolean, integer) TO service_role;

-- Puts what lock_secrets gave back, encrypted with p_key_id (NULL: in the clear, once that is wanted): p_secrets has an array for each of p_ids. Gives how many rows
-- there were. The audit log takes no notice, so nothing but what was there before may come in by this way: HK008 otherwise.
CREATE OR REPLACE FUNCTION hookline.put_secrets(p_kind text, p_ids text[], p_secrets json, p_key_id text) RETURNS integer LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_count integer := 0;
BEGIN
  -- So that it is not forgotten before this commits.
  PERFORM FROM hookline.secret_keys k WHERE k.id = p_key_id FOR KEY SHARE;
  IF p_key_id IS NOT NULL AND NOT FOUND THEN
    RAISE EXCEPTION 'the key % is not registered', p_key_id USING ERRCODE = 'HK051', HINT = 'Register it first: hookline.register_secret_key.';
  END IF;
  IF EXISTS (SELECT FROM json_array_elements(p_secrets) r (secrets), json_array_elements_text(r.secrets) s (stored)
             WHERE p_key_id IS NOT NULL AND hookline.secret_key_of(s.stored) IS DISTINCT FROM p_key_id)
  THEN
    RAISE EXCEPTION 'a secret is not encrypted with the key %', p_key_id USING ERRCODE = 'HK008', HINT = 'Only what lock_secrets gave goes back.';
  ELSIF p_key_id IS NULL AND json_array_length(p_secrets) > 0 AND (SELECT s.encrypt_secrets FROM hookline.settings s) THEN
    RAISE EXCEPTION 'secrets are to be encrypted' USING ERRCODE = 'HK008', HINT = '`hookline secrets decrypt` takes the encryption off.';
  END IF;
  -- Not as SET of the function: an owner who is no superuser may not write that for a setting that PostgreSQL does not know.
  PERFORM set_config('hookline.resealing', 'on', true);
  IF p_kind = 'webhook' THEN
    UPDATE public.webhooks w SET secret = left(g.secrets[1], 255), retired_secrets = CASE WHEN w.retired_secrets IS NOT NULL THEN g.secrets[2:] END,
      long_sealed_secret = CASE WHEN char_length(g.secrets[1]) > 255 THEN g.secrets[1] END
    FROM (SELECT i.id::uuid AS id, ARRAY(SELECT json_array_elements_text(s.secrets)) AS secrets
          FROM unnest(p_ids) WITH ORDINALITY i (id, place) JOIN json_array_elements(p_secrets) WITH ORDINALITY s (secrets, place) USING (place)) g
    WHERE w.id = g.id;
  ELSIF p_kind = 'headers' THEN
    UPDATE hookline.webhook_headers h SET secret_key_id = p_key_id,
      headers = CASE WHEN p_key_id IS NULL THEN (s.secrets ->> 0)::jsonb ELSE to_jsonb(s.secrets ->> 0) END
    FROM unnest(p_ids) WITH ORDINALITY i (id, place) JOIN json_array_elements(p_secrets) WITH ORDINALITY s (secrets, place) USING (place)
    WHERE h.webhook_id = i.id::uuid;
  ELSIF p_kind = 'signing_key' THEN
    UPDATE hookline.signing_keys k SET secret_key_id = p_key_id,
      private_key = CASE WHEN p_key_id IS NULL THEN decode(s.secrets ->> 0, 'base64') END,
      sealed_private_key = CASE WHEN p_key_id IS NOT NULL THEN s.secrets ->> 0 END
    FROM unnest(p_ids) WITH ORDINALITY i (id, place) JOIN json_array_elements(p_secrets) WITH ORDINALITY s (secrets, place) USING (place)
    WHERE k.id = i.id;
  END IF;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  PERFORM set_config('hookline.resealing', '', true);
  RETURN v_count;
END $$;
REVOKE ALL ON FUNCTION hookline.put_secrets(text, text[], json, text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.put_secrets(text, text[], json, text) TO service_role;

-- Forgets the keys that nothing is encrypted with any more, but for p_keep, and gives their ids: nobody has to hold them from now on.
CREATE OR REPLACE FUNCTION hookline.forget_secret_keys(p_keep text[]) RETURNS SETOF text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_used text[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('hookline.secret_keys'));
  -- Waits for put_secrets under way; the next statement sees what they put.
  PERFORM FROM hookline.secret_keys FOR UPDATE;
  v_used := ARRAY(SELECT DISTINCT c.key_id FROM hookline.count_secrets() c WHERE c.key_id IS NOT NULL);
  RETURN QUERY DELETE FROM hookline.secret_keys k WHERE k.id <> ALL (p_keep) AND k.id <> ALL (v_used) RETURNING k.id;
END $$;
REVOKE ALL ON FUNCTION hookline.forget_secret_keys(text[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.forget_secret_keys(text[]) TO service_role;

-- As in 0037, with those that are encrypted.
CREATE OR REPLACE FUNCTION hookline.live_signing_keys() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT coalesce(k.sealed_private_key, encode(k.private_key, 'base64')) FROM hookline.signing_keys k
               WHERE (k.private_key IS NOT NULL OR k.sealed_private_key IS NOT NULL) AND coalesce(k.retired_at > now(), true)
               ORDER BY k.retired_at DESC NULLS FIRST, k.id)
$$;

CREATE OR REPLACE FUNCTION hookline.forget_signing_keys() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('hookline.signing_keys'));
  DELETE FROM hookline.signing_keys k WHERE k.published_until <= now();
  UPDATE hookline.signing_keys k SET private_key = NULL, sealed_private_key = NULL, secret_key_id = NULL
  WHERE k.retired_at <= now() AND (k.private_key IS NOT NULL OR k.sealed_private_key IS NOT NULL);
END $$;

-- As in 0013: a secret that is encrypted goes on so.
CREATE OR REPLACE FUNCTION public.rotate_webhook_secret(p_webhook_id uuid, p_overlap interval DEFAULT '24 hours')
RETURNS TABLE (webhook_secret varchar(255), overlap_ends_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_live text[];
  v_webhook public.webhooks;
  v_secret text;
BEGIN
  SELECT * INTO v_webhook FROM public.webhooks w
  WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service()) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  v_secret := coalesce(v_webhook.long_sealed_secret, v_webhook.secret);
  IF p_overlap IS NULL OR p_overlap NOT BETWEEN interval '0' AND interval '30 days' THEN
    RAISE EXCEPTION 'p_overlap is %', coalesce(p_overlap::text, 'NULL')
      USING ERRCODE = 'HK008', HINT = 'An overlap is 0 to 30 days; 0 ends the old secret at once.';
  END IF;
  v_live := hookline.live_secrets(v_secret, v_webhook.retired_secrets, v_webhook.retired_secrets_until);
  IF p_overlap > interval '0' AND cardinality(v_live) > 4 THEN
    RAISE EXCEPTION 'the webhook has % secrets that still sign', cardinality(v_live)
      USING ERRCODE = 'HK012', HINT = 'End their overlap first, with end_webhook_secret_overlap, or rotate with an overlap of 0.';
  END IF;

  webhook_secret := hookline.generate_secret();
  overlap_ends_at := now() + p_overlap;
  UPDATE public.webhooks w SET secret = webhook_secret, retired_secrets = r.secrets, retired_secrets_until = r.untils
  FROM (
    SELECT array_agg(s.secret ORDER BY s.place) AS secrets, array_agg(s.until ORDER BY s.place) AS untils FROM (
      SELECT o.secret, o.until, o.place FROM unnest(v_webhook.retired_secrets, v_webhook.retired_secrets_until) WITH ORDINALITY o (secret, until, place)
      WHERE o.until > now()
      UNION ALL
      SELECT v_secret, overlap_ends_at, 1000000
    ) s WHERE p_overlap > interval '0'
  ) r
  WHERE w.id = p_webhook_id;
  RETURN NEXT;
END $$;

-- As in 0014; the secrets may be encrypted.
CREATE OR REPLACE FUNCTION hookline.lease_verifications(p_limit integer, p_excluded uuid[])
RETURNS TABLE (webhook_id uuid, user_id uuid, url text, secrets text[], signature_algorithm varchar, timeout_seconds integer, token varchar)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH wanted AS MATERIALIZED (
    SELECT d.id, row_number() OVER (PARTITION BY d.user_id ORDER BY coalesce(d.verification_lease_until > now(), false) DESC, d.verification_requested_at) AS of_user
    FROM public.webhooks d WHERE d.verification_requested_at IS NOT NULL AND d.user_id <> ALL (p_excluded)
  ), due AS (
    SELECT d.id, least(d.timeout_seconds, 30) AS timeout_seconds FROM public.webhooks d
    WHERE d.id IN (SELECT n.id FROM wanted n WHERE n.of_user <= 8) AND d.verification_requested_at IS NOT NULL
      AND coalesce(d.verification_lease_until <= now(), true) AND coalesce(d.verification_attempted_at <= now() - interval '2 seconds', true)
    ORDER BY d.verification_requested_at LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE public.webhooks w SET verification_attempted_at = now(), verification_lease_until = now() + make_interval(secs => 30 + due.timeout_seconds)
  FROM due
  WHERE w.id = due.id
  RETURNING w.id, w.user_id, w.url, hookline.live_secrets(coalesce(w.long_sealed_secret, w.secret), w.retired_secrets, w.retired_secrets_until), w.signature_algorithm,
            due.timeout_seconds, w.verification_token
$$;

-- As in 0023: a secret that is encrypted is given so, with the id of its key, and whoever holds the key opens it. The API and the library do.
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
  SELECT d.id, w.id, w.url, (hookline.live_secrets(coalesce(w.long_sealed_secret, w.secret), w.retired_secrets, w.retired_secrets_until))[1]::varchar, d.event_type,
         d.request_payload, d.attempt_number, d.max_attempts
  FROM public.webhook_deliveries d JOIN public.webhooks w ON w.id = d.webhook_id
  WHERE d.id = ANY (v_leased)
  ORDER BY d.next_retry_at, d.id;
END $$;

-- As in 0038, for the columns of here, which are the system's.
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
        'custom_header_names', 'custom_headers_set_at', 'secret_key_id', 'long_sealed_secret']) k)
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
