import type { TableText } from './shape.js';

/** Columns that a delivery and an attempt have alike. */
const CALL: TableText['columns'] = {
  webhook_id: ['', ''],
  user_id: ['whose it is', '所属用户'],
  event_type: ['', ''],
  request_url: ['where the call went', '调用的地址'],
  request_headers: ['as sent; values of custom headers are `***`', '发送的请求头；自定义请求头的值为 `***`'],
  request_signature: ['`X-Webhook-Signature`', '`X-Webhook-Signature`'],
  response_status: ['empty: no answer', '为空表示没有响应'],
  response_headers: ['', ''],
  response_body: ['up to `HOOKLINE_RESPONSE_BODY_BYTES`', '最多保留 `HOOKLINE_RESPONSE_BODY_BYTES` 字节'],
  response_time_ms: ['from look-up to the end of the answer', '从域名解析到响应结束'],
  error_message: ['', ''],
  error_code: ['[why it failed](deliveries.md#error-codes)', '[失败原因](deliveries.md#错误码)'],
  attempted_at: ['when the attempt began', '尝试开始的时间'],
};

export const DELIVERIES: TableText = {
  about: [
    'An event on its way to a webhook, with its latest attempt.',
    '发往某个 Webhook 的一次事件投递，附最近一次尝试。',
  ],
  columns: {
    ...CALL,
    id: ['`X-Webhook-Delivery`', '`X-Webhook-Delivery`'],
    request_method: ['always `POST`', '始终为 `POST`'],
    request_payload: ['what is sent as the body', '作为请求体发送的内容'],
    status: ['`pending`, `retrying`, `success`, `failed`', '`pending`、`retrying`、`success`、`failed`'],
    attempt_number: ['attempts that have ended', '已结束的尝试次数'],
    max_attempts: ['how many there may be', '最多尝试次数'],
    next_retry_at: ['when the next one is due', '下一次尝试的时间'],
    created_at: ['', ''],
    delivered_at: ['when it succeeded', '成功的时间'],
    failed_at: ['when it failed for good', '最终失败的时间'],
    metadata: ['`test`, `replay_id` and the like', '如 `test`、`replay_id`'],
    event_id: ['its event; empty: a test', '所属事件；为空表示测试'],
    replay_of: ['the delivery that it sends again', '它所重放的投递'],
  },
};

export const ATTEMPTS: TableText = {
  about: ['A view: every attempt of every delivery.', '视图：每次投递的每一次尝试。'],
  columns: {
    ...CALL,
    delivery_id: ['', ''],
    attempt_number: ['from 1', '从 1 开始'],
    is_latest: ['it stands on the delivery', '即记录在投递上的那一次'],
    is_late: ['its result came after the lease had ended, and did not count', '结果在租约结束后到达，不计入'],
  },
};

export const REPLAYS: TableText = {
  about: ['A view: jobs that send deliveries again.', '视图：批量重放任务。'],
  columns: {
    id: ['', ''],
    webhook_id: ['', ''],
    user_id: ['whose it is', '所属用户'],
    state: ['`running`, `completed`, `cancelled`, `expired`', '`running`、`completed`、`cancelled`、`expired`'],
    status_filter: ['`failed` or `all`', '`failed` 或 `all`'],
    since: ['deliveries made from then', '从此时起创建的投递'],
    until: ['to then', '到此时为止'],
    rate_per_second: ['1 to 1,000', '1 到 1,000'],
    total: ['how many there were to send', '需要重放的总数'],
    created: ['how many were made', '已生成的数量'],
    waiting_for: [
      'what holds it: `inactive`, `unverified`, `paused`, `backlog`',
      '因何等待：`inactive`、`unverified`、`paused`、`backlog`',
    ],
    waiting_since: ['since when', '等待的起始时间'],
    created_at: ['', ''],
    started_at: ['', ''],
    ended_at: ['', ''],
  },
};

export const CHANGES: TableText = {
  about: [
    'A view: changes of deliveries in the order of their commits, while somebody watches. The live stream reads it.',
    '视图：有人观看时，投递的变化，按提交顺序排列。实时流读取它。',
  ],
  columns: {
    position: ['the place in the order', '序号'],
    kind: [
      '`created`, `attempted`, `retrying`, `succeeded`, `failed`',
      '`created`、`attempted`、`retrying`、`succeeded`、`failed`',
    ],
    user_id: ['', ''],
    webhook_id: ['', ''],
    event_type: ['', ''],
    status: ['', ''],
    delivery: ['as the API has it', '与 API 中的形式相同'],
    changed_at: ['', ''],
  },
};
