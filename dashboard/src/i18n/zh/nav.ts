import type { Strings, Translated } from '../strings.js';

export default {
  overview: '概览',
  webhooks: 'Webhook',
  deliveries: '投递记录',
  replays: '批量重放',
  try: '试一试',
  inbox: 'AI 收件箱',
  eventTypes: '事件类型',
  operator: '运维视图',
} satisfies Translated<Strings['nav']>;
