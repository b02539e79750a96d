import { Agent, request } from 'undici';
import { clock } from '../stand/clock.js';
import { serve } from '../stand/serve.js';
import { EVENT_TYPE, payloads } from '../stand/work.js';

export interface Sending {
  readonly url: string;
  readonly serviceKey: string;
  /** Each event is for the next of them. */
  readonly users: readonly string[];
  /** Requests under way at once. */
  readonly inFlight: number;
  /** Events of a request; 1: without `events`. */
  readonly together: number;
  readonly seconds: number;
}

const dispatcher = new Agent({ connections: 64, pipelining: 1 });
const [PAYLOAD = ''] = payloads(1);

/** Sends so long; gives the events that were accepted in a second. */
async function send({ url, serviceKey, users, inFlight, together, seconds }: Sending): Promise<number> {
  const events = users.map((user) => `{"type":"${EVENT_TYPE}","user_id":"${user}","payload":${PAYLOAD}}`);
  const headers = { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' };
  let turn = 0;
  let accepted = 0;
  const next = (): string => events[turn++ % events.length] ?? '';
  const bodyOf = (): string =>
    together === 1 ? next() : `{"events":[${Array.from({ length: together }, next).join(',')}]}`;
  const began = clock();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (clock() - began < seconds * 1_000) {
        const answer = await request(`${url}/v1/events`, { method: 'POST', headers, body: bodyOf(), dispatcher });
        const text = await answer.body.text();
        if (answer.statusCode !== 202 || text.includes('"error"'))
          throw new Error(`answered ${answer.statusCode}: ${text.slice(0, 500)}`);
        accepted += together;
      }
    }),
  );
  return accepted / ((clock() - began) / 1_000);
}

serve({ send });
