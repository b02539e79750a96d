import type { Strings, Translated } from '../strings.js';

export default {
  offline: '无法连接服务器。',
  unexpected: '页面出错了。',
  unauthorized: '请先登录。',
  token_expired: '链接已过期，请获取新的链接。',
  token_revoked: '链接已被撤销，请获取新的链接。',
  unknown_token: '无法识别这个令牌。请检查是否复制完整，或获取新的链接。',
  malformed_token: '令牌不完整。请重新复制，或获取新的链接。',
  session_expired: '会话已结束，请重新登录。',
  read_only_credential: '当前会话只能查看。',
  rate_limited: '请求过于频繁，请稍候。',
} satisfies Translated<Strings['problems']>;
