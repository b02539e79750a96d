import type { Tell, Told } from '../language.js';
import { page, table } from '../markdown.js';

const PAGES: readonly (readonly [file: string, title: Told, about: Told])[] = [
  [
    'tables.md',
    ['Tables', '表'],
    ['tables and views with their columns, defaults and rights', '表与视图的列、默认值与权限'],
  ],
  ['functions.md', ['Functions', '函数'], ['the SQL functions', 'SQL 函数']],
  [
    'deliveries.md',
    ['Deliveries', '投递'],
    ['headers, answers, retries, error codes of attempts', '请求头、响应、重试、尝试的错误码'],
  ],
  ['filters.md', ['Filters', '过滤条件'], ['the operators', '运算符']],
  ['errors.md', ['Errors', '错误'], ['codes, HTTP statuses, SQLSTATEs', '错误码、HTTP 状态、SQLSTATE']],
  ['environment.md', ['Environment', '环境变量'], ['the variables', '变量']],
  ['commands.md', ['Commands', '命令'], ['the command line', '命令行']],
  ['metrics.md', ['Metrics', '指标'], ['what Prometheus is told', '提供给 Prometheus 的内容']],
  [
    'doctor.md',
    ['Findings of doctor', 'doctor 的检查结果'],
    ['what may be wrong with a deployment', '部署可能存在的问题'],
  ],
];

export function indexPage(t: Tell): string {
  return page([
    t(['# Reference', '# 参考']),
    t([
      'Made from a migrated database and the catalogues in the code by `npm run generate:docs`; a test holds it to them. The REST API describes itself: `GET /openapi.json`, and [api.md](../api.md).',
      '由 `npm run generate:docs` 根据已迁移的数据库与代码中的目录生成，并有测试保证一致。REST API 自我描述：`GET /openapi.json`，以及 [api.md](../api.md)。',
    ]),
    table(
      ['', ''],
      PAGES.map(([file, title, about]) => [`[${t(title)}](${file})`, t(about)]),
    ),
  ]);
}
