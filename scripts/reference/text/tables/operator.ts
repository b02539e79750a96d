import type { TableText } from './shape.js';

export const SETTINGS: TableText = {
  about: ['One row, for the operator to change.', '只有一行，由运维者修改。'],
  columns: {
    only_row: ['always true', '始终为 true'],
    installation: ['an id of this installation', '本安装的 id'],
    webhooks_per_user: ["a user's quota", '每个用户的 Webhook 配额'],
    api_keys_per_user: [
      "a user's quota of live [API keys](../access.md#api-keys)",
      '每个用户有效 [API 密钥](../access.md) 的配额',
    ],
    verification: [
      'of URLs: `on_request`; `on_create`: unasked; `required`: and events go to verified webhooks alone',
      'URL 验证：`on_request`；`on_create` 自动验证；`required` 还要求只向已验证的 Webhook 投递',
    ],
    waiting_limit: [
      'how long a delivery waits for an inactive, paused, broken or unverified webhook',
      '投递等待停用、暂停、熔断或未验证的 Webhook 的最长时间',
    ],
    failing_limit: ['a webhook that has only failed for so long is deactivated', 'Webhook 持续失败这么久后被停用'],
    idempotency_window: ['how long an idempotency key is remembered', '幂等键的记忆时长'],
    successful_retention: ['how long successful deliveries are kept', '成功的投递保留多久'],
    failed_retention: ['how long failed deliveries are kept', '失败的投递保留多久'],
    partition_days: ['how many days a new partition holds', '新分区覆盖的天数'],
    audit_retention_days: ['how long the audit log is kept', '审计日志保留的天数'],
    calls_per_webhook: ['calls under way to one webhook at once', '单个 Webhook 同时进行的调用数'],
    calls_per_user: ["calls under way to one user's webhooks at once", '单个用户的 Webhook 同时进行的调用数'],
    breaker_failures: ["failures in a row that open a webhook's breaker", '打开熔断器所需的连续失败次数'],
    breaker_pause: ['pause until its first probe, doubled by each that fails', '首次探测前的暂停，每次失败后加倍'],
    breaker_longest_pause: ['and its most', '暂停的上限'],
    max_pending_per_user: [
      'unfinished deliveries of one user; empty: any number',
      '单个用户未完成投递的上限；为空则不限',
    ],
    encrypt_secrets: ['false while `secrets decrypt` takes encryption away', '`secrets decrypt` 解除加密期间为 false'],
  },
};

export const USER_LIMITS: TableText = {
  about: ['Users with a limit of their own.', '有单独限额的用户。'],
  columns: {
    user_id: ['', ''],
    max_pending: [
      'in place of `settings.max_pending_per_user`; empty: any number',
      '代替 `settings.max_pending_per_user`；为空则不限',
    ],
  },
};

export const USERS: TableText = {
  about: ["Users by the application's own ids.", '应用自有 id 与用户的对应。'],
  columns: {
    user_id: ['of `auth.users`', '即 `auth.users` 的 id'],
    external_user_id: ["the application's id", '应用中的 id'],
    created_at: ['', ''],
  },
};
