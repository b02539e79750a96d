import type { Client } from '@planetscale/database';

const INSERT = `INSERT INTO ai_content (title, body, category, metadata, channel_id, event_name) VALUES (?, ?, ?, ?, ?, ?)`;

interface Webhook {
  readonly event: string;
  readonly channel_id: string;
  readonly callback_url: string;
  readonly ai_response: { readonly data: Record<string, unknown> };
  readonly customer_data: Record<string, unknown>;
  readonly meta: { readonly model: string; readonly provider: string };
}

export type Row = readonly [
  title: string,
  body: string,
  category: string,
  metadata: string,
  channelId: string,
  event: string,
];

export function insertRow(client: Client, row: Row) {
  return client.execute(INSERT, [...row]);
}

export function rowOf({ event, channel_id, ai_response, customer_data, meta }: Webhook): Row {
  const { title = 'Untitled', description = '' } = ai_response.data;
  const metadata = { ...customer_data, ai_model: meta.model, ai_provider: meta.provider };
  return [String(title), String(description), 'general', JSON.stringify(metadata), channel_id, event];
}

/** The five steps of the specification and nothing besides: no key, no state, no time limit, no check of where the callback goes. */
export function handlerAsSpecified(client: Client, secret: string, apiKey: string) {
  const key = crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
  return async (request: Request): Promise<Response> => {
    const body = await request.text();
    const signature = Buffer.from(request.headers.get('mr-signature') ?? '', 'hex');
    if (!(await crypto.subtle.verify('HMAC', await key, signature, new TextEncoder().encode(body)))) {
      return Response.json({ error: 'Invalid signature' }, { status: 401 });
    }
    const webhook = JSON.parse(body) as Webhook;
    const { insertId: id } = await insertRow(client, rowOf(webhook));
    await fetch(webhook.callback_url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        data: { ...webhook.ai_response.data, id, saved_at: new Date().toISOString() },
        task_id: `planetscale_${id}`,
        metadata: { database: 'planetscale', table: 'ai_content', record_id: id },
      }),
    });
    return Response.json({ received: true });
  };
}
