import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '../harness/databases.js';
import { rows } from './spec-helpers.js';
import { FUNCTIONS } from './spec-tables.js';

interface Callable {
  schema: string;
  name: string;
  args: string;
  result: string;
  volatility: string;
  anon: boolean;
  authenticated: boolean;
  service: boolean;
  search_path: boolean;
  definer: boolean;
}

const CALLABLE = `SELECT n.nspname AS schema, p.proname AS name, pg_get_function_arguments(p.oid) AS args,
    pg_get_function_result(p.oid) AS result, p.provolatile::text AS volatility, p.prosecdef AS definer,
    has_function_privilege('anon', p.oid, 'EXECUTE') AS anon,
    has_function_privilege('authenticated', p.oid, 'EXECUTE') AS authenticated,
    has_function_privilege('service_role', p.oid, 'EXECUTE') AS service,
    coalesce(array_to_string(p.proconfig, ',') LIKE '%search_path=%', false) AS search_path
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('public', 'hookline')`;

describeOnEachDatabase('what the schema holds, and who may call it', (ctx) => {
  const inPublic = async () => (await rows<Callable>(ctx.db(), CALLABLE)).filter(({ schema }) => schema === 'public');

  for (const [name, spec] of Object.entries(FUNCTIONS)) {
    it(`${name}: one function with the specified arguments, defaults and return columns`, async () => {
      const found = (await inPublic()).filter((candidate) => candidate.name === name);
      expect(found.map(({ args, result }) => ({ args, result }))).toEqual([{ args: spec.args, result: spec.result }]);
    });

    it(`${name}: executable by ${spec.serviceOnly ? 'the service only' : 'users and the service'}`, async () => {
      const found = (await inPublic()).filter((candidate) => candidate.name === name);
      expect(found.map(({ anon, authenticated, service }) => ({ anon, authenticated, service }))).toEqual([
        { anon: false, authenticated: !spec.serviceOnly, service: true },
      ]);
    });
  }

  it('complete_webhook_delivery stands beside them, for the service only', async () => {
    const found = (await inPublic()).filter(({ name }) => name === 'complete_webhook_delivery');
    expect(found.map(({ anon, authenticated, service }) => ({ anon, authenticated, service }))).toEqual([
      { anon: false, authenticated: false, service: true },
    ]);
  });

  it('no schema beside public, auth and hookline', async () => {
    const schemas = await rows<{ name: string }>(
      ctx.db(),
      String.raw`SELECT nspname AS name FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'`,
    );
    expect(schemas.map(({ name }) => name).sort()).toEqual(['auth', 'hookline', 'public']);
  });

  it('functions that act with their owner’s rights fix their search_path', async () => {
    const all = await rows<Callable>(ctx.db(), CALLABLE);
    const definers = all.filter(({ definer }) => definer);
    expect(definers.filter(({ search_path }) => !search_path).map(({ name }) => name)).toEqual([]);
  });

  it('nothing in the schema hookline can be read or written by anon or authenticated', async () => {
    const open = await rows(
      ctx.db(),
      `SELECT c.relname AS name, r.role FROM pg_class c CROSS JOIN unnest(ARRAY['anon', 'authenticated']) AS r(role)
       WHERE c.relnamespace = 'hookline'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
         AND has_table_privilege(r.role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')`,
    );
    expect(open).toEqual([]);
  });

  it('every table has row level security', async () => {
    const open = await rows(
      ctx.db(),
      `SELECT c.oid::regclass::text AS name FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity`,
    );
    expect(open).toEqual([]);
  });

  it('no role may need BYPASSRLS, and none that a user acts as has it', async () => {
    const roles = await rows<{ name: string }>(
      ctx.db(),
      `SELECT rolname AS name FROM pg_roles WHERE rolname IN ('anon', 'authenticated', 'service_role')
         AND NOT rolsuper AND NOT rolbypassrls ORDER BY 1`,
    );
    expect(roles.map(({ name }) => name)).toEqual(['anon', 'authenticated', 'service_role']);
  });
});
