import { CATALOGUE } from '../../../src/errors.js';
import { complete } from '../complete.js';
import type { Tell } from '../language.js';
import { code, named, page, table } from '../markdown.js';
import { TITLES_ZH } from '../text/errors.js';

/** The catalogue of errors (src/errors.ts). */
export function errorsPage(t: Tell): string {
  complete('Errors', Object.keys(CATALOGUE), Object.keys(TITLES_ZH));
  return page([
    t(['# Errors', '# 错误']),
    t([
      'A code is stable: codes are added, never renamed. Over REST an error is a problem of RFC 9457 with this status, `code`, and a `hint` that says what to mend; in SQL it has this SQLSTATE and a `HINT`; on the command line it is told in the same words, and the exit code is 1.',
      '错误码是稳定的：只增加，不改名。在 REST 中，错误是 RFC 9457 的 problem 文档，带有此状态码、`code`，以及说明如何修正的 `hint`；在 SQL 中有此 SQLSTATE 与 `HINT`；命令行用同样的文字说明，退出码为 1。',
    ]),
    table(
      [t(['code', '错误码']), t(['HTTP status', 'HTTP 状态']), 'SQLSTATE', ''],
      Object.entries(CATALOGUE).map(([name, error]) => [
        named(name),
        String(error.status),
        code('sqlstate' in error ? error.sqlstate : undefined),
        t([error.title, TITLES_ZH[name as keyof typeof CATALOGUE]]),
      ]),
    ),
  ]);
}
