import pino from 'pino';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { startWorker, type Worker } from '../../src/deliver/worker.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { serve } from './serve.js';
import type { WorkerSettings } from './worker.js';

const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
let running: { worker: Worker; db: Database } | undefined;

serve({
  async start({ url, ...options }: WorkerSettings) {
    const db = openPostgres({ connectionString: url });
    running = { db, worker: await startWorker({ db, log: pino({ level: 'silent' }), dispatcher, ...options }) };
  },
  /** After a full collection; the process runs with --expose-gc. */
  memory() {
    gc?.();
    gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    return { heapUsed, rss };
  },
  async stop() {
    await running?.worker.stop(5_000);
    await running?.db.close();
    running = undefined;
  },
});
