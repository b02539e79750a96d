import { randomBytes } from 'node:crypto';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';

export interface SupabaseOptions {
  readonly bypassRls: boolean;
  /** False leaves schema auth to the migrations, as on any other PostgreSQL. */
  readonly auth: boolean;
}

export interface SupabaseLike {
  /** As the role that owns the database and runs the migrations: like Supabase's `postgres`, no superuser. */
  readonly runner: Database;
  /** As an owner of the server: may do what Supabase's own services do. */
  readonly admin: Database;
  readonly authAdmin: string;
  readonly bypassesRls: boolean;
  drop(): Promise<void>;
}

// From Supabase's own initial schema: auth belongs to supabase_auth_admin, and auth.uid() reads both forms of the claims.
const AUTH = (authAdmin: string, runner: string, rls: boolean) => `
  CREATE SCHEMA auth AUTHORIZATION ${authAdmin};
  SET ROLE ${authAdmin};
  CREATE TABLE auth.users (
    instance_id uuid, id uuid NOT NULL PRIMARY KEY, aud varchar(255), role varchar(255), email varchar(255),
    encrypted_password varchar(255), raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean,
    created_at timestamptz, updated_at timestamptz);
  CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $fn$
    SELECT coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
      (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'))::uuid
  $fn$;
  CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $fn$
    SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  $fn$;
  GRANT USAGE ON SCHEMA auth TO ${runner}, anon, authenticated, service_role;
  GRANT ALL ON auth.users TO ${runner} WITH GRANT OPTION;
  ${rls ? 'ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;' : ''}
  RESET ROLE;`;

const DEFAULT_PRIVILEGES = (runner: string) =>
  `GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
  ${['TABLES', 'FUNCTIONS', 'SEQUENCES']
    .map(
      (kind) => `ALTER DEFAULT PRIVILEGES FOR ROLE ${runner} IN SCHEMA public
      GRANT ALL ON ${kind} TO anon, authenticated, service_role;`,
    )
    .join('\n')}`;

/**
 * A database as Supabase hands it out, without Hookline in it. Roles belong to the whole server, so its own have names of their own and
 * go with it; anon, authenticated and service_role are shared with the other tests and stay.
 * With `bypassRls` the runner bypasses row level security, as Supabase's does, where the server's owner may make such a role. Without, it
 * does not even inherit from service_role, whose policies would otherwise stand in for the owner's own.
 */
export async function newSupabaseLike({ bypassRls, auth }: SupabaseOptions): Promise<SupabaseLike> {
  // The first migrated database of a run makes the three roles.
  await (await newPostgresDatabase()).drop();
  const database = await newPostgresDatabase({ migrated: false });
  const suffix = randomBytes(4).toString('hex');
  const [runnerName, authAdmin] = [`hookline_test_runner_${suffix}`, `hookline_test_auth_${suffix}`];
  const password = randomBytes(16).toString('hex');
  const admin = openPostgres({ connectionString: database.url, poolSize: 2 });

  const { rows } = await admin.query<{ may: boolean }>(
    `SELECT rolsuper OR (rolbypassrls AND current_setting('server_version_num')::int >= 160000) AS may
     FROM pg_roles WHERE rolname = current_user`,
    [],
  );
  const bypassesRls = bypassRls && rows[0]?.may === true;
  const url = new URL(database.url);
  const name = url.pathname.slice(1);
  url.username = runnerName;
  url.password = password;
  // Row level security on auth.users without a policy is today's Supabase, where the runner bypasses it.
  await admin.query(`
    CREATE ROLE ${runnerName} LOGIN PASSWORD '${password}' NOSUPERUSER CREATEROLE
      ${bypassRls ? 'INHERIT' : 'NOINHERIT'} ${bypassesRls ? 'BYPASSRLS' : 'NOBYPASSRLS'};
    CREATE ROLE ${authAdmin} NOLOGIN NOINHERIT;
    GRANT ${runnerName}, ${authAdmin} TO CURRENT_USER;
    GRANT anon, authenticated, service_role TO ${runnerName} WITH ADMIN OPTION;
    GRANT CREATE, USAGE ON SCHEMA public TO ${runnerName};
    ALTER DATABASE ${name} OWNER TO ${runnerName};
    ${auth ? AUTH(authAdmin, runnerName, bypassesRls) : ''}
    ${auth ? DEFAULT_PRIVILEGES(runnerName) : ''}`);
  const runner = openPostgres({ connectionString: url.href, poolSize: 4 });
  return {
    runner,
    admin,
    authAdmin,
    bypassesRls,
    async drop() {
      await runner.close();
      // What stands in the database goes with it; the owner's rights on the database itself do not.
      await admin.query(`ALTER DATABASE ${name} OWNER TO CURRENT_USER`);
      await admin.close();
      await database.drop();
      const server = openPostgres({ connectionString: database.url.replace(`/${name}`, '/postgres'), poolSize: 1 });
      try {
        await server.query(`DROP ROLE ${runnerName}; DROP ROLE ${authAdmin}`);
      } finally {
        await server.close();
      }
    },
  };
}
