import PgBoss from 'pg-boss';
import { serve } from '../stand/serve.js';
import { IN_FLIGHT } from './contender.js';
import { type PeerSettings, usualDelivery } from './usual-delivery.js';

const NAME = 'deliveries';
let peer: { boss: PgBoss; deliver: (id: string) => Promise<void> } | undefined;

/** pg-boss: a batch at a time, as many as may be in flight, and told to look again at once: by itself it looks twice a second. */
serve({
  async open(settings: PeerSettings) {
    const boss = new PgBoss(settings.url);
    await boss.start();
    await boss.createQueue(NAME);
    peer = { boss, deliver: usualDelivery(settings) };
  },
  async add(ids: readonly string[]) {
    await peer?.boss.insert(ids.map((id) => ({ name: NAME, data: { id } })));
  },
  async run(deliveries: number) {
    if (peer === undefined) throw new Error('open first');
    const { boss, deliver } = peer;
    const options = { batchSize: IN_FLIGHT, pollingIntervalSeconds: 0.5 };
    let done = 0;
    await new Promise<void>((resolve, reject) => {
      boss.on('error', reject);
      const working: Promise<string> = boss.work<{ id: string }>(NAME, options, async (jobs) => {
        await Promise.all(jobs.map((job) => deliver(job.data.id)));
        done += jobs.length;
        if (done === deliveries) resolve();
        else boss.notifyWorker(await working);
      });
    });
  },
  async rest() {
    await peer?.boss.offWork(NAME);
    peer?.boss.removeAllListeners('error');
  },
});
