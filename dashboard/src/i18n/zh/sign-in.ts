import type { Strings, Translated } from '../strings.js';

export default {
  title: '登录',
  lead: '请打开收到的入口链接，或粘贴令牌。令牌只用来换取本浏览器的会话，不会保存在别处。',
  token: '令牌',
  tokenHint: '入口令牌（hkp_…）、API 密钥（hk_…）、JWT 或服务密钥。',
  submit: '登录',
} satisfies Translated<Strings['signIn']>;
