import type { Lease } from '../../claim/claim.js';

/** What a job carries: deliveries, and the lease by which they were handed over. Never a payload. */
export interface Chunk {
  readonly leaseId: string;
  readonly deliveries: readonly string[];
}

/** Deliveries of a job at most. With 100 a worker over Redis reached 0.26 of the ceiling, with 250 0.32 (one run each, beside load). */
export const CHUNK = 250;
/** So few a worker keeps: the way through Redis would only delay them. */
export const KEPT = 100;

/** Deals the deliveries of one lease out to two chunks or more, so that each webhook's stand in as many of them as can be. */
export function deal(leaseId: string, leases: readonly Lease[]): Chunk[] {
  const count = Math.max(2, Math.ceil(leases.length / CHUNK));
  const chunks = Array.from({ length: count }, () => ({ leaseId, deliveries: [] as string[] }));
  const ordered = leases.toSorted((a, b) => (a.webhookId < b.webhookId ? -1 : 1));
  for (const [index, { deliveryId }] of ordered.entries()) chunks[index % count]?.deliveries.push(deliveryId);
  return chunks;
}
