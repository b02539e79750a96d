import type { Queryable } from '../../../src/db/database.js';
import type { Tell } from '../language.js';
import { code, named, page, table } from '../markdown.js';
import { DATABASE_CODES, FAILURES, HEADERS, VERIFICATION_CODES } from '../text/deliveries.js';
import { checkDelivery, type Limits, limitsOf } from './delivery-facts.js';

/** Headers, retries and error codes of deliveries. */
export async function deliveriesPage(db: Queryable, t: Tell): Promise<string> {
  await checkDelivery(db);
  const limits = await limitsOf(db);
  const codes = (texts: Readonly<Record<string, readonly [string, string]>>) =>
    table(
      ['`error_code`', ''],
      Object.entries(texts).map(([name, told]) => [named(name), t(told)]),
    );
  return page([
    t(['# Deliveries', '# 投递']),
    t(['A delivery is a `POST` of the payload as JSON.', '一次投递即以 `POST` 发送 JSON 载荷。']),
    t(['## Headers', '## 请求头']),
    table(
      [t(['header', '请求头']), ''],
      Object.entries(HEADERS).map(([name, told]) => [code(name), t(told)]),
    ),
    t([
      'Beside these the [custom headers](../webhook-headers.md) of the webhook. How a subscriber verifies: [verify.md](../verify.md).',
      '此外还有 Webhook 的[自定义请求头](../webhook-headers.md)。订阅者如何验证：[verify.md](../verify.md)。',
    ]),
    t(['## Answers', '## 响应']),
    table([t(['answer', '响应']), t(['what follows', '结果'])], answers(limits, t)),
    t(['## Retries', '## 重试']),
    t([
      `A delivery has \`max_retries\` + 1 attempts (${limits.maxRetries} + 1 by default, 1 without \`retry_enabled\`). Before retry n it waits \`retry_delay_seconds\` × 2ⁿ⁻¹, ±20 % at random, a day at most:`,
      `一次投递有 \`max_retries\` + 1 次尝试（默认 ${limits.maxRetries} + 1 次，未启用 \`retry_enabled\` 时为 1 次）。第 n 次重试前等待 \`retry_delay_seconds\` × 2ⁿ⁻¹，随机 ±20 %，至多一天：`,
    ]),
    table(
      [
        t(['retry', '重试']),
        t([`after, with the default of ${limits.retryDelay} s`, `等待（默认 ${limits.retryDelay} s）`]),
      ],
      limits.delays.map(([least, most], nth) => [
        String(nth + 1),
        t([`${least} to ${most} s`, `${least} 到 ${most} s`]),
      ]),
    ),
    t([
      'The calls are made at least once: a worker that dies between call and record leaves a delivery to another, which repeats it with the same `webhook-id`.',
      '调用至少进行一次：若工作进程在调用与记录之间死去，另一进程会以相同的 `webhook-id` 重复该投递。',
    ]),
    t(['## Error codes', '## 错误码']),
    t(['Without a whole answer:', '没有完整响应：']),
    codes(FAILURES),
    t(['Given by the database:', '由数据库给出：']),
    codes(DATABASE_CODES),
    t([
      '`verification_error_code` of a webhook is one of the first table, or:',
      'Webhook 的 `verification_error_code` 取自第一张表，或：',
    ]),
    codes(VERIFICATION_CODES),
  ]);
}

function answers(limits: Limits, t: Tell): string[][] {
  const { waitingLimit, failingLimit, breakerFailures, breakerPause, breakerLongestPause } = limits;
  return [
    ['2xx', t(['`success`', '`success`'])],
    [
      '410',
      t(['`failed` at once, and the webhook is deactivated (`gone`)', '立即 `failed`，且 Webhook 被停用（`gone`）']),
    ],
    [
      t(['anything else, or none', '其他响应，或没有响应']),
      t([
        '`retrying` while attempts are left, then `failed`. Redirects are not followed',
        '尚有次数则 `retrying`，否则 `failed`。不跟随重定向',
      ]),
    ],
    [
      t(['with `Retry-After`', '带 `Retry-After`']),
      t([
        'the next attempt comes then, a day later at most; with 429 and 503 the whole webhook pauses until then',
        '下一次尝试在该时间进行，至多一天后；若为 429 或 503，整个 Webhook 暂停到那时',
      ]),
    ],
    [
      t([`${breakerFailures} failures in a row`, `连续失败 ${breakerFailures} 次`]),
      t([
        `the breaker opens: one probe after ${lasting(breakerPause, t)}, doubled by each that fails up to ${lasting(breakerLongestPause, t)}, ±20 %; a success closes it`,
        `熔断器打开：${lasting(breakerPause, t)} 后探测一次，每次失败加倍，至多 ${lasting(breakerLongestPause, t)}，±20 %；成功即关闭`,
      ]),
    ],
    [
      t([`only failures for ${lasting(failingLimit, t)}`, `持续失败 ${lasting(failingLimit, t)}`]),
      t(['the webhook is deactivated (`failing`)', 'Webhook 被停用（`failing`）']),
    ],
    [
      t([`no call for ${lasting(waitingLimit, t)}`, `${lasting(waitingLimit, t)} 内未能调用`]),
      t([
        'since the webhook is inactive, paused, broken or unverified where that counts: `failed`',
        '因 Webhook 停用、暂停、熔断或在要求时未验证：`failed`',
      ]),
    ],
  ];
}

/** `10 s`, `15 min`, `24 h`, `5 days`. */
function lasting(seconds: number, t: Tell): string {
  if (seconds % 86_400 === 0 && seconds > 86_400) return t([`${seconds / 86_400} days`, `${seconds / 86_400} 天`]);
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
