import { startChild } from '../stand/child.js';
import type { Stand } from '../stand/stand.js';
import { timed } from '../stand/timed.js';
import { type Contender, ENDPOINTS, IN_FLIGHT } from './contender.js';

const SAYS = {
  request: `undici request alone, ${IN_FLIGHT} at a time, the same requests, signed, answers read, nothing stored: the ceiling`,
  dispatch: `undici dispatch alone, ${IN_FLIGHT} at a time, the same requests, signed, nothing stored`,
} as const;

/** Calls without any store: what one process of Node can send at all. */
export function undici({ built, receivers }: Stand, api: keyof typeof SAYS): Contender {
  const child = startChild(built.path('bench/contenders/undici-process.ts'));
  const urls = Array.from({ length: ENDPOINTS }, (_, n) => receivers.url(String(n)));
  return {
    name: api === 'request' ? 'ceiling' : 'dispatch',
    says: SAYS[api],
    share: 1,
    run: (deliveries) =>
      timed({ sender: child.pid, receiver: receivers.pid }, () => child.call(api, { urls, deliveries })),
    stop: () => child.stop(),
  };
}
