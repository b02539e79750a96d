-- API keys of users, and portal tokens that the service makes for a user: opaque, and stored as their SHA-256 alone.
ALTER TABLE hookline.settings
  ADD COLUMN IF NOT EXISTS api_keys_per_user integer NOT NULL DEFAULT 50
    CONSTRAINT valid_api_keys_per_user CHECK (api_keys_per_user > 0);

CREATE TABLE IF NOT EXISTS hookline.access_tokens (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
  kind varchar(20) NOT NULL CONSTRAINT valid_token_kind CHECK (kind IN ('api_key', 'portal_token')),
  name varchar(255) CONSTRAINT valid_token_name CHECK (char_length(name) >= 1),
  -- What of it may be shown, to tell one from another.
  prefix varchar(20) NOT NULL,
  hash bytea NOT NULL UNIQUE CONSTRAINT valid_token_hash CHECK (octet_length(hash) = 32),
  access varchar(10) NOT NULL CONSTRAINT valid_token_access CHECK (access IN ('read', 'write')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT portal_tokens_expire CHECK (kind <> 'portal_token' OR expires_at IS NOT NULL)
-- last_used_at changes once a minute; no index holds it.
) WITH (fillfactor = 80);
CREATE INDEX IF NOT EXISTS access_tokens_of_user ON hookline.access_tokens (user_id, kind, created_at, id);
CREATE INDEX IF NOT EXISTS access_tokens_history ON hookline.access_tokens (kind, created_at, id);
SELECT hookline.protect('hookline.access_tokens');
GRANT SELECT, UPDATE (last_used_at) ON hookline.access_tokens TO service_role;

-- How their owners see them, without the hash; who sees what is said as in 0017.
CREATE OR REPLACE VIEW public.webhook_access_tokens WITH (security_barrier) AS
WITH token AS NOT MATERIALIZED (
  SELECT t.id, t.user_id, t.kind, t.name, t.prefix, t.access, t.created_at, t.expires_at, t.last_used_at, t.revoked_at
  FROM hookline.access_tokens t
)
SELECT seen.* FROM (
  SELECT t.* FROM token t WHERE t.user_id = (SELECT auth.uid())
  UNION ALL
  SELECT t.* FROM token t WHERE (SELECT pg_has_role('service_role', 'USAGE')) AND t.user_id IS DISTINCT FROM (SELECT auth.uid())
) seen;
REVOKE ALL ON public.webhook_access_tokens FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON public.webhook_access_tokens TO authenticated, service_role;

-- Makes a token of 32 random bytes and gives it, the only time that it is to be had. What of the user's ended long ago is removed with it, and all but the
-- hundred that ended last, so that neither the tokens of each visit to a portal pile up nor keys that are made and revoked in a loop.
CREATE OR REPLACE FUNCTION hookline.create_access_token(p_kind text, p_user_id uuid, p_name text, p_access text, p_expires_in interval)
RETURNS TABLE (token_id uuid, token text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_stem CONSTANT text := CASE p_kind WHEN 'portal_token' THEN 'hkp_' ELSE 'hk_' END;
BEGIN
  IF p_access IS NULL OR p_access NOT IN ('read', 'write') THEN
    RAISE EXCEPTION 'p_access is %', coalesce(p_access, 'NULL') USING ERRCODE = 'HK008', HINT = 'Access is read or write.';
  END IF;
  IF p_expires_in NOT BETWEEN interval '1 minute' AND (CASE p_kind WHEN 'portal_token' THEN interval '1 day' ELSE interval '3660 days' END) THEN
    RAISE EXCEPTION 'p_expires_in is %', p_expires_in
      USING ERRCODE = 'HK008', HINT = 'A portal token lives for a minute to a day, an API key for a minute to 3660 days, or without an end.';
  END IF;
  IF p_kind = 'api_key' AND coalesce(char_length(p_name), 0) NOT BETWEEN 1 AND 255 THEN
    RAISE EXCEPTION 'p_name has % characters', coalesce(char_length(p_name), 0)
      USING ERRCODE = 'HK008', HINT = 'The name of an API key has 1 to 255 characters.';
  END IF;
  IF NOT EXISTS (SELECT FROM auth.users u WHERE u.id = p_user_id) THEN
    RAISE EXCEPTION 'there is no such user' USING ERRCODE = 'HK010', HINT = 'The service adds users: INSERT INTO auth.users (id) VALUES (''…'').';
  END IF;
  DELETE FROM hookline.access_tokens t WHERE t.user_id = p_user_id AND t.kind = p_kind
    AND (least(t.expires_at, t.revoked_at) < now() - CASE p_kind WHEN 'portal_token' THEN interval '1 day' ELSE interval '30 days' END
      OR t.id IN (SELECT o.id FROM hookline.access_tokens o WHERE o.user_id = p_user_id AND o.kind = p_kind AND least(o.expires_at, o.revoked_at) <= now()
                  ORDER BY least(o.expires_at, o.revoked_at) DESC, o.id OFFSET 100));

  token := v_stem || rtrim(translate(encode(decode(hookline.generate_secret(), 'hex'), 'base64'), '+/', '-_'), '=');
  INSERT INTO hookline.access_tokens AS t (user_id, kind, name, prefix, hash, access, expires_at)
  VALUES (p_user_id, p_kind, p_name, left(token, char_length(v_stem) + 6), sha256(convert_to(token, 'UTF8')), p_access, now() + p_expires_in)
  RETURNING t.id INTO token_id;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION hookline.create_access_token(text, uuid, text, text, interval) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.create_access_token(text, uuid, text, text, interval) TO service_role;

-- Whoever holds a token must not get a longer life out of it than it has: keys are made and revoked by a signed-in user, or by the service. What acts by a
-- token of this table says so in its claims (src/api/auth/access-tokens.ts).
CREATE OR REPLACE FUNCTION hookline.require_sign_in() RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF nullif(current_setting('request.jwt.claims', true), '')::jsonb ? 'hookline_token' THEN
    RAISE EXCEPTION 'an API key or portal token makes and revokes no keys' USING ERRCODE = 'HK016', HINT = 'Sign in, and call with the token of that session.';
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.require_sign_in() FROM PUBLIC, anon, authenticated, service_role;

-- An API key that acts as its user: with access read it changes nothing. p_user_id is for the service.
CREATE OR REPLACE FUNCTION public.create_webhook_api_key(
  p_name varchar(255), p_access text, p_expires_in interval DEFAULT NULL, p_user_id uuid DEFAULT NULL)
RETURNS TABLE (api_key_id uuid, api_key text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_user CONSTANT uuid := coalesce(p_user_id, auth.uid());
  v_quota integer;
BEGIN
  PERFORM hookline.require_sign_in();
  IF v_user IS NULL THEN
    RAISE EXCEPTION 'no user is signed in' USING ERRCODE = 'HK003', HINT = 'Set request.jwt.claims to claims with a sub, or as the service give p_user_id.';
  END IF;
  IF NOT hookline.is_service() THEN
    -- One and the same answer whether or not there is such a user.
    IF v_user IS DISTINCT FROM auth.uid() THEN
      RAISE EXCEPTION 'keys of other users are made by the service' USING ERRCODE = 'insufficient_privilege', HINT = 'Leave p_user_id out.';
    END IF;
    -- The lock lets two calls of one user not both take the last place.
    PERFORM pg_advisory_xact_lock(hashtext('hookline.api_key_quota'), hashtext(v_user::text));
    SELECT s.api_keys_per_user INTO v_quota FROM hookline.settings s;
    IF (SELECT count(*) FROM hookline.access_tokens t WHERE t.user_id = v_user AND t.kind = 'api_key'
          AND t.revoked_at IS NULL AND (t.expires_at > now()) IS NOT FALSE) >= v_quota THEN
      RAISE EXCEPTION 'a user may have at most % API keys', v_quota
        USING ERRCODE = 'HK017', HINT = 'Revoke one that is not used any more, or ask the operator for a larger quota.';
    END IF;
  END IF;
  RETURN QUERY SELECT c.token_id, c.token FROM hookline.create_access_token('api_key', v_user, p_name, p_access, p_expires_in) c;
END $$;
REVOKE ALL ON FUNCTION public.create_webhook_api_key(varchar, text, interval, uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.create_webhook_api_key(varchar, text, interval, uuid) TO authenticated, service_role;

-- Ends an API key or portal token. One that was revoked before keeps its time.
CREATE OR REPLACE FUNCTION public.revoke_webhook_access_token(p_token_id uuid)
RETURNS TABLE (token_id uuid, revoked_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM hookline.require_sign_in();
  RETURN QUERY UPDATE hookline.access_tokens t SET revoked_at = coalesce(t.revoked_at, now())
  WHERE t.id = p_token_id AND (t.user_id = auth.uid() OR hookline.is_service())
  RETURNING t.id, t.revoked_at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such key or token, or it is not yours'
      USING ERRCODE = 'HK015', HINT = 'SELECT id, name FROM webhook_access_tokens lists yours.';
  END IF;
END $$;
REVOKE ALL ON FUNCTION public.revoke_webhook_access_token(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.revoke_webhook_access_token(uuid) TO authenticated, service_role;

-- As in 0019; API keys and portal tokens of theirs go too, and first, so that nobody acts as them any more.
CREATE OR REPLACE FUNCTION hookline.erase_user(p_user_id uuid) RETURNS TABLE (kind text, removed bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_external_id CONSTANT text := (SELECT u.external_user_id FROM hookline.users u WHERE u.user_id = p_user_id);
  v_webhooks uuid[];
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

  -- Attempts go with their deliveries.
  SELECT 'webhook_delivery_attempts', count(*) INTO kind, removed
  FROM hookline.webhook_delivery_attempts a JOIN public.webhook_deliveries d ON d.id = a.delivery_id WHERE d.webhook_id = ANY (v_webhooks);
  RETURN NEXT;
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
END $$;
