import { afterAll, beforeAll } from 'vitest';
import { asUserId, type DatabaseContext } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';

/** A payload in which encodings and numbers may go wrong. */
export const PAYLOAD = { video_id: 'v1', title: 'Ünïcödé 🎬 "quoted" \\ \u2028', size: 1.5, tags: [null, true, {}] };

export interface Webhook {
  readonly id: string;
  readonly secret: string;
  readonly userId: string;
}

export interface Delivering {
  create(columns?: Readonly<Record<string, string | number | boolean>>): Promise<Webhook>;
  /** Triggers an event and gives the request by which it came to the subscriber. */
  deliver(webhook: Webhook, payload?: unknown): Promise<ReceivedRequest>;
  /** Gives the webhook a new secret beside the old one, and gives it back. */
  rotate(webhook: Webhook): Promise<string>;
  endOverlap(webhook: Webhook): Promise<void>;
}

/** A worker on the suite's database and a subscriber that takes everything. */
export function useDelivering(ctx: DatabaseContext): Delivering {
  let receiver: ReceiverServer;
  let worker: Awaited<ReturnType<typeof startTestWorker>>;
  beforeAll(async () => {
    receiver = await startReceiver();
    worker = await startTestWorker(ctx.db());
  });
  afterAll(async () => {
    await worker.stop(2_000);
    await receiver.close();
  });
  const asOwner = async ({ id, userId }: Webhook, sql: string): Promise<string> => {
    const { rows } = await asUserId(ctx.db(), userId, (tx) => tx.query<{ given: string }>(sql, [id]));
    return rows[0]?.given ?? '';
  };
  return {
    create: (columns) => createWebhook(ctx.db(), receiver.url, columns),
    async deliver(webhook, payload = PAYLOAD) {
      const [id = ''] = await trigger(ctx.db(), webhook.userId, payload);
      await deliveryWith(ctx.db(), id, 'success');
      const request = receiver.requests.find(({ headers }) => headers['x-webhook-delivery'] === id);
      if (request === undefined) throw new Error(`delivery ${id} did not come`);
      return request;
    },
    rotate: (webhook) => asOwner(webhook, 'SELECT webhook_secret AS given FROM rotate_webhook_secret($1::uuid)'),
    async endOverlap(webhook) {
      await asOwner(webhook, 'SELECT ended_count::text AS given FROM end_webhook_secret_overlap($1::uuid)');
    },
  };
}

/** The secret as libraries of Standard Webhooks take it. */
export function whsec(secret: string): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`;
}
