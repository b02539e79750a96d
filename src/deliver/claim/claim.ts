import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import type { DatabaseClock } from '../database-clock.js';
import type { Claimed } from '../stages.js';

const LEASE = loadSql(import.meta.url, './lease.sql');
const CLAIM = loadSql(import.meta.url, './claim.sql');
const GIVE_BACK = loadSql(import.meta.url, './give-back.sql');

/** How much one claim may take. */
export interface ClaimBounds {
  readonly deliveries: number;
  /** Deliveries of one webhook: a backlog of one must not fill the worker. */
  readonly perWebhook: number;
  /** Bytes of payload; a single larger one is taken all the same. */
  readonly bytes: number;
  /** Webhooks to pass over. */
  readonly excluded: readonly string[];
}

interface LeaseRow {
  readonly deliveryId: string;
  readonly leaseId: string;
  readonly leaseMs: number;
  readonly nowMs: number;
}

/**
 * Leases due deliveries to the worker, within the bounds, and gives what is needed to send them, in no order.
 * A lease is counted from before the query was sent, so that this process never thinks it longer than the database does.
 */
export async function claim(
  db: Database,
  clock: DatabaseClock,
  workerId: string,
  bounds: ClaimBounds,
): Promise<Claimed[]> {
  const { deliveries, perWebhook, bytes, excluded } = bounds;
  const asked = performance.now();
  return asService(db, async (tx) => {
    const leased = await tx.query<LeaseRow>(LEASE, [workerId, deliveries, perWebhook, bytes, excluded]);
    if (leased.rows.length === 0) return [];
    const leases = new Map(leased.rows.map((row) => [row.deliveryId, row]));
    clock.set(Math.max(...leased.rows.map((row) => row.nowMs)));
    const { rows } = await tx.query<Omit<Claimed, 'leaseId' | 'leaseUntil'>>(CLAIM, [[...leases.keys()]]);
    return rows.flatMap((row) => {
      const lease = leases.get(row.deliveryId);
      return lease === undefined ? [] : [{ ...row, leaseId: lease.leaseId, leaseUntil: asked + lease.leaseMs }];
    });
  });
}

/** Gives leases back unused; those that ended meanwhile are left alone. */
export async function giveBack(db: Database, deliveries: readonly Claimed[]): Promise<void> {
  if (deliveries.length === 0) return;
  const ids = deliveries.map((delivery) => delivery.deliveryId);
  const leases = deliveries.map((delivery) => delivery.leaseId);
  await asService(db, (tx) => tx.query(GIVE_BACK, [ids, leases]));
}
