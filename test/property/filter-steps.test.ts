import { expect, it } from 'vitest';
import { rows } from '../conformance/spec-helpers.js';
import { describeOnPostgres } from '../harness/databases.js';

const STEPS =
  'SELECT (s).p_left AS left, (s).holds AS holds FROM hookline.filter_step($1::jsonb, $2::jsonb, $3::integer) s';
const COST =
  'SELECT hookline.condition_cost($1::text, $2::jsonb, $3::jsonb) AS steps, pg_column_size($2::jsonb) AS operand, pg_column_size($3::jsonb) AS value';

/** A filter and a payload, and the steps that it takes: one for each part of a filter and for each operator, and for arrays 8 and the elements of each round. */
const CASES: readonly [string, string, number][] = [
  ['{"a": 1}', '{"a": 1}', 2],
  ['{"a": {"$gt": 0}}', '{"a": 1}', 3],
  ['{"a": {"$gt": 0, "$lt": 2}}', '{"a": 1}', 4],
  ['{"$not": {"a": 2}}', '{"a": 1}', 3],
  ['{"$and": [{"a": 1}, {"a": 1}]}', '{"a": 1}', 5],
  ['{"$or": [{"a": 2}, {"a": 1}]}', '{"a": 1}', 5],
  ['{"a": {"$gt": 0}}', '{"a": [0, 1]}', 16],
  ['{"a": {"$gt": 0}}', '{"a": [[0], [1]]}', 26],
];

describeOnPostgres('steps of a filter', (ctx) => {
  const step = async (filter: string, value: string, left: number) =>
    (await rows<{ left: number; holds: boolean }>(ctx.db(), STEPS, [filter, value, left]))[0];

  it.each(CASES)('%s on %s takes %i, and with one less is not decided', async (filter, payload, steps) => {
    expect(await step(filter, payload, 1_000)).toEqual({ left: 1_000 - steps, holds: true });
    expect(await step(filter, payload, steps)).toEqual({ left: 0, holds: true });
    expect((await step(filter, payload, steps - 1))?.left).toBe(-1);
  });

  const text = (bytes: number) => JSON.stringify('x'.repeat(bytes));
  /** JSON around a text, so long that it takes so many bytes as JSONB. */
  async function sized(bytes: number, around = (inner: string) => inner): Promise<string> {
    const [row] = await rows<{ value: number }>(ctx.db(), COST, ['$eq', '1', around(text(300))]);
    return around(text(300 + bytes - (row?.value ?? 0)));
  }

  it('has a step more for each 512 bytes of a filter and 64 KiB of a value, where one of them is large', async () => {
    const filterOf = (bytes: number) => sized(bytes, (inner) => `{"b": ${inner}}`);
    for (const [bytes, more] of [
      [508, 0],
      [516, 1],
      [5_120, 10],
    ] as const) {
      const one = await step(await filterOf(bytes), '1', 1_000);
      expect(one, String(bytes)).toMatchObject({ left: 1_000 - 2 - more - Math.floor((bytes - 20) / 512) });
    }
    const value = await sized(131_072, (inner) => `{"b": ${inner}}`);
    expect(await step('{"a": 1}', value, 1_000)).toEqual({ left: 1_000 - 2 - 2, holds: false });
  });

  it('has more for an operator that copies or searches a large value', async () => {
    const [large, array, operand] = [await sized(65_536), await sized(65_536, (inner) => `[${inner}]`), '"abc"'];
    const list = `[${Array.from({ length: 160 }, (_, n) => n).join()}]`;
    const cost = async (operator: string, asked: string, value: string) =>
      (await rows<{ steps: number; operand: number; value: number }>(ctx.db(), COST, [operator, asked, value]))[0];
    expect((await cost('$in', list, large))?.steps).toBe(10);
    expect((await cost('$nin', list, '1'))?.steps).toBe(10);
    expect((await cost('$endsWith', operand, large))?.steps).toBe(64);
    expect((await cost('$startsWith', operand, large))?.steps).toBe(16);
    const contains = await cost('$contains', operand, large);
    expect(contains).toMatchObject({ value: 65_536, steps: 16 + 2 * (contains?.operand ?? 0) });
    const whole = await cost('@>', operand, array);
    expect(whole).toMatchObject({ value: 65_536, steps: whole?.operand });
    for (const [operator, value] of [
      ['$gt', array],
      ['$gt', '1'],
      ['@>', `{"a": ${large}}`],
    ] as const) {
      expect((await cost(operator, operand, value))?.steps, operator).toBe(0);
    }
  });
});
