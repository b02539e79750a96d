import { expect, it } from 'vitest';
import type { TenancyContext } from '../acting.js';
import { GRANTED_FOR_DEFAULTS, matrixFor, SEQUENCES } from '../matrix/index.js';
import type { Actor, TableMatrix } from '../notation.js';

// PUBLIC stands among the roles: what it has, everybody has.
const ROLES = "unnest(ARRAY['public', 'anon', 'authenticated', 'service_role'])";
const COLUMN_OF = { anon: 'anon', authenticated: 'user', service_role: 'service' } as const;
const LETTERS = { SELECT: 's', INSERT: 'i', UPDATE: 'u' } as const;

/** What PostgreSQL's catalogue says of rights, policies and functions: what the matrix says, and nothing else. */
export function describeCatalogue(ctx: TenancyContext): void {
  const { tables, calls } = matrixFor(ctx.authIsOurs);
  const list = (names: readonly string[]) => names.map((name) => `'${name}'`).join();
  const names = list(tables.map(({ table }) => table));
  const functions = list(calls.map(({ name }) => name));
  const schemas = list(ctx.authIsOurs ? ['public', 'hookline', 'auth'] : ['public', 'hookline']);
  const ask = async (sql: string) => {
    const { rows } = await ctx.db().query<{ v: string }>(`SELECT v::text AS v FROM (${sql}) r (v)`, []);
    return rows.map(({ v }) => v).sort();
  };

  it('rights on columns are those of the matrix', async () => {
    const got = await ask(`SELECT concat_ws(' ', r, p, t || '.' || a.attname)
      FROM unnest(ARRAY[${names}]) t CROSS JOIN ${ROLES} r
      CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
      JOIN pg_attribute a ON a.attrelid = t::regclass AND a.attnum > 0 AND NOT a.attisdropped
      WHERE has_column_privilege(r, t::regclass, a.attnum, p)`);
    expect(got).toEqual(tables.flatMap(columnRights).sort());
  });

  it('rights on whole tables are those of the matrix: nobody truncates, references or adds a trigger', async () => {
    const got = await ask(`SELECT concat_ws(' ', r, p, t) FROM unnest(ARRAY[${names}]) t CROSS JOIN ${ROLES} r
      CROSS JOIN unnest(ARRAY['DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES', 'MAINTAIN']) p
      WHERE CASE WHEN p <> 'MAINTAIN' OR current_setting('server_version_num')::integer >= 170000
        THEN has_table_privilege(r, t::regclass, p) END`);
    const meant = tables.flatMap(({ table, deletion }) =>
      Object.entries(COLUMN_OF)
        .filter(([, column]) => /d/i.test(deletion[column]))
        .map(([role]) => `${role} DELETE ${table}`),
    );
    expect(got).toEqual(meant.sort());
  });

  it('nobody has a right on a sequence', async () => {
    const got = await ask(`SELECT concat_ws(' ', r, p, s) FROM unnest(ARRAY[${list(SEQUENCES)}]) s CROSS JOIN ${ROLES} r
      CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) p WHERE has_sequence_privilege(r, s::regclass, p)`);
    expect(got).toEqual([]);
  });

  it('EXECUTE is granted where the matrix has a call that is not refused, and for column defaults', async () => {
    const got = await ask(`SELECT concat_ws(' ', r, n.nspname || '.' || p.proname) FROM ${ROLES} r CROSS JOIN pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname || '.' || p.proname = ANY (ARRAY[${functions}]) AND has_function_privilege(r, p.oid, 'EXECUTE')`);
    const roles: [string, Actor][] = [
      ['anon', 'anon'],
      ['authenticated', 'owner'],
      ['service_role', 'service'],
    ];
    const meant = roles.flatMap(([role, actor]) =>
      calls.filter(({ outcome }) => outcome[actor] !== 'refused').map(({ name }) => `${role} ${name}`),
    );
    const forDefaults = GRANTED_FOR_DEFAULTS.map((name) => `authenticated ${name}`);
    expect(got).toEqual([...new Set([...meant, ...forDefaults])].sort());
  });

  it('nobody else was granted anything, and nobody may pass a right on', async () => {
    const acls = [
      `SELECT c.oid::regclass::text AS what, c.relowner AS owner, c.relnamespace AS space, c.relacl AS acl
         FROM pg_class c`,
      `SELECT c.oid::regclass || '.' || a.attname, c.relowner, c.relnamespace, a.attacl
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid`,
      'SELECT p.oid::regprocedure::text, p.proowner, p.pronamespace, p.proacl FROM pg_proc p',
      `SELECT n.nspname, n.nspowner, n.oid, n.nspacl FROM pg_namespace n WHERE n.nspname <> 'public'`,
    ];
    const got = await ask(`SELECT concat_ws(' ', g.grantee::regrole, g.privilege_type, o.what, g.is_grantable)
      FROM (${acls.join(' UNION ALL ')}) o JOIN pg_namespace n ON n.oid = o.space
      CROSS JOIN LATERAL aclexplode(o.acl) g
      WHERE n.nspname IN (${schemas}) AND g.grantee <> o.owner
        AND (g.is_grantable OR g.grantee::regrole::text NOT IN ('anon', 'authenticated', 'service_role'))`);
    expect(got).toEqual([]);
  });

  it('only the service may look into schema hookline, and nobody makes anything there', async () => {
    const ours = ctx.authIsOurs ? "'hookline', 'auth'" : "'hookline'";
    const got = await ask(`SELECT concat_ws(' ', r, p, s) FROM unnest(ARRAY[${ours}]) s
      CROSS JOIN ${ROLES} r CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) p WHERE has_schema_privilege(r, s, p)`);
    const auth = ctx.authIsOurs ? Object.keys(COLUMN_OF).map((role) => `${role} USAGE auth`) : [];
    expect(got).toEqual([...auth, 'service_role USAGE hookline'].sort());
  });

  it('every table has forced row level security, with policies for owner and service, none for anon', async () => {
    const got = await ask(`SELECT concat_ws(' ', c.oid::regclass, c.relrowsecurity, c.relforcerowsecurity,
        bool_or(c.relowner = ANY (p.polroles)), bool_or('service_role'::regrole = ANY (p.polroles)),
        bool_or(p.polroles && ARRAY[0, 'anon'::regrole::oid]))
      FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
      WHERE c.oid = ANY (ARRAY[${names}]::regclass[]) AND c.relkind IN ('r', 'p') GROUP BY c.oid`);
    const forced = tables
      .filter(({ viewOf }) => viewOf === undefined)
      .map(({ table }) => table.replace(/^public\./, ''));
    expect(got).toEqual(forced.map((table) => `${table} t t t t f`).sort());
  });

  it('every function has its search_path pinned to what nobody else can write', async () => {
    const got = await ask(`SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname IN (${schemas})
        AND 'search_path=pg_catalog, pg_temp' <> ALL (coalesce(p.proconfig, '{}'))
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`);
    expect(got).toEqual([]);
  });

  it('everything is one role’s: that of schema hookline', async () => {
    const got = await ask(`SELECT o.what FROM pg_namespace n CROSS JOIN LATERAL (
        SELECT t AS what, c.relowner AS owner FROM unnest(ARRAY[${names}]) t JOIN pg_class c ON c.oid = t::regclass
        UNION ALL SELECT p.proname, p.proowner FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace
          WHERE s.nspname || '.' || p.proname = ANY (ARRAY[${functions}])) o
      WHERE n.nspname = 'hookline' AND o.owner <> n.nspowner`);
    expect(got).toEqual([]);
  });

  it('hookline_login logs in and does nothing else: it owns nothing, inherits nothing, bypasses nothing', async () => {
    const [login] = await ask(`SELECT json_build_object('login', r.rolcanlogin,
        'other', rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,
        'member', (SELECT array_agg(m.roleid::regrole::text ORDER BY m.roleid::regrole::text)
                   FROM pg_auth_members m WHERE m.member = r.oid),
        'admin', (SELECT bool_or(m.admin_option OR coalesce(to_jsonb(m) ->> 'inherit_option', 'false')::boolean)
                  FROM pg_auth_members m WHERE m.member = r.oid),
        'owns', (SELECT count(*) FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid
                 AND d.deptype = 'o'
                 AND d.dbid IN (0, (SELECT b.oid FROM pg_database b WHERE b.datname = current_database()))))
      FROM pg_roles r WHERE rolname = 'hookline_login'`);
    expect(JSON.parse(login ?? '{}')).toEqual({
      login: true,
      other: false,
      member: ['anon', 'authenticated', 'service_role'],
      admin: false,
      owns: 0,
    });
  });
}

function columnRights({ table, columns }: TableMatrix): string[] {
  return Object.entries(COLUMN_OF).flatMap(([role, of]) =>
    Object.entries(LETTERS).flatMap(([privilege, letter]) =>
      columns
        .filter((rights) => rights[of].toLowerCase().includes(letter))
        .map(({ column }) => `${role} ${privilege} ${table}.${column}`),
    ),
  );
}
