import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { describeOnPostgres } from '../harness/databases.js';
import { type Meeting, meeting } from './filter-arbitraries.js';
import { isArray, isObject, type Json, toText } from './json-value.js';

interface Condition {
  readonly path: string;
  readonly operator: string;
  readonly expected?: string;
  readonly holds: boolean | null;
  readonly conditions?: readonly Condition[];
}

interface Result {
  readonly matches: boolean;
  readonly conditions: readonly Condition[];
}

// One payload at a time, so that each has all the steps; expected and found as text, in their own digits.
const TEST = `SELECT t.result ->> 'matches' = 'true' AS matches, hookline.filter_matches(f::jsonb, p::jsonb) AS through, t.result ->> 'conditions' AS conditions
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY c (f, p, n),
     LATERAL (SELECT hookline.test_filter(f::jsonb, jsonb_build_array(p::jsonb)) -> 0 AS result) t ORDER BY n`;
/** What a condition says, as a filter at its own place, and what SQL says of it there. A pointer's parts are keys or places in arrays, as `#>` takes them. */
const ALONE = `SELECT n::int AS nth, c ->> 'operator' AS operator, c ->> 'path' AS path, c -> 'holds' = 'true' AS holds,
  s.holds AS alone, coalesce(c -> 'found' = p.value, true) AS is_found, (c -> 'is_present')::boolean = (p.value IS NOT NULL) AS is_present
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY g (explained, payload, n),
     LATERAL jsonb_path_query(explained::jsonb, 'strict $.** ? (exists (@.expected))') c,
     LATERAL (SELECT coalesce(array_agg(replace(replace(part, '~1', '/'), '~0', '~') ORDER BY nth), '{""}') AS keys
              FROM unnest(string_to_array(substr(c ->> 'path', 2), '/')) WITH ORDINALITY u (part, nth)) k,
     LATERAL (SELECT CASE WHEN c ->> 'path' = '' THEN payload::jsonb ELSE payload::jsonb #> k.keys END AS value) p,
     LATERAL (SELECT CASE WHEN left(c ->> 'operator', 1) = '$'  THEN jsonb_build_object(c ->> 'operator', c -> 'expected') ELSE c -> 'expected' END AS filter) f,
     LATERAL hookline.filter_step(f.filter, p.value, 10000) s`;

function levels(value: Json): number {
  const members = isObject(value) ? [...value.values()] : isArray(value) ? value : [];
  return 1 + Math.max(0, ...members.map(levels));
}

const meetings = fc.array(
  meeting.filter(({ filter, payload }) => isObject(payload) && levels(filter) <= 10),
  { minLength: 1, maxLength: 200, size: 'max' },
);
const shown = ({ filter, payload }: Meeting) => `${toText(filter)} on ${toText(payload)}`;

async function explain(db: Queryable, given: readonly Meeting[]) {
  const params = [given.map(({ filter }) => toText(filter)), given.map(({ payload }) => toText(payload))];
  const { rows } = await db.query<{ matches: boolean; through: boolean; conditions: string }>(TEST, params);
  return rows.map(({ matches, through, conditions }) => ({
    through,
    text: conditions,
    result: { matches, conditions: JSON.parse(conditions) } as Result,
  }));
}

/** What the parts of a group make of it. */
function combined({ operator, conditions = [], holds }: Condition): boolean | null {
  const held = conditions.map((one) => (one.conditions === undefined ? one.holds : combined(one)));
  const all = held.every((one) => one === true);
  switch (operator) {
    case '$and':
      return all;
    case '$or':
      return held.some((one) => one === true);
    case '$not':
      return !all;
    case '$element':
      return conditions.length > 0 && all;
    default:
      return holds;
  }
}

function groupsOf(conditions: readonly Condition[]): Condition[] {
  return conditions.flatMap((one) => (one.conditions === undefined ? [] : [one, ...groupsOf(one.conditions)]));
}

