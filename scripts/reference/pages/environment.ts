import { DESCRIPTIONS } from '../../../src/cli/environment-help.js';
import { VARIABLES } from '../../../src/config/environment.js';
import { complete } from '../complete.js';
import type { Tell } from '../language.js';
import { named, page, table } from '../markdown.js';
import { VARIABLES_ZH } from '../text/environment.js';

/** The variables of the environment (src/config/environment.ts), as `--help` tells them. */
export function environmentPage(t: Tell): string {
  complete(
    'Variables',
    VARIABLES.map(({ name }) => name),
    Object.keys(VARIABLES_ZH),
  );
  return page([
    t(['# Environment', '# 环境变量']),
    t([
      'In brackets what holds without it. An empty string counts as not set. A wrong value is refused at start, with the name of the variable and what it takes. `hookline <command> --help` says which of them a command reads.',
      '括号内为未设置时的值。空字符串视为未设置。错误的值在启动时被拒绝，并说明变量名与可接受的值。`hookline <command> --help` 说明命令读取哪些变量。',
    ]),
    table(
      [t(['variable', '变量']), '', t(['takes', '可接受的值'])],
      VARIABLES.map(({ name, takes }) => [named(name), t([DESCRIPTIONS[name], VARIABLES_ZH[name]]), takes]),
    ),
    t([
      'On the embedded database the server makes the keys that are not set, and keeps them in its folder. On PostgreSQL a route whose key is not set answers 503 with a code.',
      '使用嵌入式数据库时，服务器自行生成未设置的密钥并保存在其文件夹中。使用 PostgreSQL 时，缺少密钥的路由返回带错误码的 503。',
    ]),
  ]);
}
