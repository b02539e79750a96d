import type { Queryable } from '../../../src/db/database.js';
import { complete } from '../complete.js';
import type { Tell } from '../language.js';
import { code, page, table } from '../markdown.js';
import { CONDITION, OPERATORS, type OperatorText } from '../text/filters.js';

/** The operators of filters. The examples are asked of the function that matches events. */
export async function filtersPage(db: Queryable, t: Tell): Promise<string> {
  complete('Operators', await operatorsOf(db), Object.keys(OPERATORS));
  for (const one of [CONDITION, ...Object.values(OPERATORS)]) await check(db, one);
  const row = (name: string, { about, filter, holds, fails }: OperatorText) => [
    name,
    t(about),
    ...[filter, holds, fails].map((value) => code(JSON.stringify(value))),
  ];
  return page([
    t(['# Filters', '# 过滤条件']),
    t([
      'Which payloads a subscription is for: an object with a condition for each field. It is checked when it is written. The examples are those that the database was asked for this page.',
      '订阅匹配哪些载荷：一个对象，每个字段一个条件。写入时即检查。示例均由数据库实际判定。',
    ]),
    table(
      [
        t(['operator', '运算符']),
        t(['the value', '值']),
        t(['filter', '过滤条件']),
        t(['goes through', '通过']),
        t(['does not', '不通过']),
      ],
      [
        row(t(['any JSON value', '任意 JSON 值']), CONDITION),
        ...Object.entries(OPERATORS).map(([name, one]) => row(code(name), one)),
      ],
    ),
    t([
      'Several conditions in one object must all hold, and so must `{"field": {…}}` on an object in a field. On an array a condition holds when any one of its elements fulfils it (several at once: the same element). A missing field fulfils `$ne`, `$nin`, `$not` and `$exists: false` only; values of different types are never greater or less.',
      '同一对象中的多个条件须全部成立，`{"field": {…}}` 则作用于字段中的对象。对数组，任一元素满足即成立（多个条件时须为同一元素）。缺失的字段只满足 `$ne`、`$nin`、`$not` 与 `$exists: false`；不同类型的值之间没有大小。',
    ]),
    t([
      'A filter has at most 8 KiB, 10 levels and 200 conditions, and one match at most 10,000 steps, so that no filter holds up the transaction that triggers: what they do not decide lets the event through, since a subscriber can drop one too many. Anything else is refused with [`invalid_filter`](errors.md#invalid_filter).',
      '过滤条件最多 8 KiB、10 层、200 个条件，一次匹配最多 10,000 步，以免拖住触发事件的事务：未能判定者放行，因为订阅者可以丢弃多余的事件。其他写法以 [`invalid_filter`](errors.md#invalid_filter) 拒绝。',
    ]),
  ]);
}

/** As the refusal of an unknown operator lists them. */
async function operatorsOf(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ problem: string }>(
    `SELECT hookline.filter_problem('{"a": {"$none": 1}}') AS problem`,
  );
  return [...(rows[0]?.problem.split('; there are ')[1] ?? '').matchAll(/\$\w+/g)].map(([name]) => name);
}

async function check(db: Queryable, { filter, holds, fails }: OperatorText): Promise<void> {
  const { rows } = await db.query<{ problem: string | null; holds: boolean; fails: boolean }>(
    `SELECT hookline.filter_problem($1::jsonb) AS problem, hookline.filter_matches($1::jsonb, $2::jsonb) AS holds,
            NOT hookline.filter_matches($1::jsonb, $3::jsonb) AS fails`,
    [filter, holds, fails].map((value) => JSON.stringify(value)),
  );
  if (rows[0]?.problem !== null || !rows[0].holds || !rows[0].fails)
    throw new Error(`The example of a filter is wrong: ${JSON.stringify(filter)}`);
}
