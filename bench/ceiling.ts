import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import { payload } from './payload.js';

const IN_FLIGHT = 64;

/** The ceiling: undici `request` alone, 64 at a time, signed, nothing stored. Gives deliveries per second. */
export async function ceiling(urls: readonly string[], deliveries: number): Promise<number> {
  const dispatcher = new Agent({ pipelining: 1 });
  const secret = randomUUID();
  let next = 0;
  async function lane(): Promise<void> {
    while (next < deliveries) {
      const n = next++;
      const body = JSON.stringify(payload(n));
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-webhook-signature': `sha256=${signature}` };
      const url = urls[n % urls.length] ?? '';
      const response = await request(url, { method: 'POST', headers, body, dispatcher });
      await response.body.dump();
    }
  }
  const began = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  const perSecond = deliveries / ((performance.now() - began) / 1000);
  await dispatcher.close();
  return perSecond;
}
