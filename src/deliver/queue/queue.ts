import type { ClaimBounds } from '../claim/claim.js';
import type { Claimed } from '../stages.js';

/** Where a worker gets deliveries from. What is leased, and until when, stands in PostgreSQL whatever the queue. One conformance suite holds all to that. */
export interface DeliveryQueue {
  /** Begins to listen for new work. Throws when PostgreSQL cannot be reached. */
  start(): Promise<void>;
  /** Leases deliveries to this worker, within the bounds; none when there is nothing for it now. Throws what the database throws. */
  claim(bounds: ClaimBounds): Promise<Claimed[]>;
  /** Resolves when it is worth claiming again. Throws what the database throws. */
  wait(): Promise<void>;
  /** Resolves after so many ms, or at a `wake`. */
  pause(ms: number): Promise<void>;
  /** Something has changed: ends a `wait`, or the next one. */
  wake(): void;
  /** A call or an order has come to its end: what was held back for it may be claimed now. */
  freed(): void;
  stop(): Promise<void>;
}
