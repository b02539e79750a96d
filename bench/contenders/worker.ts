import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { timed } from '../stand/timed.js';
import { allSucceeded, payloads, registerWebhooks, trigger, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';
import { type Contender, ENDPOINTS } from './contender.js';

const SAYS = {
  worker:
    'one worker process of ours on PostgreSQL: claimed, signed, sent, recorded with response, counters and roll-up',
  'worker-bullmq': 'the same with BullMQ as its queue: what it claims goes through Redis in chunks of ids',
} as const;

/** One worker process, idle until a commit releases the work; done when all is recorded. */
export async function worker(stand: Stand, name: keyof typeof SAYS): Promise<Contender> {
  const { built, postgres, receivers, profiles } = stand;
  const { db, url, close } = await createMigrated(postgres, `bench_${name.replace('-', '_')}`);
  await registerWebhooks(db, receivers, ENDPOINTS);
  const redis = name === 'worker' ? undefined : await stand.redis();
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const child = await startWorkerProcess(built, { url, redisUrl: redis?.url }, profiling);
  const processes = { sender: child.pid, postgres: postgres.pid, redis: redis?.pid, receiver: receivers.pid };
  return {
    name,
    says: SAYS[name],
    share: 1,
    async run(deliveries) {
      await receivers.reset();
      await trigger(db, payloads(deliveries / ENDPOINTS));
      const measured = await timed(processes, () => untilRecorded(db, receivers, deliveries));
      await allSucceeded(db);
      return measured;
    },
    async stop() {
      await child.stop();
      await close();
    },
  };
}
