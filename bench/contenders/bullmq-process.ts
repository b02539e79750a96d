import { Queue, Worker } from 'bullmq';
import { serve } from '../stand/serve.js';
import { IN_FLIGHT } from './contender.js';
import { type PeerSettings, usualDelivery } from './usual-delivery.js';

let worker: Worker | undefined;
let peer: { queue: Queue; connection: { url: string }; deliver: (id: string) => Promise<void> } | undefined;

/** BullMQ, one job a delivery. */
serve({
  open(settings: PeerSettings) {
    const connection = { url: settings.redis ?? '' };
    // One Redis serves several of these: each has a queue of its own, called as its database.
    const queue = new Queue(new URL(settings.url).pathname.slice(1), {
      connection,
      defaultJobOptions: { removeOnComplete: true },
    });
    peer = { queue, connection, deliver: usualDelivery(settings) };
  },
  async add(ids: readonly string[]) {
    await peer?.queue.addBulk(ids.map((id) => ({ name: 'deliver', data: { id } })));
  },
  async run(deliveries: number) {
    if (peer === undefined) throw new Error('open first');
    const { queue, connection, deliver } = peer;
    const started = new Worker<{ id: string }>(queue.name, (job) => deliver(job.data.id), {
      connection,
      concurrency: IN_FLIGHT,
    });
    worker = started;
    await new Promise<void>((resolve, reject) => {
      let done = 0;
      started.on('completed', () => {
        done += 1;
        if (done === deliveries) resolve();
      });
      started.on('failed', (_job, error) => reject(error));
      started.on('error', reject);
    });
  },
  rest: () => worker?.close(),
});
