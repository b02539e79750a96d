import type { Lease } from '../../claim/claim.js';

/** What a job carries: deliveries, and the lease by which they were handed over. Never a payload. */
export interface Chunk {
  readonly leaseId: string;
  readonly deliveries: readonly string[];
}

/** Deliveries of a job at most. */
export const CHUNK = 250;

/** Deals the deliveries of one lease out to chunks, so that each webhook's stand in as many of them as can be. */
export function deal(leaseId: string, leases: readonly Lease[]): Chunk[] {
  const chunks = Array.from({ length: Math.ceil(leases.length / CHUNK) }, () => ({
    leaseId,
    deliveries: [] as string[],
  }));
  const ordered = leases.toSorted((a, b) => (a.webhookId < b.webhookId ? -1 : 1));
  for (const [index, { deliveryId }] of ordered.entries()) chunks[index % chunks.length]?.deliveries.push(deliveryId);
  return chunks;
}
