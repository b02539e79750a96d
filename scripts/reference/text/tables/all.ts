import type { Told } from '../../language.js';
import { ATTEMPTS, CHANGES, DELIVERIES, REPLAYS } from './deliveries.js';
import { SETTINGS, USER_LIMITS, USERS } from './operator.js';
import { ACCESS_TOKENS, AI_CONTENT, AUDIT_LOG } from './others.js';
import type { TableText } from './shape.js';
import { SUBSCRIPTIONS, WEBHOOK_EVENTS, WEBHOOKS } from './webhooks.js';

/** Tables and views with their columns, in the order of the page: all of schema public, and what an operator changes in schema hookline. */
export const TABLES: Readonly<Record<string, TableText>> = {
  'public.webhooks': WEBHOOKS,
  'public.webhook_events': WEBHOOK_EVENTS,
  'public.webhook_event_subscriptions': SUBSCRIPTIONS,
  'public.webhook_deliveries': DELIVERIES,
  'public.webhook_delivery_attempts': ATTEMPTS,
  'public.webhook_replays': REPLAYS,
  'public.webhook_delivery_changes': CHANGES,
  'public.webhook_access_tokens': ACCESS_TOKENS,
  'public.webhook_audit_log': AUDIT_LOG,
  'public.ai_content': AI_CONTENT,
  'hookline.settings': SETTINGS,
  'hookline.user_limits': USER_LIMITS,
  'hookline.users': USERS,
};

/** The other tables of schema hookline: what each holds. Their columns may change with any version. */
export const INNER_TABLES: Readonly<Record<string, Told>> = {
  access_tokens: ['API keys and portal tokens, as hashes', 'API 密钥与入口令牌，以散列保存'],
  audit_log: ['what `webhook_audit_log` shows', '`webhook_audit_log` 的数据'],
  delivery_changes: ['what `webhook_delivery_changes` shows', '`webhook_delivery_changes` 的数据'],
  endpoints: ['what claims need of each webhook', '领取投递时所需的 Webhook 信息'],
  ends_to_count: ['ends of deliveries that are not in the statistics yet', '尚未计入统计的投递结束'],
  events: ['every event with its payload and idempotency key', '每个事件及其载荷与幂等键'],
  leases: ['leases of claimed deliveries', '已领取投递的租约'],
  migrations: ['migrations that were applied', '已执行的迁移'],
  queue: ['one narrow row for each unfinished delivery', '每个未完成的投递一行'],
  rate_buckets: ['token buckets of webhooks with a rate limit', '限速 Webhook 的令牌桶'],
  replays: ['what `webhook_replays` shows', '`webhook_replays` 的数据'],
  secret_keys: ['proofs of the keys that secrets are encrypted with', '加密密钥的校验信息'],
  signing_keys: ["the installation's Ed25519 keys", '本安装的 Ed25519 密钥'],
  statistics_daily: ['ended deliveries by webhook, day and event type', '按 Webhook、日、事件类型统计的已结束投递'],
  statistics_hourly: ['the same by the hour, with response times', '按小时的同类统计，含响应时间'],
  stream_state: ['how far the live stream is', '实时流的进度'],
  stream_watchers: ['who watches it', '谁在观看实时流'],
  webhook_delivery_attempts: ['earlier attempts', '较早的尝试'],
  webhook_headers: ['custom headers with their values', '自定义请求头及其值'],
  workers: ['living workers and their beat', '存活的工作进程及其心跳'],
};
