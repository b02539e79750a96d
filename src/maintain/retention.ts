import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { asService } from '../db/roles.js';
import { HooklineError } from '../errors.js';
import type { LoopMetrics } from '../observe/metrics/loop-metrics.js';
import { type Loop, pause, startLoop } from './loop.js';

/** Small, so that the rows of a batch are locked for moments only, and the embedded database's one connection is free again soon. */
const RETENTION_BATCH = 500;
const COUNT =
  'SELECT successful::float8 AS successful, failed::float8 AS failed, events::float8 AS events FROM hookline.count_expired()';
const REMOVE_AUDIT = 'SELECT hookline.remove_old_audit($1::int) AS removed';
const HOUR_MS = 3_600_000;
const FIRST_AFTER_MS = 10_000;
const FIRST_JITTER_MS = 50_000;

/** What retention removes, or has removed: deliveries by how they ended, and events. */
export interface Expired {
  readonly successful: number;
  readonly failed: number;
  readonly events: number;
}

export interface RetentionOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly metrics?: LoopMetrics | undefined;
  /** Pause between two looks. Default an hour. */
  readonly intervalMs?: number;
  /** Wait before the first look. By default 10 s to a minute: processes that are started together do not look together. */
  readonly firstAfterMs?: number;
}

/**
 * Forgets private keys that sign no more, and removes deliveries and events that are older than the settings keep them (hookline.settings: 90 days,
 * failed deliveries 30, entries of the audit log 400), in small batches that pass over locked rows, with pauses between. Any number of processes may do so at once.
 */
export function startRetentionLoop(options: RetentionOptions): Loop {
  const { db, log, metrics, intervalMs = HOUR_MS } = options;
  const { firstAfterMs = FIRST_AFTER_MS + Math.random() * FIRST_JITTER_MS } = options;

  async function look(signal: AbortSignal): Promise<void> {
    let removed = NOTHING;
    let audit = 0;
    await asService(db, (tx) => tx.query('SELECT hookline.forget_signing_keys()', []));
    try {
      audit = await removeOldAudit(db, signal);
      while (!signal.aborted) {
        const began = performance.now();
        const batch = await removeExpired(db, RETENTION_BATCH);
        if (total(batch) === 0) break;
        removed = add(removed, batch);
        // As long as the batch took: it goes as fast as the database does, and takes half of one connection at most.
        await pause(performance.now() - began, signal);
      }
    } finally {
      if (total(removed) + audit > 0) log.info({ ...removed, audit }, 'retention.removed');
    }
  }
  return startLoop({ log, db, metrics, name: 'retention', intervalMs, firstAfterMs, look });
}

/** Removes entries of the audit log that are older than the settings keep them, in batches; gives how many. Throws what the database throws. */
export async function removeOldAudit(db: Database, signal?: AbortSignal): Promise<number> {
  let removed = 0;
  for (let last = RETENTION_BATCH; last === RETENTION_BATCH && signal?.aborted !== true; removed += last) {
    const { rows } = await asService(db, (tx) => tx.query<{ removed: number }>(REMOVE_AUDIT, [RETENTION_BATCH]));
    last = rows[0]?.removed ?? 0;
  }
  return removed;
}

/** Removes one batch, at most `limit` of each kind; gives what it removed. Throws what the database throws. */
export async function removeExpired(db: Database, limit: number): Promise<Expired> {
  const { rows } = await asService(db, (tx) =>
    tx.query<Expired>('SELECT successful, failed, events FROM hookline.remove_expired($1::int)', [limit]),
  );
  return theRow(rows);
}

/** What retention would remove now. Throws what the database throws. */
export async function countExpired(db: Database): Promise<Expired> {
  // Without parameters it is a script, which may take longer than other statements do: it counts a whole backlog.
  const { rows } = await asService(db, (tx) => tx.query<Expired>(COUNT));
  return theRow(rows);
}

export const NOTHING: Expired = { successful: 0, failed: 0, events: 0 };

export function add(one: Expired, other: Expired): Expired {
  return {
    successful: one.successful + other.successful,
    failed: one.failed + other.failed,
    events: one.events + other.events,
  };
}

export function total({ successful, failed, events }: Expired): number {
  return successful + failed + events;
}

function theRow([row]: readonly Expired[]): Expired {
  if (row === undefined) throw new HooklineError('internal_error');
  return row;
}
