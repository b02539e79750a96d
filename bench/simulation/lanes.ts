import { ENOUGH_CAPS, FEW_CAPS } from '../../src/deliver/lanes.js';
import type { Delivery } from './shared.js';

interface Lane {
  readonly rows: Delivery[];
  hasEnough: boolean;
}

/** What a worker has claimed and not begun, by webhook. With enough of one it claims no more until few are left: then `onFew` is called. */
export class Lanes {
  readonly #cap: number;
  readonly #onFew: () => void;
  readonly #lanes = new Map<number, Lane>();
  #waiting = 0;

  constructor(cap: number, onFew: () => void) {
    this.#cap = cap;
    this.#onFew = onFew;
  }

  get waiting(): number {
    return this.#waiting;
  }

  webhooks(): Iterable<number> {
    return this.#lanes.keys();
  }

  hasEnough(webhook: number): boolean {
    return this.#lanes.get(webhook)?.hasEnough === true;
  }

  add(delivery: Delivery): void {
    const lane = this.#lanes.get(delivery.webhook) ?? { rows: [], hasEnough: false };
    this.#lanes.set(delivery.webhook, lane);
    lane.rows.push(delivery);
    this.#waiting += 1;
    if (lane.rows.length >= ENOUGH_CAPS * this.#cap) lane.hasEnough = true;
  }

  /** The next of a webhook, taken out. */
  next(webhook: number): Delivery | undefined {
    const lane = this.#lanes.get(webhook);
    const delivery = lane?.rows.shift();
    if (lane === undefined || delivery === undefined) return undefined;
    this.#waiting -= 1;
    if (lane.rows.length === 0) this.#lanes.delete(webhook);
    if (lane.hasEnough && lane.rows.length <= FEW_CAPS * this.#cap) {
      lane.hasEnough = false;
      this.#onFew();
    }
    return delivery;
  }
}
