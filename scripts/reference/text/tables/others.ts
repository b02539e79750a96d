import type { TableText } from './shape.js';

export const AI_CONTENT: TableText = {
  about: [
    'AI webhooks that were received. [docs/receiver.md](../receiver.md) has the same table on MySQL and PlanetScale.',
    '收到的 AI Webhook。在 MySQL 与 PlanetScale 上的同一张表见 [docs/receiver.md](../receiver.md)。',
  ],
  columns: {
    id: ['', ''],
    title: ['', ''],
    body: ['the text', '正文'],
    category: ['', ''],
    metadata: ['what else the webhook told', 'Webhook 携带的其他信息'],
    channel_id: ["the gateway's id of the request", '网关给请求的 id'],
    event_name: ['', ''],
    created_at: ['', ''],
    updated_at: ['', ''],
    user_id: ['whose it is: of `customer_data.user_id`', '所属用户：取自 `customer_data.user_id`'],
    idempotency_key: [
      'tells one message from another: `<channel_id>:<event>` where both are short and plain, else a SHA-256',
      '区分消息：两者都简短而普通时为 `<channel_id>:<event>`，否则为 SHA-256',
    ],
    body_hash: ['of the body, to tell a repeat that differs', '请求体的散列，用于识别内容不同的重复消息'],
    repeats: ['how often it came again', '重复到达的次数'],
    differing_repeats: ['how often with another body', '内容不同的重复次数'],
    payload: ['the webhook, as it came', '收到的 Webhook 原文'],
    callback_url: ['where the callback goes', '回调地址'],
    callback_state: [
      '`pending`, `done`, `failed`, `expired`, `refused`; empty: none is due',
      '`pending`、`done`、`failed`、`expired`、`refused`；为空表示无需回调',
    ],
    callback_attempts: ['', ''],
    callback_next_at: ['', ''],
    callback_expires_at: ['given up then', '到此时放弃'],
    callback_lease: ['who is at it', '正在处理者'],
    callback_lease_until: ['', ''],
    callback_error: ['', ''],
    event_state: [
      '`pending`, `done`, `failed`, `expired`, `skipped`; empty: it triggers nothing',
      '`pending`、`done`、`failed`、`expired`、`skipped`；为空表示不触发事件',
    ],
    event_id: ['the event that it triggered', '所触发的事件'],
    event_error: ['', ''],
    event_attempts: ['', ''],
    event_next_at: ['', ''],
    event_expires_at: ['given up then', '到此时放弃'],
    event_lease: ['who is at it', '正在处理者'],
    event_lease_until: ['', ''],
  },
};

export const ACCESS_TOKENS: TableText = {
  about: [
    'A view: API keys and portal tokens, without the tokens themselves.',
    '视图：API 密钥与入口令牌，不含令牌本身。',
  ],
  columns: {
    id: ['', ''],
    user_id: ['who it acts as', '以哪个用户的身份行事'],
    kind: ['`api_key`, `portal_token`', '`api_key`、`portal_token`'],
    name: ['', ''],
    prefix: ['its first characters', '开头几个字符'],
    access: ['`read`, `write`', '`read`、`write`'],
    created_at: ['', ''],
    expires_at: ['', ''],
    last_used_at: ['', ''],
    revoked_at: ['', ''],
  },
};

export const AUDIT_LOG: TableText = {
  about: [
    'A view: who changed what. [docs/audit-log.md](../audit-log.md)',
    '视图：谁改了什么。见 [docs/audit-log.md](../audit-log.md)',
  ],
  columns: {
    id: ['', ''],
    at: ['', ''],
    actor_kind: [
      '`user`, `api_key`, `portal_token`, `service`, `system`, `sql`',
      '`user`、`api_key`、`portal_token`、`service`、`system`、`sql`',
    ],
    actor_id: ['', ''],
    login: ['the login of the database', '数据库登录名'],
    user_id: ['whose thing it was', '对象所属用户'],
    action: ['`webhook.updated` and the like', '如 `webhook.updated`'],
    thing_kind: ['what was changed', '对象的种类'],
    thing_id: ['', ''],
    thing_name: ['', ''],
    changes: ['each column before and after, secrets masked', '各列的前后值，密钥已遮盖'],
    request_id: ['', ''],
    ip: ['', ''],
    user_agent: ['', ''],
  },
};
