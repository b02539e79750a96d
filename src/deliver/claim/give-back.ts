import type { Database, Statement } from '../../db/database.js';
import { asServiceAtOnce } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';

const FREE_LEASE = loadSql(import.meta.url, './free-lease.sql');
const LOCK_HELD = loadSql(import.meta.url, './lock-held.sql');
const GIVE_BACK = loadSql(import.meta.url, './give-back.sql');

/** The database may be away for a while; then leases end by themselves. */
const AGAIN_AFTER_MS = [1_000, 5_000, 15_000, 30_000];

interface Held {
  readonly deliveryId: string;
  readonly leaseId: string;
}

/**
 * Gives leases back unused; those that ended meanwhile are left alone. Throws what the database throws, and tries again for a while, since the statement may
 * not have arrived.
 */
export async function giveBack(db: Database, deliveries: readonly Held[]): Promise<void> {
  if (deliveries.length === 0) return;
  const ids = deliveries.map((delivery) => delivery.deliveryId);
  const leases = deliveries.map((delivery) => delivery.leaseId);
  const statements: readonly Statement[] = [
    [LOCK_HELD, [ids, leases]],
    [GIVE_BACK, [ids, leases]],
  ];
  try {
    await asServiceAtOnce(db, ...statements);
  } catch (error) {
    again(db, ...statements);
    throw error;
  }
}

/** Runs `work`, which needs these leases; when it throws they are given back, since nobody holds them then, and the worker lives. */
export async function orGiveBack<T>(db: Database, deliveries: readonly Held[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    giveBack(db, deliveries).catch(() => undefined);
    throw error;
  }
}

/**
 * Frees a lease of which no answer came: its statement may have committed, may be under way still, or never have arrived. The worker lives, so
 * nobody else frees it before its end.
 */
export function freeUnheard(db: Database, leaseId: string): void {
  again(db, [FREE_LEASE, [leaseId]]);
}

function again(db: Database, ...statements: readonly Statement[]): void {
  for (const afterMs of AGAIN_AFTER_MS) {
    setTimeout(() => asServiceAtOnce(db, ...statements).catch(() => undefined), afterMs).unref();
  }
}
