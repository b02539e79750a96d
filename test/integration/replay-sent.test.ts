import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { made, replay } from './replay-helpers.js';

/** Few enough that two failures of each do not open the webhook's breaker. */
const EVENTS = 6;

describeOnPostgres('a bulk replay that is sent', (ctx) => {
  let receiver: ReceiverServer;
  let worker: Awaited<ReturnType<typeof startTestWorker>>;
  beforeAll(async () => {
    receiver = await startReceiver([{ status: 500 }]);
    worker = await startTestWorker(ctx.db());
  });
  afterAll(async () => {
    await worker.stop(5_000);
    await receiver.close();
  });

  it('reaches the receiver under the ids of the first deliveries, also when a replay is replayed', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url, { retry_enabled: false });
    const ids: string[] = [];
    for (let n = 1; n <= EVENTS; n += 1) ids.push(...(await trigger(ctx.db(), webhook.userId, { n })));
    for (const id of ids) await deliveryWith(ctx.db(), id, 'failed');

    /** Replays what failed, waits until it was sent, and checks what came. */
    const sent = async (status: number): Promise<void> => {
      receiver.answerWith([{ status }]);
      const before = receiver.requests.length;
      const { id, total } = await replay(ctx.db(), webhook);
      expect(total).toBe(EVENTS);
      const ended = status === 200 ? 'success' : 'failed';
      const rows = await waitUntil(
        async () => {
          const all = await made(ctx.db(), id);
          return all.every((row) => row.status === ended) ? all : undefined;
        },
        { message: `the replays to be ${ended}` },
      );
      const requests = receiver.requests.slice(before);
      const by = (header: string) => requests.map(({ headers }) => String(headers[header])).sort();
      expect(by('webhook-id')).toEqual([...ids].sort());
      expect(by('x-webhook-delivery')).toEqual(rows.map((row) => row.id).sort());
      for (const { headers, body } of requests) {
        const { n } = JSON.parse(body.toString());
        expect(headers['webhook-id']).toBe(ids[n - 1]);
        expect(headers).toMatchObject({ 'x-webhook-attempt': '1', 'x-webhook-event': 'video.generated' });
        const signature = createHmac('sha256', webhook.secret).update(body).digest('hex');
        expect(headers['x-webhook-signature']).toBe(`sha256=${signature}`);
      }
    };
    await sent(503);
    await sent(200);
    expect(await replay(ctx.db(), webhook)).toMatchObject({ state: 'completed', total: 0 });
  });
});
