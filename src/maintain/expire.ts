import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { asService } from '../db/roles.js';

const BATCH = 500;

export interface ExpiryOptions {
  readonly db: Database;
  readonly log: Logger;
  /** How often to look. Default one minute. */
  readonly intervalMs?: number;
}

/**
 * Fails deliveries that have waited longer than the settings allow for an inactive or paused webhook (spec, Settled: 24 h), in batches. Any
 * number of processes may do so at once.
 */
export function startExpiryLoop({ db, log, intervalMs = 60_000 }: ExpiryOptions): { stop(): Promise<void> } {
  let stopping = false;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    for (let failed = BATCH; failed === BATCH && !stopping; ) {
      failed = await failWaiting(db, BATCH);
      if (failed > 0) log.info({ failed }, 'deliveries failed that waited too long');
    }
  }

  const timer = setInterval(() => {
    running = running.then(run).catch((error) => log.warn({ err: error }, 'expiry failed'));
  }, intervalMs);

  return {
    async stop() {
      stopping = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** One batch of at most `limit`; gives how many it failed. */
export async function failWaiting(db: Database, limit: number): Promise<number> {
  const { rows } = await asService(db, (tx) =>
    tx.query<{ failed: number }>('SELECT hookline.fail_waiting($1::int) AS failed', [limit]),
  );
  return rows[0]?.failed ?? 0;
}
