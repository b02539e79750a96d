import type { Queryable } from '../../../src/db/database.js';
import { loadSql } from '../../../src/db/sql-file.js';
import { complete } from '../complete.js';
import type { Tell } from '../language.js';
import { page, verbatim } from '../markdown.js';
import { FUNCTIONS } from '../text/functions.js';

interface Signature {
  readonly name: string;
  readonly arguments: string;
  readonly result: string;
  readonly isForUsers: boolean;
  readonly isForService: boolean;
}

const SIGNATURES = loadSql(import.meta.url, '../sql/functions.sql');

/** The functions that applications and operators call, with their signatures from the catalogue. */
export async function functionsPage(db: Queryable, t: Tell): Promise<string> {
  const { rows } = await db.query<Signature>(SIGNATURES);
  const described = Object.entries(FUNCTIONS);
  const shown = rows.filter(({ name }) => name.startsWith('public.') || name in FUNCTIONS);
  complete(
    'Functions',
    shown.map(({ name }) => name),
    Object.keys(FUNCTIONS),
  );
  return page([
    t(['# Functions', '# 函数']),
    t([
      'In SQL, and those of schema `public` through supabase-js and `POST /rest/v1/rpc/<function>`. Errors have SQLSTATEs of class `HK`: [errors](errors.md). What else schema `hookline` has is for the server alone, and may change with any version.',
      '可在 SQL 中调用；`public` 模式中的还可通过 supabase-js 与 `POST /rest/v1/rpc/<function>` 调用。错误的 SQLSTATE 属于 `HK` 类，见[错误](errors.md)。`hookline` 模式中的其余函数仅供服务器使用，任何版本都可能改变。',
    ]),
    described.map(([name]) => `- [${short(name)}](#${short(name).replace('.', '')})`).join('\n'),
    ...described.flatMap(([name, about]) => [
      `## ${short(name)}`,
      t(about),
      ...shown.filter((one) => one.name === name).flatMap((one) => [verbatim(signature(one)), callers(one, t)]),
    ]),
  ]);
}

function signature({ name, arguments: given, result }: Signature): string {
  const line = `${short(name)}(${given})`;
  const listed = given.split(', ').map((one, nth, all) => `  ${one}${nth < all.length - 1 ? ',' : ''}`);
  const called = line.length <= 120 ? line : `${short(name)}(\n${listed.join('\n')}\n)`;
  return `${called}\n→ ${result}`;
}

function callers({ isForUsers, isForService }: Signature, t: Tell): string {
  const who = [isForUsers && t(['a user', '用户']), isForService && '`service_role`'].filter((one) => one !== false);
  return t([`Called by ${who.join(', ')}.`, `可由 ${who.join('、')} 调用。`]);
}

function short(name: string): string {
  return name.replace(/^public\./, '');
}
