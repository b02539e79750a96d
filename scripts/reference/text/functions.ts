import type { Told } from '../language.js';

/** What each function does, in the order of the page: all of schema public, and of schema hookline what an application or operator calls. */
export const FUNCTIONS: Readonly<Record<string, Told>> = {
  'public.create_webhook': [
    'Makes a webhook and subscribes it. The secret is in the answer.',
    '创建 Webhook 并订阅事件；密钥在返回值中。',
  ],
  'public.subscribe_webhook_events': ['Subscribes a webhook to event types.', '为 Webhook 订阅事件类型。'],
  'public.unsubscribe_webhook_events': ['Takes subscriptions away.', '取消订阅。'],
  'public.trigger_webhook_event': [
    'Triggers an event for a user, or without one for everybody: a delivery for each webhook that subscribes to it.',
    '为某个用户触发事件，不指定用户则面向所有人：为每个订阅的 Webhook 生成一次投递。',
  ],
  'hookline.trigger_event': [
    'The same with an idempotency key. [More](../postgresql.md#the-same-event-once)',
    '同上，另可带幂等键。[详情](../postgresql.md)',
  ],
  'public.send_test_webhook_event': ['Sends a test event to one webhook.', '向单个 Webhook 发送测试事件。'],
  'public.retry_failed_delivery': ['Gives a failed delivery one more attempt.', '为失败的投递再尝试一次。'],
  'public.count_webhook_replay': ['Counts what a replay would send.', '统计批量重放会涉及的数量。'],
  'public.create_webhook_replay': [
    'Sends many deliveries again. [More](../postgresql.md#replaying-many-deliveries)',
    '批量重放投递。[详情](../postgresql.md)',
  ],
  'public.cancel_webhook_replay': ['Ends a replay; what was made is still sent.', '终止批量重放；已生成的仍会发送。'],
  'public.request_webhook_verification': [
    'Has the URL verified, with a fresh token. [More](../postgresql.md#url-verification)',
    '用新令牌验证 URL。[详情](../postgresql.md)',
  ],
  'public.rotate_webhook_secret': [
    'Gives a new secret; the old one signs beside it during the overlap. [More](../postgresql.md#a-new-secret)',
    '更换密钥；重叠期内新旧密钥一起签名。[详情](../postgresql.md)',
  ],
  'public.end_webhook_secret_overlap': ['From now on the new secret alone signs.', '立即只用新密钥签名。'],
  'public.set_webhook_headers': [
    'Sets the custom headers; `{}` takes them away. [More](../webhook-headers.md)',
    '设置自定义请求头；`{}` 表示清除。[详情](../webhook-headers.md)',
  ],
  'public.get_webhook_statistics': [
    'What ended in the last days, by day and event type.',
    '最近若干天结束的投递，按日和事件类型。',
  ],
  'public.get_webhook_hourly_statistics': ['The same by the hour, with percentiles.', '按小时的统计，含百分位数。'],
  'public.get_overall_statistics': [
    'Over all webhooks of the caller, for the service of everybody or one user.',
    '调用者全部 Webhook 的统计；服务角色可看所有人或单个用户。',
  ],
  'public.get_webhook_queue': ['Counts what is unfinished.', '统计未完成的投递。'],
  'public.webhook_event_created_at': [
    "When the event of one's delivery was triggered.",
    '自己的投递所属事件的触发时间。',
  ],
  'public.create_webhook_api_key': ['Makes an [API key](../access.md#api-keys).', '创建 [API 密钥](../access.md)。'],
  'public.revoke_webhook_access_token': ['Revokes an API key or portal token.', '撤销 API 密钥或入口令牌。'],
  'public.get_pending_webhook_retries': ['Leases due retries to an outside worker.', '把到期的重试租给外部工作进程。'],
  'public.complete_webhook_delivery': [
    'An outside worker reports what came of a delivery.',
    '外部工作进程报告投递结果。',
  ],
  'hookline.user_of': ["The user of one of the application's ids.", '由应用自有 id 查用户。'],
  'hookline.ensure_user': [
    'The same; makes the user where it is missing and `auth.users` is our own.',
    '同上；若用户不存在且 `auth.users` 由 Hookline 管理，则创建。',
  ],
  'hookline.erase_user': [
    'Removes a user with all that is theirs. [More](../operations.md#erasing-a-user)',
    '删除用户及其全部数据。[详情](../operations.md)',
  ],
};
