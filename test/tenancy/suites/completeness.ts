import { expect, it } from 'vitest';
import type { TenancyContext } from '../acting.js';
import { matrixFor, SEQUENCES, TYPES } from '../matrix/index.js';

// What an extension brings is the extension's. Of partitions nobody but the owner has anything: suites/partitions.ts.
const OURS = (catalogue: string) =>
  `NOT EXISTS (SELECT FROM pg_depend d
     WHERE d.classid = '${catalogue}'::regclass AND d.objid = o.oid AND d.deptype = 'e')`;

const KINDS: Readonly<Record<string, string>> = {
  relations: `SELECT n.nspname || '.' || o.relname AS name FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
    WHERE o.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT o.relispartition AND ${OURS('pg_class')}`,
  columns: `SELECT n.nspname || '.' || o.relname || '.' || a.attname AS name
    FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace JOIN pg_attribute a ON a.attrelid = o.oid
    WHERE o.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT o.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND ${OURS('pg_class')}`,
  sequences: `SELECT n.nspname || '.' || o.relname AS name FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
    WHERE o.relkind = 'S' AND ${OURS('pg_class')}`,
  // A second function of the same name shows as the name twice.
  functions: `SELECT n.nspname || '.' || o.proname AS name FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace
    WHERE ${OURS('pg_proc')}`,
  types: `SELECT n.nspname || '.' || o.typname AS name FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace
    LEFT JOIN pg_class c ON c.oid = o.typrelid
    WHERE (o.typtype IN ('e', 'd', 'r') OR (o.typtype = 'c' AND c.relkind = 'c')) AND ${OURS('pg_type')}`,
};

/** What the database holds and the matrix lacks fails by name; so does what the matrix names and the database lacks. */
export function describeCompleteness(ctx: TenancyContext): void {
  const { tables, calls } = matrixFor(ctx.authIsOurs);
  const named: Readonly<Record<string, readonly string[]>> = {
    relations: tables.map(({ table }) => table),
    columns: tables.flatMap(({ table, columns }) => columns.map(({ column }) => `${table}.${column}`)),
    sequences: SEQUENCES,
    functions: [...new Set(calls.map(({ name }) => name))],
    types: TYPES,
  };
  for (const [kind, sql] of Object.entries(KINDS)) {
    it(`the matrix has all ${kind}, and no others`, async () => {
      const schemas = ctx.authIsOurs ? "'public', 'hookline', 'auth'" : "'public', 'hookline'";
      const { rows } = await ctx.db().query<{ name: string }>(`${sql} AND n.nspname IN (${schemas})`, []);
      expect(rows.map(({ name }) => name).sort()).toEqual([...(named[kind] ?? [])].sort());
    });
  }
}
