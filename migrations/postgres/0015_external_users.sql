-- Users whose ids in the application are no UUIDs (integers, Clerk's, Auth0's): the id that the application knows them by.
CREATE TABLE IF NOT EXISTS hookline.users (
  user_id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
  external_user_id text NOT NULL UNIQUE CONSTRAINT valid_external_user_id CHECK (char_length(external_user_id) BETWEEN 1 AND 255),
  created_at timestamptz NOT NULL DEFAULT now()
);
SELECT hookline.protect('hookline.users');
GRANT SELECT, INSERT, UPDATE, DELETE ON hookline.users TO service_role;

-- The user with this external id. Raises HK010 when there is none: a NULL would make trigger_webhook_event reach everyone.
CREATE OR REPLACE FUNCTION hookline.user_of(p_external_user_id text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_user uuid := (SELECT u.user_id FROM hookline.users u WHERE u.external_user_id = p_external_user_id);
BEGIN
  IF v_user IS NULL THEN
    RAISE EXCEPTION 'there is no user with this external id'
      USING ERRCODE = 'HK010', HINT = 'hookline.users holds the external ids; hookline.ensure_user makes the user and the row where auth.users is ours.';
  END IF;
  RETURN v_user;
END $$;
REVOKE ALL ON FUNCTION hookline.user_of(text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.user_of(text) TO service_role;

-- As in 0002; an external id names its user too. A UUID that is a user's own id comes first.
CREATE OR REPLACE FUNCTION hookline.known_user(p_id text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_user uuid;
BEGIN
  IF p_id ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN
    SELECT u.id INTO v_user FROM auth.users u WHERE u.id = p_id::uuid;
  END IF;
  RETURN coalesce(v_user, (SELECT u.user_id FROM hookline.users u WHERE u.external_user_id = p_id));
END $$;

-- The user that p_id names, by UUID or by external id. An unknown one gets its row on first use where auth.users is ours; elsewhere HK010, since
-- whoever owns that table makes its users.
CREATE OR REPLACE FUNCTION hookline.ensure_user(p_id text) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_user uuid := hookline.known_user(p_id);
BEGIN
  IF v_user IS NOT NULL THEN
    RETURN v_user;
  END IF;
  IF p_id IS NULL OR char_length(p_id) NOT BETWEEN 1 AND 255 THEN
    RAISE EXCEPTION 'the id of a user has 1 to 255 characters' USING ERRCODE = 'HK008', HINT = 'Give the UUID of the user, or the id that your application knows it by.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = 'auth.users'::regclass AND pg_get_userbyid(c.relowner) = current_user) THEN
    RAISE EXCEPTION 'there is no such user'
      USING ERRCODE = 'HK010', HINT = 'Users sign up with whoever owns auth.users; for another id of theirs: INSERT INTO hookline.users (user_id, external_user_id).';
  END IF;
  IF p_id ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN
    INSERT INTO auth.users (id) VALUES (p_id::uuid) ON CONFLICT (id) DO NOTHING;
    RETURN p_id::uuid;
  END IF;
  -- Two first uses at once: the later one waits here, and finds the user of the first.
  PERFORM pg_advisory_xact_lock(hashtext('hookline.external_user'), hashtext(p_id));
  v_user := hookline.known_user(p_id);
  IF v_user IS NULL THEN
    INSERT INTO auth.users (id) VALUES (gen_random_uuid()) RETURNING id INTO v_user;
    INSERT INTO hookline.users (user_id, external_user_id) VALUES (v_user, p_id);
  END IF;
  RETURN v_user;
END $$;
REVOKE ALL ON FUNCTION hookline.ensure_user(text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.ensure_user(text) TO service_role;
