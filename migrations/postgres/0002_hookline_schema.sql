-- Schema hookline holds everything beyond the specified tables and functions. PostgREST does not expose it, and only the service may look in.
CREATE SCHEMA IF NOT EXISTS hookline;
REVOKE ALL ON SCHEMA hookline FROM PUBLIC, anon, authenticated, service_role;
GRANT USAGE ON SCHEMA hookline TO service_role;

-- Shuts a table of ours: Row Level Security on and forced, every right of others taken (Supabase grants them all by default), and explicit
-- policies for the owner, whose rights our SECURITY DEFINER functions have, and for the service, so that no role needs BYPASSRLS. What is
-- meant to be allowed is granted afterwards.
CREATE OR REPLACE FUNCTION hookline.protect(p_table regclass) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_table);
  EXECUTE format('DROP POLICY IF EXISTS owner_all ON %s', p_table);
  EXECUTE format('CREATE POLICY owner_all ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', p_table);
  EXECUTE format('DROP POLICY IF EXISTS service_all ON %s', p_table);
  EXECUTE format('CREATE POLICY service_all ON %s TO service_role USING (true) WITH CHECK (true)', p_table);
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, anon, authenticated, service_role', p_table);
END $$;
REVOKE ALL ON FUNCTION hookline.protect(regclass) FROM PUBLIC, anon, authenticated, service_role;

-- The ledger of migrations, made by the runner before the first one.
SELECT hookline.protect('hookline.migrations');
GRANT SELECT ON hookline.migrations TO service_role;

-- What an operator may set for the whole system: one row.
CREATE TABLE IF NOT EXISTS hookline.settings (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  webhooks_per_user integer NOT NULL DEFAULT 100 CHECK (webhooks_per_user > 0),
  -- How long a delivery waits for an inactive or paused webhook before it fails.
  waiting_limit interval NOT NULL DEFAULT '24 hours' CHECK (waiting_limit > interval '0'),
  -- A webhook that has only failed for this long is deactivated.
  failing_limit interval NOT NULL DEFAULT '5 days' CHECK (failing_limit > interval '0'),
  -- For how long an idempotency key is remembered.
  idempotency_window interval NOT NULL DEFAULT '24 hours' CHECK (idempotency_window > interval '0')
);
INSERT INTO hookline.settings DEFAULT VALUES ON CONFLICT DO NOTHING;
SELECT hookline.protect('hookline.settings');
GRANT SELECT, UPDATE ON hookline.settings TO service_role;

-- 64 hex characters. gen_random_uuid() draws 122 bits from the strong generator; three of them fill all 256. (pgcrypto is not everywhere.)
CREATE OR REPLACE FUNCTION hookline.generate_secret() RETURNS varchar LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex')
$$;
REVOKE ALL ON FUNCTION hookline.generate_secret() FROM PUBLIC, anon, authenticated, service_role;
-- A column default runs with the privileges of who inserts.
GRANT EXECUTE ON FUNCTION hookline.generate_secret() TO authenticated, service_role;

-- Whether the caller acts as the service: service_role, the owner of the schema (whose rights this function has), or a superuser.
-- SET ROLE shows in the setting `role`, which a SECURITY DEFINER function leaves as it is, unlike current_user.
CREATE OR REPLACE FUNCTION hookline.is_service() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE coalesce(nullif(current_setting('role', true), 'none'), session_user::text)
    WHEN 'service_role' THEN true
    WHEN 'anon' THEN false
    WHEN 'authenticated' THEN false
    ELSE pg_has_role(coalesce(nullif(current_setting('role', true), 'none'), session_user::text), current_user, 'USAGE')
  END
$$;
REVOKE ALL ON FUNCTION hookline.is_service() FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.is_service() TO service_role;

-- The id of the user that a text names, or NULL. Never throws, since the text comes from outside.
CREATE OR REPLACE FUNCTION hookline.known_user(p_id text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_id !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT u.id FROM auth.users u WHERE u.id = p_id::uuid);
END $$;
REVOKE ALL ON FUNCTION hookline.known_user(text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.known_user(text) TO service_role;
