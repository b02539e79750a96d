import { createHmac, randomUUID } from 'node:crypto';
import { createWebhookHandler, gather, planetscaleStore, type WebhookHandler } from '@hookline/receiver';
import { Client } from '@planetscale/database';
import { payload } from '../payload.js';
import { clock } from '../stand/clock.js';
import { serve } from '../stand/serve.js';
import { handlerAsSpecified, insertRow, rowOf } from './as-specified.js';

const SECRET = 'bench-secret';
const API_KEY = 'bench-key';

export type Way =
  | 'bare'
  | 'bare, whole row'
  | 'stored'
  | 'called back'
  | 'stored, each alone'
  | 'called back, each alone'
  | 'as specified';

export interface Work {
  readonly way: Way;
  readonly url: string;
  readonly callbackUrl: string;
  readonly webhooks: number;
  readonly inFlight: number;
}

let prepared: (() => Promise<number>) | undefined;

/** Receives what is prepared; gives how long it took, in ms. */
async function receive(): Promise<number> {
  if (prepared === undefined) throw new Error('nothing is prepared');
  return prepared();
}

/** Makes so many webhooks, to be received so many at a time, and all that is ready before one comes. */
async function prepare({ way, url, callbackUrl, webhooks, inFlight }: Work): Promise<void> {
  const client = new Client({ url });
  const events = Array.from({ length: webhooks }, (_, n) => eventOf(n, callbackUrl));
  const one = way === 'bare' ? bare() : way === 'bare, whole row' ? await bareWhole() : handled(handlerOf());
  const queue = events.map((event, n) => () => one(event, n));
  prepared = async () => {
    const began = clock();
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) await next();
      }),
    );
    return clock() - began;
  };

  function bare() {
    const rows = events.map(rowOf);
    return async (_: unknown, n: number): Promise<void> => {
      const { insertId } = await insertRow(client, rows[n] ?? rowOf(eventOf(n, callbackUrl)));
      if (insertId === '0') throw new Error('nothing was inserted');
    };
  }

  /** What our handler would send, each statement caught on its way to the driver, and then sent by the driver alone. */
  async function bareWhole() {
    const caught: string[] = [];
    const catching = new Client({
      url,
      fetch: async (_input, init) => {
        caught.push((JSON.parse(init?.body ?? '{}') as { query: string }).query);
        return Response.json({ session: {}, result: { rowsAffected: '1', insertId: '1' } });
      },
    });
    const ask = handled(handlerOf(catching));
    for (const [n, event] of events.entries()) await ask(event, n);
    return async (_: unknown, n: number): Promise<void> => {
      const { insertId } = await client.execute(caught[n] ?? '');
      if (insertId === '0') throw new Error('nothing was inserted');
    };
  }

  function handled(handler: WebhookHandler) {
    const requests = events.map((event) => {
      const body = JSON.stringify(event);
      const headers = { 'mr-signature': createHmac('sha256', SECRET).update(body).digest('hex') };
      return new Request('http://localhost/', { method: 'POST', body, headers });
    });
    return async (_: unknown, n: number): Promise<void> => {
      const answer = await handler(requests[n] ?? new Request('http://localhost/'));
      if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${await answer.text()}`);
    };
  }

  function handlerOf(by = client): WebhookHandler {
    if (way === 'as specified') return handlerAsSpecified(client, SECRET, API_KEY);
    return createWebhookHandler({
      store: planetscaleStore({ client: by, ...(!way.endsWith('alone') && { gather }) }),
      secret: SECRET,
      apiKey: API_KEY,
      // An origin that is not allowed gets no callback: the row says so, and the insert is all there is to do.
      callbackOrigins: way.startsWith('called back') ? [new URL(callbackUrl).origin] : [],
    });
  }
}

function eventOf(n: number, callbackUrl: string) {
  return {
    type: 'task.ai_generated',
    event: 'video.generated',
    channel_id: randomUUID(),
    ai_response: { data: { title: `Video ${n}`, description: 'Twelve seconds of calm sea', ...payload(n) } },
    callback_url: callbackUrl,
    callback_required: true,
    customer_data: { user_id: 'user_456', plan: 'pro' },
    meta: { model: 'video-large', provider: 'example' },
    timestamp: new Date().toISOString(),
  };
}

serve({ prepare, receive });
