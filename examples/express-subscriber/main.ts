import { memorySeen } from '@hookline/client';
import { webhookRoute } from '@hookline/client/express';
import express from 'express';

/** What the product sends. The signature says who made a payload; that it looks like this is agreed with them. */
interface Events {
  'video.generated': { readonly video_id: string };
  'credit.consumed': { readonly amount: number };
}

const secret = process.env['WEBHOOK_SECRET'] ?? '';
if (secret === '') throw new Error('Set WEBHOOK_SECRET to the secret of the webhook.');

/** Deliveries come at least once. A real subscriber keeps these ids in its database, and writes them in the transaction of the work. */
const done = new Set<string>();

const app = express();
app.post(
  '/webhooks',
  webhookRoute<Events>(
    secret,
    async (webhook) => {
      if (done.has(webhook.id)) return;
      if (webhook.event === 'video.generated') console.log(`video ${webhook.payload.video_id} is ready`);
      else if (webhook.event === 'credit.consumed') console.log(`${webhook.payload.amount} credits are gone`);
      done.add(webhook.id);
    },
    { seen: memorySeen(), onRefused: ({ code, message }) => console.log(`refused: ${code}: ${message}`) },
  ),
);

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`Listening on http://127.0.0.1:${address?.port}/webhooks`);
});
