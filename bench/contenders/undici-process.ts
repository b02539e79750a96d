import { randomUUID } from 'node:crypto';
import { Agent, type Dispatcher, request } from 'undici';
import { type Message, signedHeaders } from '../../src/deliver/prepare/headers.js';
import { payload } from '../payload.js';
import { serve } from '../stand/serve.js';
import { EVENT_TYPE } from '../stand/work.js';
import { IN_FLIGHT } from './contender.js';

interface Work {
  readonly urls: readonly string[];
  readonly deliveries: number;
}

const dispatcher = new Agent({ pipelining: 1, keepAliveTimeout: 60_000 });
const message: Message = {
  webhookId: randomUUID(),
  messageId: randomUUID(),
  eventType: EVENT_TYPE,
  algorithm: 'sha256',
  secrets: [randomUUID()],
};

serve({
  request: (work: Work) => inLanes(work, byRequest),
  dispatch: (work: Work) => inLanes(work, byDispatch),
});

async function inLanes({ urls, deliveries }: Work, send: (url: string, n: number) => Promise<void>): Promise<void> {
  let next = 0;
  async function lane(): Promise<void> {
    while (next < deliveries) {
      const n = next++;
      await send(urls[n % urls.length] ?? '', n);
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/** The request that a delivery is: all of its headers, both signatures. */
function signed(n: number): { body: Buffer; headers: Record<string, string> } {
  const body = Buffer.from(JSON.stringify(payload(n)), 'utf8');
  const { headers } = signedHeaders(message, body, Date.now());
  return { body, headers: { ...headers, 'X-Webhook-Delivery': message.messageId, 'X-Webhook-Attempt': '1' } };
}

async function byRequest(url: string, n: number): Promise<void> {
  const response = await request(url, { method: 'POST', ...signed(n), dispatcher });
  // As the worker does, which keeps what the endpoint says. To dump it takes about a tenth less.
  await response.body.text();
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} from ${url}`);
}

function byDispatch(url: string, n: number): Promise<void> {
  const { origin, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart(_controller, status) {
        if (status !== 200) reject(new Error(`${status} from ${url}`));
      },
      onResponseEnd: () => resolve(),
      onResponseError: (_controller, error) => reject(error),
    };
    dispatcher.dispatch({ origin, path: pathname, method: 'POST', ...signed(n) }, handler);
  });
}