describeOnPostgres('explanations of filters', (ctx) => {
  /** The steps that are left, the conditions, and the steps that the filter alone would leave. */
  const within = async (filter: string, value: string, steps: number) => {
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ left: number; conditions: Condition[]; alone: number }>(
        `SELECT e.p_left AS left, e.conditions, s.p_left AS alone FROM hookline.explain_filter($1, $2, '', $3) e, hookline.filter_step($1, $2, $3) s`,
        [filter, value, steps],
      ),
    );
    const [{ left, conditions, alone } = { left: 0, conditions: [], alone: 0 }] = rows;
    return { left, conditions, alone };
  };

  it('judge with the last step, and leave open what no step is left for, with the groups that hang on it', async () => {
    const cost = 100 - (await within('5', '5', 100)).alone;
    expect((await within('5', '5', cost)).conditions).toMatchObject([{ found: 5, holds: true }]);
    const [none] = (await within('5', '5', cost - 1)).conditions;
    expect(none).toEqual({ path: '', operator: '$eq', expected: 5, is_present: true, holds: null });
    for (const [first, or, and] of [
      [5, true, null],
      [6, null, false],
    ] as const) {
      expect((await within(`{"$or": [${first}, 7]}`, '5', cost)).conditions).toMatchObject([{ holds: or }]);
      expect((await within(`{"$and": [${first}, 7]}`, '5', cost)).conditions).toMatchObject([{ holds: and }]);
    }
  });

  it('show what is found up to 1,024 bytes, and count a step for each of them that is read', async () => {
    const found = async (value: string) => {
      const { left, alone, conditions } = await within('{"$gt": 1}', value, 10_000);
      return [alone - left, conditions[0] !== undefined && 'found' in conditions[0]];
    };
    expect(await found(JSON.stringify('x'.repeat(1_022)))).toEqual([1, true]);
    expect(await found(JSON.stringify('x'.repeat(1_023)))).toEqual([1, false]);
    // Few bytes of JSONB, and 102,400 digits.
    expect(await found('1e102399')).toEqual([100, false]);
  });

  it('ask an array as a whole whether it is there or is this one, and its elements all else', async () => {
    for (const [filter, operators] of [
      ['{"$exists": true, "$gt": "a"}', ['$exists', '$gt']],
      ['{"$eq": ["b"], "$gt": "a"}', ['$eq', '$gt']],
      ['{"$ne": ["c"], "$gt": "a"}', ['$gt', '$ne']],
      ['{"$eq": "b", "$gt": "a"}', ['$element']],
    ] as const) {
      const { conditions } = await within(filter, '["b"]', 10_000);
      expect(conditions.map(({ operator }) => operator).toSorted(), filter).toEqual(operators);
    }
    for (const value of ['["b"]', '"b"']) {
      expect((await within('["b"]', value, 10_000)).conditions).toMatchObject([{ operator: 'contains' }]);
    }
  });

  it('agree with the filter: it lets through what fulfils all of its conditions, group by group', async () => {
    const seen: Record<string, number> = { through: 0, held: 0 };
    await fc.assert(
      fc.asyncProperty(meetings, async (given) => {
        const explained = await asService(ctx.db(), (tx) => explain(tx, given));
        for (const [n, one] of given.entries()) {
          const { through, result } = explained[n] ?? {};
          expect(result?.matches, shown(one)).toBe(through);
          const whole = { path: '', operator: '$and', holds: true, conditions: result?.conditions ?? [] };
          expect(combined(whole), shown(one)).toBe(through);
          for (const group of groupsOf(whole.conditions)) {
            expect(group.holds, `${group.operator} at ${group.path} of ${shown(one)}`).toBe(combined(group));
            seen[group.operator] = (seen[group.operator] ?? 0) + 1;
          }
          seen[through ? 'through' : 'held'] = (seen[through ? 'through' : 'held'] ?? 0) + 1;
        }
      }),
      { numRuns: 20 },
    );
    // What never came up would prove nothing.
    for (const kind of ['through', 'held', '$and', '$or', '$not', '$element']) {
      expect(seen[kind], kind).toBeGreaterThan(20);
    }
  }, 120_000);

  it('judge each condition as SQL does at its place, and show what stands there', async () => {
    const seen = { holds: 0, fails: 0 };
    await fc.assert(
      fc.asyncProperty(meetings, async (given) => {
        const rows = await asService(ctx.db(), async (tx) => {
          const explained = await explain(tx, given);
          const payloads = given.map(({ payload }) => toText(payload));
          return (await tx.query(ALONE, [explained.map(({ text }) => text), payloads])).rows;
        });
        for (const row of rows) {
          const one = given[Number(row['nth']) - 1];
          const said = `${row['operator']} at ${row['path']} of ${one && shown(one)}`;
          expect(row, said).toMatchObject({ holds: row['alone'], is_found: true, is_present: true });
          seen[row['holds'] ? 'holds' : 'fails'] += 1;
        }
      }),
      { numRuns: 20 },
    );
    expect(Math.min(seen.holds, seen.fails)).toBeGreaterThan(200);
  }, 120_000);
});
