import { expect, it } from 'vitest';
import { FUNCTIONS } from '../../src/api/rpc/functions.js';
import { describeOnPostgres } from '../harness/databases.js';

/** What extensions brought along is not ours; a trigger function cannot be called. */
const DECLARED = `SELECT p.proname AS name, p.provolatile IN ('s', 'i') AS "readOnly",
    ARRAY(SELECT a.name || ' ' || a.type::regtype FROM unnest(p.proargnames, p.proallargtypes, p.proargmodes) WITH ORDINALITY a (name, type, mode, n)
          WHERE a.mode = 'i' ORDER BY a.n) AS parameters,
    ARRAY(SELECT a.name FROM unnest(p.proargnames, p.proargmodes) WITH ORDINALITY a (name, mode, n)
          WHERE a.mode = 't' ORDER BY a.n) AS columns,
    p.pronargs - p.pronargdefaults AS required
  FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  ORDER BY p.proname`;

describeOnPostgres('the allow-list of functions', (ctx) => {
  it('is what the migrations declare in schema public: every one of them, and nothing else', async () => {
    const { rows: declared } = await ctx.db().query(DECLARED, []);
    const listed = await Promise.all(
      [...FUNCTIONS.values()].map(async ({ name, readOnly, parameters, columns, required }) => {
        const { rows } = await ctx
          .db()
          .query<{ types: string[] }>(
            'SELECT ARRAY(SELECT t::regtype::text FROM unnest($1::text[]) WITH ORDINALITY u (t, n) ORDER BY n) AS types',
            [Object.values(parameters)],
          );
        const names = Object.keys(parameters);
        // SQL lets only the last parameters have defaults.
        expect(required).toEqual(names.slice(0, required.length));
        const typed = names.map((parameter, index) => `${parameter} ${rows[0]?.types[index]}`);
        return { name, readOnly, parameters: typed, columns, required: required.length };
      }),
    );
    expect(listed.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(declared);
  });
});
