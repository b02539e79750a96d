import pino from 'pino';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { startWorker, type Worker } from '../../src/deliver/worker.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { serve } from './serve.js';
import type { WorkerSettings } from './worker.js';

const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
let running: { worker: Worker; db: Database } | undefined;
let transactions = 0;

serve({
  async start({ url, ...options }: WorkerSettings) {
    const db = openPostgres({ connectionString: url });
    const counted: Database = {
      ...db,
      atOnce(...statements) {
        transactions += 1;
        return db.atOnce(...statements);
      },
    };
    running = {
      db,
      worker: await startWorker({ db: counted, log: pino({ level: 'silent' }), dispatcher, ...options }),
    };
  },
  /** Claims, looks that find nothing, records and what else is sent at once, so far. */
  transactions: () => transactions,
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
