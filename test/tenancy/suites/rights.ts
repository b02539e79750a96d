import { expect, it } from 'vitest';
import { type Attempt, fillIn, type TenancyContext, type Trial, trying, userOf } from '../acting.js';
import { matrixFor } from '../matrix/index.js';
import { ACTORS, type Actor, type ColumnRights, type TableMatrix } from '../notation.js';
import type { World } from '../world.js';

type Verb = 'select' | 'insert' | 'update' | 'delete';
type Whose = readonly (string | null)[];

/** Every table × actor × select, insert, update of each column, delete; without WHERE: each touches all that it may. */
export function describeRights(ctx: TenancyContext): void {
  const { tables } = matrixFor(ctx.authIsOurs);
  for (const matrix of tables) {
    for (const actor of ACTORS) {
      it(`${matrix.table} as ${actor}`, async () => {
        const wrong: string[] = [];
        await trying(ctx, tables, actor, async (trial) => {
          const cell = async (verb: Verb, rights: ColumnRights, there: Whose) => {
            const expected = expectedOf(ctx.world(), verb, rights, actor, there);
            const got = await trial.attempt(fillIn(statement(matrix, verb, rights), actor, ctx.world()));
            const outcome = outcomeOf(ctx.world(), matrix, verb, actor, got);
            if (outcome !== expected) wrong.push(`${verb} ${rights.column}: expected ${expected}, got ${outcome}`);
          };
          const there = await rowsThere(trial, matrix);
          for (const verb of ['select', 'insert', 'update'] as const) {
            for (const rights of matrix.columns) await cell(verb, rights, there);
          }
          await cell('delete', matrix.deletion, await rowsThere(trial, matrix, matrix.deletion.value));
        });
        expect(wrong).toEqual([]);
      });
    }
  }
}

function statement({ table, insert }: TableMatrix, verb: Verb, { column, value }: ColumnRights): string {
  switch (verb) {
    case 'select':
      return `SELECT ${column} FROM ${table}`;
    case 'insert': {
      const values = { [column]: value === '=' ? 'gen_random_uuid()' : value, ...insert };
      return `INSERT INTO ${table} (${Object.keys(values)}) VALUES (${Object.values(values)})`;
    }
    case 'update':
      return `UPDATE ${table} SET ${column} = ${value === '=' ? column : value}`;
    case 'delete':
      return `DELETE FROM ${table} WHERE ${value || true}`;
  }
}

/** Whose the rows are that stand there. */
async function rowsThere(trial: Trial, { table, viewOf, whose }: TableMatrix, condition = ''): Promise<Whose> {
  const from = viewOf === undefined ? table : `(${viewOf}) v`;
  const rows = await trial.ask<{ whose: string | null }>(
    `SELECT (${whose})::text AS whose FROM ${from} WHERE ${condition || true}`,
  );
  return rows.map((row) => row.whose);
}

function expectedOf(world: World, verb: Verb, rights: ColumnRights, actor: Actor, there: Whose): string {
  const letters = actor === 'anon' || actor === 'service' ? rights[actor] : rights.user;
  const letter = verb.slice(0, 1);
  const every = letters.includes(letter.toUpperCase());
  if (!every && !letters.includes(letter)) return 'refused';
  const me = userOf(actor, world);
  if (verb === 'insert') return every ? '1 row' : me === undefined ? 'refused' : tell(world, [me]);
  const mine = every ? there : there.filter((user) => user !== null && user === me);
  return verb === 'select' ? `${mine.length} rows` : tell(world, mine);
}

function outcomeOf(world: World, matrix: TableMatrix, verb: Verb, actor: Actor, attempt: Attempt): string {
  if ('error' in attempt) {
    const { code, message } = attempt.error;
    // A view that cannot be written says so before it looks at rights; for these the catalogue is asked.
    return code === '42501' || (matrix.viewOf !== undefined && code === '55000') ? 'refused' : `${code} ${message}`;
  }
  const { gone, come } = attempt.change;
  if (verb === 'select') return gone.length + come.length === 0 ? `${attempt.count} rows` : 'something changed';
  const touched = (verb === 'insert' ? come : gone).filter((row) => row.table === matrix.table);
  if (touched.length === 0) return gone.length + come.length === 0 ? 'none' : 'something else changed';
  if (verb === 'insert' && actor === 'service') return `${touched.length} row`;
  return tell(
    world,
    touched.map(({ whose }) => whose),
  );
}

/** Rows by whose they are: `2 owner, 1 nobody`. */
function tell({ owner, stranger }: World, rows: Whose): string {
  const names = rows.map((id) => (id === owner.id ? 'owner' : id === stranger.id ? 'stranger' : 'nobody'));
  const parts = ['owner', 'stranger', 'nobody'].map((name) => [names.filter((n) => n === name).length, name] as const);
  return (
    parts
      .filter(([count]) => count > 0)
      .map((part) => part.join(' '))
      .join(', ') || 'none'
  );
}
