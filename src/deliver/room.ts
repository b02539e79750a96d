import type { Claimed } from './stages.js';

/** Deliveries that a worker holds at most: waiting for their turn, in flight, or with a result that waits to be written. */
const MOST_DELIVERIES = 4_000;
/** And bytes of their payloads: 4,000 of the largest would be a GB. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Counts what a worker holds in memory, so that it never claims more than that takes, and under which leases. */
export class Room {
  readonly #held = new Set<Claimed>();
  #bytes = 0;
  readonly #ofLease = new Map<string, number>();
  #ended: string[] = [];
  #waiters: (() => void)[] = [];

  /** How many deliveries and bytes of payload more may be claimed. */
  left(): { deliveries: number; bytes: number } {
    return { deliveries: MOST_DELIVERIES - this.#held.size, bytes: MOST_BYTES - this.#bytes };
  }

  take(deliveries: readonly Claimed[]): void {
    for (const delivery of deliveries) {
      this.#held.add(delivery);
      this.#bytes += delivery.payload.text.length;
      this.#ofLease.set(delivery.leaseId, (this.#ofLease.get(delivery.leaseId) ?? 0) + 1);
    }
  }

  /** A delivery is recorded or given back; saying so twice does no harm. */
  free(delivery: Claimed): void {
    if (!this.#held.delete(delivery)) return;
    this.#bytes -= delivery.payload.text.length;
    this.#count(delivery.leaseId);
    this.wake();
  }

  /** The leases under which nothing is held any more, each once. */
  takeEnded(): string[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  #count(leaseId: string): void {
    const left = (this.#ofLease.get(leaseId) ?? 0) - 1;
    if (left > 0) {
      this.#ofLease.set(leaseId, left);
      return;
    }
    this.#ofLease.delete(leaseId);
    this.#ended.push(leaseId);
  }

  /** Resolves when something is freed next, or at `wake`. */
  freed(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
}
