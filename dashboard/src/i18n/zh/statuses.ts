import type { Strings, Translated } from '../strings.js';

export default {
  success: '已送达',
  failed: '失败',
  retrying: '重试中',
  pending: '等待发送',
} satisfies Translated<Strings['statuses']>;
