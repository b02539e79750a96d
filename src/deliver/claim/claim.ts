import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import type { DatabaseClock } from '../database-clock.js';
import type { Claimed } from '../stages.js';

const CLAIM = loadSql(import.meta.url, './claim.sql');
const GIVE_BACK = loadSql(import.meta.url, './give-back.sql');

interface ClaimRow extends Omit<Claimed, 'leaseUntil'> {
  readonly leaseMs: number;
  readonly nowMs: number;
}

/**
 * Leases up to `limit` due deliveries to the worker, passing over the webhooks in `excluded`.
 * The lease is counted from before the query was sent, so that this process never thinks it longer than the database does.
 */
export async function claim(
  db: Database,
  clock: DatabaseClock,
  workerId: string,
  limit: number,
  excluded: readonly string[],
): Promise<Claimed[]> {
  const asked = performance.now();
  const { rows } = await asService(db, (tx) => tx.query<ClaimRow>(CLAIM, [workerId, limit, excluded]));
  const last = rows.at(-1);
  if (last !== undefined) clock.set(last.nowMs);
  return rows.map(({ leaseMs, nowMs: _, ...row }) => ({ ...row, leaseUntil: asked + leaseMs }));
}

/** Gives leases back unused; those that ended meanwhile are left alone. */
export async function giveBack(db: Database, deliveries: readonly Claimed[]): Promise<void> {
  if (deliveries.length === 0) return;
  const ids = deliveries.map((delivery) => delivery.deliveryId);
  const leases = deliveries.map((delivery) => delivery.leaseId);
  await asService(db, (tx) => tx.query(GIVE_BACK, [ids, leases]));
}
