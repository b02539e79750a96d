-- Asymmetric signatures: Ed25519 (`v1a,` of Standard Webhooks) beside the HMAC, for the webhooks that want them. The keys are the installation's.
ALTER TABLE public.webhooks ADD COLUMN IF NOT EXISTS sign_asymmetric boolean NOT NULL DEFAULT false;
GRANT INSERT (sign_asymmetric), UPDATE (sign_asymmetric) ON public.webhooks TO authenticated;

-- The current key, those before it that still sign, and those that sign no more and are still published. PostgreSQL has no Ed25519: a worker or the API
-- makes the pair.
CREATE TABLE IF NOT EXISTS hookline.signing_keys (
  -- `kid`: the thumbprint of the public key (RFC 7638).
  id text PRIMARY KEY,
  -- PKCS #8 in DER. Forgotten once it signs no more.
  private_key bytea CONSTRAINT valid_private_key CHECK (octet_length(private_key) = 48),
  public_key bytea NOT NULL CONSTRAINT valid_public_key CHECK (octet_length(public_key) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Until when it signs, and until when it is published; NULL: it is the current one.
  retired_at timestamptz,
  published_until timestamptz,
  CONSTRAINT current_key_signs CHECK (private_key IS NOT NULL OR retired_at IS NOT NULL),
  CONSTRAINT retired_keys_go CHECK ((retired_at IS NULL) = (published_until IS NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS signing_keys_one_current ON hookline.signing_keys ((retired_at IS NULL)) WHERE retired_at IS NULL;
SELECT hookline.protect('hookline.signing_keys');
-- Not the private key: live_signing_keys gives it to the worker.
GRANT SELECT (id, public_key, created_at, retired_at, published_until) ON hookline.signing_keys TO service_role;

-- As base64url without padding.
CREATE OR REPLACE FUNCTION hookline.url_safe(p_bytes bytea) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT rtrim(translate(encode(p_bytes, 'base64'), E'+/\n', '-_'), '=')
$$;
REVOKE ALL ON FUNCTION hookline.url_safe(bytea) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.url_safe(bytea) TO service_role;

-- The private keys that sign now, the current one first, as base64.
CREATE OR REPLACE FUNCTION hookline.live_signing_keys() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT encode(k.private_key, 'base64') FROM hookline.signing_keys k
               WHERE k.private_key IS NOT NULL AND coalesce(k.retired_at > now(), true) ORDER BY k.retired_at DESC NULLS FIRST, k.id)
$$;
REVOKE ALL ON FUNCTION hookline.live_signing_keys() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.live_signing_keys() TO service_role;

-- Makes a pair the current one. Who calls it holds the lock, so that no two are made at once.
CREATE OR REPLACE FUNCTION hookline.add_signing_key(p_private_key bytea, p_public_key bytea) RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO hookline.signing_keys (id, private_key, public_key)
  VALUES (hookline.url_safe(sha256(convert_to(format('{"crv":"Ed25519","kty":"OKP","x":"%s"}', hookline.url_safe(p_public_key)), 'UTF8'))),
          p_private_key, p_public_key)
  RETURNING id
$$;
REVOKE ALL ON FUNCTION hookline.add_signing_key(bytea, bytea) FROM PUBLIC, anon, authenticated, service_role;

-- Makes a pair the first key, unless there is one. Any number of processes may try at once.
CREATE OR REPLACE FUNCTION hookline.make_first_signing_key(p_private_key bytea, p_public_key bytea) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('hookline.signing_keys'));
  IF NOT EXISTS (SELECT FROM hookline.signing_keys k WHERE k.retired_at IS NULL) THEN
    PERFORM hookline.add_signing_key(p_private_key, p_public_key);
  END IF;
END $$;
REVOKE ALL ON FUNCTION hookline.make_first_signing_key(bytea, bytea) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.make_first_signing_key(bytea, bytea) TO service_role;

-- Forgets what signs no more: the private key at once, the row when it is published no more.
CREATE OR REPLACE FUNCTION hookline.forget_signing_keys() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('hookline.signing_keys'));
  DELETE FROM hookline.signing_keys k WHERE k.published_until <= now();
  UPDATE hookline.signing_keys k SET private_key = NULL WHERE k.retired_at <= now() AND k.private_key IS NOT NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.forget_signing_keys() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.forget_signing_keys() TO service_role;

-- Makes a pair the current key, and gives its id. It is published and signs at once; no earlier key signs longer than p_overlap beside it, nor is
-- published longer than p_published after that. Both 0: whatever was before it is worth nothing from now on.
CREATE OR REPLACE FUNCTION hookline.rotate_signing_key(
  p_private_key bytea, p_public_key bytea, p_overlap interval DEFAULT '24 hours', p_published interval DEFAULT '7 days')
RETURNS text LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_overlap IS NULL OR p_overlap NOT BETWEEN interval '0' AND interval '30 days' THEN
    RAISE EXCEPTION 'p_overlap is %', coalesce(p_overlap::text, 'NULL')
      USING ERRCODE = 'HK008', HINT = 'An overlap is 0 to 30 days; with 0 the earlier keys sign no more.';
  END IF;
  IF p_published IS NULL OR p_published NOT BETWEEN interval '0' AND interval '365 days' THEN
    RAISE EXCEPTION 'p_published is %', coalesce(p_published::text, 'NULL')
      USING ERRCODE = 'HK008', HINT = 'Retired keys are published for 0 to 365 days; with 0 nobody is to trust them any more.';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('hookline.signing_keys'));
  -- Each is a signature more in every delivery that wants them.
  IF p_overlap > interval '0' AND cardinality(hookline.live_signing_keys()) > 4 THEN
    RAISE EXCEPTION '% keys sign already', cardinality(hookline.live_signing_keys())
      USING ERRCODE = 'HK022', HINT = 'Wait until the overlap of some has ended, or rotate with an overlap of 0, which ends it.';
  END IF;
  UPDATE hookline.signing_keys k SET retired_at = r.at, published_until = least(k.published_until, r.at + p_published)
  FROM (SELECT o.id, least(o.retired_at, now() + p_overlap) AS at FROM hookline.signing_keys o) r WHERE r.id = k.id;
  PERFORM hookline.forget_signing_keys();
  RETURN hookline.add_signing_key(p_private_key, p_public_key);
END $$;
REVOKE ALL ON FUNCTION hookline.rotate_signing_key(bytea, bytea, interval, interval) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.rotate_signing_key(bytea, bytea, interval, interval) TO service_role;
