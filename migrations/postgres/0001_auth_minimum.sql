-- Supabase's dialect, where it is missing: the three API roles, auth.users, auth.uid(). What exists already is left alone.
-- Roles belong to the whole cluster, while the migration lock belongs to one database: another database may make the same role meanwhile.
DO $$
DECLARE
  v_role text;
BEGIN
  FOREACH v_role IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    CONTINUE WHEN to_regrole(v_role) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', v_role);
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'role % is missing, and % may not create roles', v_role, current_user
          USING ERRCODE = 'insufficient_privilege',
                HINT = 'As a superuser: CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN; CREATE ROLE service_role NOLOGIN;';
    END;
  END LOOP;
END $$;

-- The server's login: it owns nothing and inherits nothing, so that every query must take a role first. It gets a password from the
-- operator. The owner must be able to take the roles too. Where a cluster does not let this role grant them, the operator does it.
DO $$
DECLARE
  v_role text;
  v_member text;
BEGIN
  IF to_regrole('hookline_login') IS NULL THEN
    BEGIN
      CREATE ROLE hookline_login LOGIN NOINHERIT;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE WARNING 'role hookline_login was not made: % may not create roles', current_user
          USING HINT = 'As a superuser: CREATE ROLE hookline_login LOGIN NOINHERIT PASSWORD ''…''; GRANT anon, authenticated, service_role TO hookline_login;';
    END;
  END IF;
  FOREACH v_role IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    FOREACH v_member IN ARRAY ARRAY['hookline_login', current_user::text] LOOP
      CONTINUE WHEN to_regrole(v_member) IS NULL OR pg_has_role(v_member, v_role, 'MEMBER');
      BEGIN
        EXECUTE format('GRANT %I TO %I', v_role, v_member);
      EXCEPTION
        WHEN unique_violation THEN NULL;
        WHEN insufficient_privilege THEN
          RAISE WARNING '% may not grant % to %', current_user, v_role, v_member
            USING HINT = format('As a superuser: GRANT %I TO %I;', v_role, v_member);
      END;
    END LOOP;
  END LOOP;
END $$;

DO $$
BEGIN
  IF to_regnamespace('auth') IS NULL THEN
    CREATE SCHEMA auth;
    GRANT USAGE ON SCHEMA auth TO anon, authenticated, service_role;
  END IF;

  IF to_regclass('auth.users') IS NULL THEN
    CREATE TABLE auth.users (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      email text,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
    ALTER TABLE auth.users FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner_all ON auth.users TO CURRENT_USER USING (true) WITH CHECK (true);
    CREATE POLICY service_all ON auth.users TO service_role USING (true) WITH CHECK (true);
    REVOKE ALL ON auth.users FROM PUBLIC, anon, authenticated, service_role;
    GRANT SELECT, INSERT, UPDATE, DELETE ON auth.users TO service_role;
  END IF;

  IF to_regprocedure('auth.uid()') IS NULL THEN
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $fn$
      SELECT nullif(
        coalesce(
          nullif(current_setting('request.jwt.claim.sub', true), ''),
          nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
        ), '')::uuid
    $fn$;
    REVOKE ALL ON FUNCTION auth.uid() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION auth.uid() TO anon, authenticated, service_role;
  END IF;
END $$;
