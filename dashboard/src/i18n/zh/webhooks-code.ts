import type en from '../en/webhooks-code.js';
import type { Translated } from '../strings.js';

export default {
  code: {
    title: '验签代码',
    lead: '任何人都能向一个 URL 发送请求。这段代码只接受用你的密钥签名且不超过五分钟的请求，并会应答 URL 验证。',
    language: '语言',
    variable: '存放密钥的环境变量',
    variableWrong: '只能包含字母、数字和下划线，且不能以数字开头。',
    label: '{{language}} 验签代码',
    notes: {
      client: 'npm install @hookline/client。该包还提供 Express、Fastify、Hono 和 Next.js 的路由。',
      server: '仅依赖标准库。这是一个监听 PORT 的完整服务，可将其中的函数搬到你的项目里。',
      php: '仅依赖 PHP 本身：把文件放到 URL 所指的位置即可。',
      rack: '仅依赖 Rack：用 rackup 运行，或挂载到 Rails。',
      shell: '用于手动检查单次投递：保存请求头和请求体，在同一目录运行。',
    },
  },
} satisfies Translated<typeof en>;
