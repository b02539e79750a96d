import type { Strings, Translated } from '../strings.js';

export default {
  timeout: {
    title: '超时',
    meaning: '在 Webhook 设定的超时时间内没有收到完整响应。',
    todo: '请先返回 2xx，再异步处理；或调大该 Webhook 的超时时间。',
  },
  connection_refused: {
    title: '连接被拒绝',
    meaning: 'URL 对应的地址和端口上没有服务在监听。',
    todo: '请启动服务，或更正 URL 中的主机和端口。',
  },
  connection_reset: {
    title: '连接中断',
    meaning: '完整响应到达之前，连接已被关闭。',
    todo: '请查看服务端及其前置代理的日志：常见原因是重启、崩溃或空闲连接被切断。',
  },
  dns_error: {
    title: '域名解析失败',
    meaning: '主机名没有对应的地址，或无法解析。',
    todo: '请检查 URL 中主机名的拼写及其 DNS 记录。',
  },
  unreachable: {
    title: '无法到达',
    meaning: '没有通往该主机的网络路径。',
    todo: '请确认服务器在线，且网络和防火墙允许外部访问。',
  },
  address_forbidden: {
    title: '地址不被允许',
    meaning: '该主机是私有或特殊地址，或解析到了这样的地址。',
    todo: '请使用公网地址。服务运维方可以放行其他地址（HOOKLINE_ALLOW_NETWORKS）。',
  },
  port_forbidden: {
    title: '端口不被允许',
    meaning: 'URL 中的端口不在允许范围内。',
    todo: '请使用 443 等常用端口。服务运维方可以放行其他端口（HOOKLINE_ALLOW_PORTS）。',
  },
  proxy_error: {
    title: '代理出错',
    meaning: '出站代理未能建立连接，与端点无关。',
    todo: '需要服务运维方检查代理，期间会继续自动重试。',
  },
  tls_error: {
    title: 'TLS 失败',
    meaning: '该端口没有 TLS，或证书已过期、域名不符、签发方不受信任。',
    todo: '请更新证书，并提供完整的证书链。',
  },
  protocol_error: {
    title: 'HTTP 格式错误',
    meaning: '响应不是格式正确的 HTTP/1.1。',
    todo: '请检查该端口上运行的服务，以及它发送的长度和分块。',
  },
  headers_too_large: {
    title: '响应头过大',
    meaning: '响应头超过 16 KiB。',
    todo: '请减少或缩短响应头；Cookie 在这里没有用处。',
  },
  invalid_url: {
    title: 'URL 无效',
    meaning: 'URL 不是 http 或 https。',
    todo: '请更正该 Webhook 的 URL。',
  },
  unsendable_payload: {
    title: '无法生成请求',
    meaning: '无法由已存储的内容（如载荷和签名密钥）生成请求。',
    todo: '运行 Hookline 的人可在 worker 的日志中找到原因。原因消除之前，再次重试仍会失败。',
  },
  network_error: {
    title: '网络错误',
    meaning: '调用在 HTTP 之下的网络层失败。',
    todo: '下方的信息有更多细节。请确认服务可从外部访问。',
  },
  no_response: {
    title: '无响应',
    meaning: '没有收到响应。',
    todo: '请确认服务可从外部访问，并能及时响应。',
  },
  http_redirect: {
    title: '重定向',
    meaning: '端点返回了重定向。重定向不会被跟随。',
    todo: '请把 Webhook 的 URL 改为重定向后的地址。',
  },
  http_client_error: {
    title: '被拒绝（4xx）',
    meaning: '端点拒绝了这次调用。401 和 403 通常表示它用了另一个密钥验签，404 表示路径有误。',
    todo: '请查看下方的响应，修正端点或 URL 后重试。',
  },
  http_gone: {
    title: '已停用（410）',
    meaning: '端点返回 410，表示不再需要调用。该 Webhook 已被停用。',
    todo: '如属误操作，请修正端点，重新启用 Webhook 后重试。',
  },
  http_rate_limited: {
    title: '调用过多（429）',
    meaning: '端点暂时不再接收调用，系统会遵守它的 Retry-After。',
    todo: '若能自行恢复则无需处理；否则请为 Webhook 设置限速，或提高端点的容量。',
  },
  http_server_error: {
    title: '端点出错（5xx）',
    meaning: '端点或其前置代理处理失败。',
    todo: '请查看端点在此次尝试时的日志，修正后重试。',
  },
  webhook_inactive: {
    title: 'Webhook 已停用',
    meaning: '未发送：该 Webhook 停用时间过长。',
    todo: '请启用 Webhook 后重试。',
  },
  webhook_unverified: {
    title: 'Webhook 未验证',
    meaning: '未发送：该 Webhook 的 URL 长时间未通过验证。',
    todo: '请验证 Webhook 的 URL 后重试。',
  },
  expired: {
    title: '等待过久',
    meaning: '未能及时发送：该 Webhook 暂停或端点故障的时间过长。',
    todo: '待端点恢复后重试，或批量重放期间失败的投递。',
  },
} satisfies Translated<Strings['deliveries']['errors']>;
