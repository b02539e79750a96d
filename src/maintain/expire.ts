import type { Logger } from 'pino';
import type { Database, Queryable } from '../db/database.js';
import { asService } from '../db/roles.js';
import type { LoopMetrics } from '../observe/metrics/loop-metrics.js';
import { alone } from './alone.js';
import { type Loop, startLoop } from './loop.js';

const BATCH = 500;

export interface ExpiryOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly metrics?: LoopMetrics | undefined;
  /** How often to look. Default one minute. */
  readonly intervalMs?: number;
}

/**
 * Fails deliveries that have waited longer than the settings allow for an inactive, paused or unverified webhook (spec, Settled: 24 h), in
 * batches. Any number of processes may run it: one at a time does so.
 */
export function startExpiryLoop({ db, log, metrics, intervalMs = 60_000 }: ExpiryOptions): Loop {
  async function look(signal: AbortSignal): Promise<void> {
    for (let failed = BATCH; failed === BATCH && !signal.aborted; ) {
      failed = (await alone(db, 'expiry', (tx) => failBatch(tx, BATCH))) ?? 0;
      if (failed > 0) log.info({ failed }, 'deliveries.expired');
    }
  }
  return startLoop({ log, db, metrics, name: 'expiry', intervalMs, firstAfterMs: intervalMs, look });
}

/** One batch of at most `limit`; gives how many it failed. */
export async function failWaiting(db: Database, limit: number): Promise<number> {
  return asService(db, (tx) => failBatch(tx, limit));
}

async function failBatch(tx: Queryable, limit: number): Promise<number> {
  const { rows } = await tx.query<{ failed: number }>('SELECT hookline.fail_waiting($1::int) AS failed', [limit]);
  return rows[0]?.failed ?? 0;
}
