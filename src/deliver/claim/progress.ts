import type { Claimed } from '../stages.js';
import type { Known } from './claim.js';

/** Of how many rows claimed it is worth telling the claim. */
const WORTH_TELLING = 32;
/** As many as a claim looks at in a moment. */
const MOST_KNOWN = 64;
/** What committed late, or was given back, stands before the position: it is seen when the positions are forgotten. */
const FORGET_MS = 1_000;

/**
 * Up to which position a worker has lately claimed the busiest webhooks. While somebody's snapshot is old, the rows that were claimed stay in the index;
 * the next claim begins behind them.
 */
export class Progress {
  readonly #webhooks = new Map<string, Known & { rows: number }>();
  #since = performance.now();

  note(claimed: readonly Claimed[]): void {
    for (const { webhookId, userId, position, isOrdered } of claimed) {
      if (isOrdered) continue;
      const last = this.#webhooks.get(webhookId);
      const rows = (last?.rows ?? 0) + 1;
      this.#webhooks.set(webhookId, { webhookId, userId, rows, position: Math.max(position, last?.position ?? 0) });
    }
  }

  forget(webhookId: string): void {
    this.#webhooks.delete(webhookId);
  }

  /** The busiest webhooks since the positions were last forgotten, which happens every second. */
  known(): readonly Known[] {
    if (performance.now() - this.#since > FORGET_MS) {
      this.#webhooks.clear();
      this.#since = performance.now();
    }
    return [...this.#webhooks.values()].filter(({ rows }) => rows >= WORTH_TELLING).slice(0, MOST_KNOWN);
  }
}
