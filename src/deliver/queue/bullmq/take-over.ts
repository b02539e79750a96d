import type { Database } from '../../../db/database.js';
import { asServiceAtOnce } from '../../../db/roles.js';
import { loadSql } from '../../../db/sql-file.js';
import { type ClaimBounds, type Lease, readLeased } from '../../claim/claim.js';
import type { WebhookSecrets } from '../../claim/secrets.js';
import type { DatabaseClock } from '../../database-clock.js';
import type { Claimed } from '../../stages.js';
import type { Taken } from './session.js';

const TAKE_OVER = loadSql(import.meta.url, './take-over.sql');

interface Taker {
  readonly db: Database;
  readonly clock: DatabaseClock;
  readonly workerId: string;
  readonly secrets: WebhookSecrets;
}

/**
 * Takes the leases of chunks over to the worker, as far as they still stand, and gives what is needed to send the deliveries. What is beyond the bounds
 * is ready for others again. Throws what the database throws; then Redis is not told that the jobs are done.
 */
export async function takeOver(
  { db, clock, workerId, secrets }: Taker,
  chunks: readonly Taken[],
  { deliveries, bytes, excluded }: ClaimBounds,
): Promise<Claimed[]> {
  if (chunks.length === 0) return [];
  const asked = performance.now();
  const ids = chunks.flatMap((chunk) => chunk.deliveries);
  const leases = chunks.flatMap((chunk) => chunk.deliveries.map(() => chunk.leaseId));
  const [taken] = await asServiceAtOnce<Lease>(db, [
    TAKE_OVER,
    [workerId, ids, leases, deliveries, bytes, excluded.webhooks, excluded.users],
  ]);
  for (const chunk of chunks) chunk.done();
  return readLeased(db, clock, asked, taken?.rows ?? [], secrets);
}
