import type { Queryable } from '../../../src/db/database.js';
import { loadSql } from '../../../src/db/sql-file.js';
import { complete } from '../complete.js';
import type { Tell } from '../language.js';
import { code, page, table } from '../markdown.js';
import { INNER_TABLES, TABLES } from '../text/tables/all.js';
import type { TableText } from '../text/tables/shape.js';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly default: string | null;
  readonly reads: boolean;
  readonly creates: boolean;
  readonly changes: boolean;
}
interface Check {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

const COLUMNS = loadSql(import.meta.url, '../sql/columns.sql');
const CHECKS = loadSql(import.meta.url, '../sql/checks.sql');

/** Tables and views, their columns and checks, as the catalogues of a migrated database have them. */
export async function tablesPage(db: Queryable, t: Tell): Promise<string> {
  const { rows: columns } = await db.query<Column>(COLUMNS);
  const { rows: checks } = await db.query<Check>(CHECKS);
  const inner = Object.keys(INNER_TABLES).map((name) => `hookline.${name}`);
  complete('Tables', new Set(columns.map((column) => column.table)), [...Object.keys(TABLES), ...inner]);
  const described = Object.entries(TABLES);
  return page([
    t(['# Tables', '# 表']),
    t([
      'Row Level Security is on, and forced, for all of them: a user sees and changes what is theirs, and of each column what stands here (sets: when the row is made). `service_role` may do everything with tables of schema `public`, and reads the views; `anon` may do nothing.',
      '所有表都启用并强制行级安全：用户只能查看和修改自己的数据，各列的权限如下。`service_role` 可对 `public` 模式中的表做任何操作，并可读取视图；`anon` 没有任何权限。',
    ]),
    described.map(([name]) => `- [${short(name)}](#${short(name).replace('.', '')})`).join('\n'),
    ...described.flatMap(([name, text]) =>
      section(
        name,
        text,
        columns.filter((column) => column.table === name),
        checks.filter((check) => check.table === name),
        t,
      ),
    ),
    t(['## The others of schema hookline', '## hookline 模式中的其他表']),
    t([
      'For the server and the functions alone; they may change with any version.',
      '仅供服务器与函数使用，任何版本都可能改变。',
    ]),
    table(
      [t(['table', '表']), t(['what it holds', '内容'])],
      Object.entries(INNER_TABLES).map(([name, about]) => [code(name), t(about)]),
    ),
  ]);
}

function section(
  name: string,
  text: TableText,
  columns: readonly Column[],
  checks: readonly Check[],
  t: Tell,
): string[] {
  complete(
    `Columns of ${name}`,
    columns.map((column) => column.name),
    Object.keys(text.columns),
  );
  const rights = columns.some((column) => column.reads || column.creates || column.changes);
  const head = [t(['column', '列']), t(['type', '类型']), t(['default', '默认值'])];
  return [
    `## ${short(name)}`,
    t(text.about),
    table(
      [...head, ...(rights ? [t(['a user', '用户'])] : []), ''],
      columns.map((column) => [
        code(column.name),
        `${column.type}${column.isRequired ? '' : t([', or null', '，可为空'])}`,
        code(column.default),
        ...(rights ? [may(column, t)] : []),
        t(text.columns[column.name] ?? ['', '']),
      ]),
    ),
    checks.length === 0
      ? ''
      : table(
          [t(['constraint', '约束']), ''],
          checks.map((check) => [code(check.name), code(check.definition)]),
        ),
  ];
}

function may({ reads, creates, changes }: Column, t: Tell): string {
  const verbs = [reads && t(['reads', '读']), creates && t(['sets', '创建时设定']), changes && t(['changes', '改'])];
  return verbs.filter((verb) => verb !== false).join(t([', ', '、']));
}

function short(name: string): string {
  return name.replace(/^public\./, '');
}
