import type { Logger } from 'pino';
import type { Database, Queryable } from '../db/database.js';
import { asService } from '../db/roles.js';
import { HooklineError } from '../errors.js';
import type { LoopMetrics } from '../observe/metrics/loop-metrics.js';
import { alone } from './alone.js';
import { type Loop, pause, startLoop } from './loop.js';
import { dropPartitions, makePartitions } from './partitions.js';

/** Small, so that the rows of a batch are locked for moments only, and the embedded database's one connection is free again soon. */
const RETENTION_BATCH = 500;
const COUNT = `SELECT c.successful::float8 AS successful, c.failed::float8 AS failed, c.events::float8 AS events, (
    SELECT count(*) FROM hookline.audit_log a WHERE a.at < now() - make_interval(days => s.audit_retention_days))::float8 AS audit
  FROM hookline.count_expired() c, hookline.settings s`;
const REMOVE =
  'SELECT r.successful, r.failed, r.events, hookline.remove_old_audit($1::int) AS audit FROM hookline.remove_expired($1::int) r';
const HOUR_MS = 3_600_000;
const FIRST_AFTER_MS = 10_000;
const FIRST_JITTER_MS = 50_000;

/** What retention removes, or has removed: deliveries by how they ended, events, and entries of the audit log. */
export interface Expired {
  readonly successful: number;
  readonly failed: number;
  readonly events: number;
  readonly audit: number;
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
 * Makes partitions ahead and drops those that are past their age, forgets private keys that sign no more, and removes deliveries, events and entries of the audit log
 * that are older than the settings keep them (hookline.settings: 90 days, failed deliveries 30, the audit log 400), in small batches that pass over locked rows, with
 * pauses between. Any number of processes may run it: one at a time removes.
 */
export function startRetentionLoop(options: RetentionOptions): Loop {
  const { db, log, metrics, intervalMs = HOUR_MS } = options;
  const { firstAfterMs = FIRST_AFTER_MS + Math.random() * FIRST_JITTER_MS } = options;

  async function look(signal: AbortSignal): Promise<void> {
    let removed = NOTHING;
    await asService(db, (tx) => tx.query('SELECT hookline.forget_signing_keys()', []));
    // Rows go also where partitions cannot be made or dropped; the look has failed then, at its end.
    const [partitions] = await Promise.allSettled([keepPartitions(signal)]);
    try {
      while (!signal.aborted) {
        const began = performance.now();
        const batch = await alone(db, 'retention', (tx) => removeBatch(tx, RETENTION_BATCH));
        if (batch === undefined || total(batch) === 0) break;
        removed = add(removed, batch);
        // As long as the batch took: it goes as fast as the database does, and takes half of one connection at most.
        await pause(performance.now() - began, signal);
      }
    } finally {
      if (total(removed) > 0) log.info({ ...removed }, 'retention.removed');
    }
    if (partitions.status === 'rejected') throw partitions.reason;
  }

  async function keepPartitions(signal: AbortSignal): Promise<void> {
    await makePartitions(db, log, signal);
    await dropPartitions(db, log, signal);
  }

  return startLoop({ log, db, metrics, name: 'retention', intervalMs, firstAfterMs, look });
}

/** Removes one batch, at most `limit` of each kind; gives what it removed. Throws what the database throws. */
export async function removeExpired(db: Database, limit: number): Promise<Expired> {
  return asService(db, (tx) => removeBatch(tx, limit));
}

async function removeBatch(tx: Queryable, limit: number): Promise<Expired> {
  return theRow((await tx.query<Expired>(REMOVE, [limit])).rows);
}

/** What retention would remove now. Throws what the database throws. */
export async function countExpired(db: Database): Promise<Expired> {
  // Without parameters it is a script, which may take longer than other statements do: it counts a whole backlog.
  const { rows } = await asService(db, (tx) => tx.query<Expired>(COUNT));
  return theRow(rows);
}

export const NOTHING: Expired = { successful: 0, failed: 0, events: 0, audit: 0 };

export function add(one: Expired, other: Expired): Expired {
  return {
    successful: one.successful + other.successful,
    failed: one.failed + other.failed,
    events: one.events + other.events,
    audit: one.audit + other.audit,
  };
}

export function total({ successful, failed, events, audit }: Expired): number {
  return successful + failed + events + audit;
}

function theRow([row]: readonly Expired[]): Expired {
  if (row === undefined) throw new HooklineError('internal_error');
  return row;
}
