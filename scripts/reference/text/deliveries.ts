import type { FailureCode } from '../../../src/deliver/stages.js';
import type { Told } from '../language.js';

/** The headers of a delivery, in the order of the page. */
export const HEADERS: Readonly<Record<string, Told>> = {
  'content-type': ['always `application/json`', '始终为 `application/json`'],
  'user-agent': ['always `Hookline`', '始终为 `Hookline`'],
  'X-Webhook-Signature': [
    '`sha256=` or `sha512=` and the hex HMAC of the body under the secret; during a rotation under the oldest that still signs',
    '`sha256=` 或 `sha512=` 加请求体的十六进制 HMAC；轮换期间用仍在签名的最旧密钥',
  ],
  'X-Webhook-Event': [
    'the event type; what is no visible ASCII is percent-encoded',
    '事件类型；可见 ASCII 以外的字符作百分号编码',
  ],
  'X-Webhook-ID': ['the id of the webhook', 'Webhook 的 id'],
  'X-Webhook-Delivery': ['the id of the delivery: the same for each attempt', '投递的 id：每次尝试相同'],
  'X-Webhook-Attempt': ['the number of the attempt, from 1', '尝试的序号，从 1 开始'],
  'webhook-id': [
    'Standard Webhooks: the id of the message. The same for each attempt and each replay: what a subscriber keeps to know repeats',
    'Standard Webhooks：消息 id。每次尝试和重放都相同：订阅者据此识别重复',
  ],
  'webhook-timestamp': [
    'Standard Webhooks: when the attempt began, in seconds since 1970',
    'Standard Webhooks：尝试开始的时间，自 1970 年起的秒数',
  ],
  'webhook-signature': [
    'Standard Webhooks: `v1,` and a base64 HMAC-SHA256 for each secret that signs; `v1a,` and an Ed25519 signature where the webhook wants it',
    'Standard Webhooks：每个签名密钥一个 `v1,` 加 base64 HMAC-SHA256；若 Webhook 要求，还有 `v1a,` 加 Ed25519 签名',
  ],
  traceparent: [
    'with `HOOKLINE_SEND_TRACEPARENT=1` alone: the trace of the event',
    '仅在 `HOOKLINE_SEND_TRACEPARENT=1` 时：事件的追踪',
  ],
};

/** `error_code` of an attempt without a whole answer, of a delivery. */
export const FAILURES: Readonly<Record<FailureCode, Told>> = {
  timeout: ["no whole answer within the webhook's time-out", '在 Webhook 的时限内没有完整响应'],
  connection_refused: ['nothing listens there', '该处没有监听'],
  connection_reset: ['the connection was closed before the whole answer came', '完整响应到来前连接已关闭'],
  dns_error: ['the name has no address, or could not be looked up', '域名没有地址，或无法解析'],
  unreachable: ['no way leads to the host', '没有通往主机的路径'],
  address_forbidden: ['the host is, or resolves to, an address that is not allowed', '主机是或解析为不允许的地址'],
  port_forbidden: ['the port is not allowed', '端口不被允许'],
  proxy_error: ['the egress proxy made no connection', '出口代理未能建立连接'],
  tls_error: [
    'no TLS, or a certificate that is expired, of another host, or of nobody known',
    '没有 TLS，或证书过期、属于其他主机、签发者未知',
  ],
  protocol_error: [
    'no well-formed HTTP/1.1: HTTP/0.9, broken chunks, lengths that do not agree, a flood of 1xx',
    '不是格式正确的 HTTP/1.1：HTTP/0.9、损坏的分块、长度不符、大量 1xx',
  ],
  headers_too_large: ['more than 16 KiB of headers or trailers', '响应头或尾部超过 16 KiB'],
  invalid_url: ['no http or https URL', '不是 http 或 https URL'],
  unsendable_payload: ['the request cannot be made from what is stored', '无法由已存储的内容生成请求'],
  network_error: ['anything else below HTTP', 'HTTP 之下的其他错误'],
};

/** What the database gives as `error_code`: of answers that are no success, and of deliveries that waited too long. */
export const DATABASE_CODES: Readonly<Record<string, Told>> = {
  http_redirect: ['answered 3xx: redirects are not followed', '响应 3xx：不跟随重定向'],
  http_gone: ['answered 410: failed for good, and the webhook is deactivated', '响应 410：最终失败，且 Webhook 被停用'],
  http_rate_limited: ['answered 429', '响应 429'],
  http_client_error: ['answered another 4xx', '响应其他 4xx'],
  http_server_error: ['answered anything else that is not 2xx', '响应其他非 2xx'],
  no_response: ['an outside worker reported neither status nor code', '外部工作进程既未报告状态也未报告错误码'],
  webhook_inactive: [
    'its webhook was inactive for longer than `waiting_limit`',
    'Webhook 停用时间超过 `waiting_limit`',
  ],
  webhook_unverified: [
    'its webhook was unverified for as long, where that is required',
    '在要求验证时，未验证时间超过该限度',
  ],
  expired: ['its webhook was paused, or its breaker open, for as long', '暂停或熔断时间超过该限度'],
};

/** `verification_error_code` beside the codes of calls. */
export const VERIFICATION_CODES: Readonly<Record<'verification_http_error' | 'verification_wrong_answer', Told>> = {
  verification_http_error: ['the endpoint answered, but not 2xx', '端点已响应，但不是 2xx'],
  verification_wrong_answer: ['it answered 2xx, but not with the token', '响应了 2xx，但不是该令牌'],
};
