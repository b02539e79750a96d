import type en from '../en/webhooks.js';
import type { Translated } from '../strings.js';
import code from './webhooks-code.js';
import detail from './webhooks-detail.js';
import form from './webhooks-form.js';

export default {
  ...code,
  ...detail,
  ...form,
  title: 'Webhook',
  lead: '事件会签名后推送到这些 URL，失败会自动重试，直到送达。',
  list: '我的端点',
  create: '新建 Webhook',
  filters: '筛选 Webhook',
  state: '状态',
  eventType: '事件类型',
  owner: '用户',
  name: '名称',
  events: '事件类型',
  successRate: '成功率',
  lastDelivery: '最近投递',
  never: '暂无',
  none: '还没有 Webhook',
  noneText: '填写你的 URL，选择要接收的事件，之后每个此类事件都会推送到该地址。',
  noneMatch: '没有符合筛选条件的 Webhook',
  noneMatchText: '减少筛选条件，或显示全部。',
  showAll: '显示全部 Webhook',
  states: {
    active: '已启用',
    failing: '持续失败',
    inactive: '已暂停',
    disabled: '已停用',
    breakerOpen: '已熔断',
    waiting: '等待中（Retry-After）',
    unverified: '未验证',
    verifying: '验证中…',
  },
  filterStates: {
    active: '已启用',
    inactive: '已暂停或停用',
    unverified: '未验证',
    failing: '持续失败',
    breaker_open: '已熔断',
    paused: '等待中（Retry-After）',
    disabled: '被系统停用',
  },
} satisfies Translated<typeof en>;
