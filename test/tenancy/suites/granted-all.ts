import { expect, it } from 'vitest';
import { type Attempt, fillIn, GRANT_ALL, type TenancyContext, type Trial, trying } from '../acting.js';
import { matrixFor } from '../matrix/index.js';
import type { ColumnRights, TableMatrix } from '../notation.js';

const SOME_ID = "'5ca1ab1e-0000-4000-8000-000000000000'";

/** Where somebody granted users everything on the tables, what is the system's is still the system's. */
export function describeGrantedAll(ctx: TenancyContext): void {
  const { tables } = matrixFor(ctx.authIsOurs);
  const inPublic = tables.filter(({ table, viewOf }) => table.startsWith('public.') && viewOf === undefined);
  for (const actor of ['owner', 'stranger', 'no-user', 'anon'] as const) {
    it(`after GRANT ALL ON ALL TABLES: ${actor}`, async () => {
      const wrong: string[] = [];
      const check = async ({ attempt }: Trial) => {
        for (const matrix of inPublic) {
          for (const rights of matrix.columns) {
            for (const [verb, letter, sql] of statements(matrix, rights)) {
              if (rights.user.includes(letter)) continue;
              const got = await attempt(fillIn(sql, actor, ctx.world()));
              if (!isKept(got)) wrong.push(`${verb} ${matrix.table}.${rights.column}: ${JSON.stringify(got)}`);
            }
          }
          for (const sql of [`DELETE FROM ${matrix.table}`, `TRUNCATE ${matrix.table} CASCADE`]) {
            if (sql.startsWith('DELETE') && matrix.deletion.user.includes('d')) continue;
            const got = await attempt(sql);
            if (!isKept(got)) wrong.push(`${sql}: ${JSON.stringify(got)}`);
          }
        }
      };
      await trying(ctx, tables, actor, check, GRANT_ALL);
      expect(wrong).toEqual([]);
    });
  }
  describeFunctionsGranted(ctx);
}

/** Where somebody granted users every function too, those that act for all users still refuse them. */
function describeFunctionsGranted(ctx: TenancyContext): void {
  const { tables, calls } = matrixFor(ctx.authIsOurs);
  const theServices = calls.filter(({ name, outcome }) => name.startsWith('public.') && outcome.owner === 'refused');
  for (const actor of ['owner', 'no-user', 'anon'] as const) {
    it(`after GRANT ALL ON ALL FUNCTIONS: ${actor}`, async () => {
      const wrong: string[] = [];
      const check = async ({ attempt }: Trial) => {
        for (const { sql } of theServices) {
          const got = await attempt(fillIn(`SELECT ${sql}`, actor, ctx.world()));
          if (!('error' in got) || got.error['code'] !== '42501') wrong.push(`${sql}: ${JSON.stringify(got)}`);
        }
      };
      await trying(ctx, tables, actor, check, 'GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO anon, authenticated');
      expect(wrong).toEqual([]);
    });
  }
}

/** Statements that write a value into a system's column, and say whether it was taken. */
function statements({ table, insert }: TableMatrix, { column, value }: ColumnRights): [string, string, string][] {
  const [added, changed] = [insert[column] ?? value, value === '$me' ? '$bystander' : value].map((v) =>
    v === '=' ? SOME_ID : v,
  );
  const values = { ...insert, [column]: added };
  // json, which keeps its text, has no operator of equality.
  const is = (written: string) =>
    column === 'payload' && table === 'public.ai_content' ? `${column}::text = ${written}` : `${column} = ${written}`;
  const taken = (written = '') => (written === 'DEFAULT' ? 'true' : is(written));
  const insertion = `INSERT INTO ${table} (${Object.keys(values)}) VALUES (${Object.values(values)})`;
  return [
    ['insert', 'i', `${insertion} RETURNING ${taken(added)} AS taken`],
    ['update', 'u', `UPDATE ${table} SET ${column} = ${changed} RETURNING ${taken(changed)} AS taken`],
  ];
}

/** Refused; or nothing changed; or the row has the system's own value instead. */
function isKept(attempt: Attempt): boolean {
  if ('error' in attempt) return attempt.error['code'] === '42501';
  const { gone, come } = attempt.change;
  if (gone.length + come.length === 0) return true;
  const rows = attempt.rows as { taken?: boolean }[];
  return rows.length > 0 && rows.every(({ taken }) => taken === false);
}
