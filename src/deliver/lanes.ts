import type { Claimed } from './stages.js';

/** Calls in flight to one webhook at most (DESIGN, decision 7). */
export const WEBHOOK_CAP = 16;
/** A row that has waited this long is given back: its endpoint is slow, and others need the room. */
const LONGEST_WAIT_MS = 2_000;
/**
 * With so many rows waiting no more are claimed for a webhook, until only a few are left: without the gap between the two a slow endpoint
 * would have rows claimed for it after each of its calls, most of which are given back.
 */
export const ENOUGH_WAITING = 2 * WEBHOOK_CAP;
export const FEW_WAITING = WEBHOOK_CAP / 2;
/** A webhook at its cap from which nothing has come back for this long is slow: more rows would only wait. */
export const STALLED_MS = 500;

interface Lane {
  readonly waiting: { delivery: Claimed; since: number }[];
  inFlight: number;
  /** When a call last ended, or the lane came to be. */
  movedAt: number;
  hasEnough: boolean;
}

/**
 * The claimed deliveries in memory, one lane a webhook, so that a slow endpoint holds up only its own. `start` is called when a delivery's turn
 * has come: at most `concurrency` at a time in all, and `WEBHOOK_CAP` a webhook. Lanes take turns.
 */
export class Lanes {
  readonly #concurrency: number;
  readonly #start: (delivery: Claimed) => void;
  readonly #lanes = new Map<string, Lane>();
  #inFlight = 0;
  #waiting = 0;
  #filling = false;
  #again = false;

  constructor(concurrency: number, start: (delivery: Claimed) => void) {
    this.#concurrency = concurrency;
    this.#start = start;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting;
  }

  add(deliveries: readonly Claimed[]): void {
    const since = performance.now();
    for (const delivery of deliveries) {
      const lane = this.#lane(delivery.webhookId);
      lane.waiting.push({ delivery, since });
      if (lane.waiting.length >= ENOUGH_WAITING) lane.hasEnough = true;
    }
    this.#waiting += deliveries.length;
    this.#fill();
  }

  /** A call has ended: its place is free. */
  done(delivery: Claimed): void {
    const lane = this.#lane(delivery.webhookId);
    lane.inFlight -= 1;
    lane.movedAt = performance.now();
    this.#inFlight -= 1;
    this.#forgetIfEmpty(delivery.webhookId, lane);
    this.#fill();
  }

  /** Webhooks that need no more rows now. */
  full(): string[] {
    return [...this.#lanes.keys()].filter((webhookId) => this.isFull(webhookId));
  }

  /** Whether enough rows of a webhook wait, or it is at its cap and slow. */
  isFull(webhookId: string): boolean {
    const lane = this.#lanes.get(webhookId);
    if (lane === undefined) return false;
    const isSlow = lane.inFlight >= WEBHOOK_CAP && performance.now() - lane.movedAt > STALLED_MS;
    return isSlow || lane.hasEnough;
  }

  /** Takes out what has waited too long. */
  takeStale(): Claimed[] {
    return this.#take(performance.now() - LONGEST_WAIT_MS);
  }

  /** Takes out all that has not begun. */
  takeAll(): Claimed[] {
    return this.#take(Number.POSITIVE_INFINITY);
  }

  /** Takes out what has not begun of one webhook. */
  takeOf(webhookId: string): Claimed[] {
    const lane = this.#lanes.get(webhookId);
    return lane === undefined ? [] : this.#cut(webhookId, lane, 0, lane.waiting.length);
  }

  /** Takes out what waits beyond a webhook's next round of calls. */
  takeSurplus(): Claimed[] {
    return [...this.#lanes].flatMap(([id, lane]) => this.#cut(id, lane, WEBHOOK_CAP, lane.waiting.length));
  }

  #take(before: number): Claimed[] {
    return [...this.#lanes].flatMap(([id, lane]) => {
      const kept = lane.waiting.findIndex(({ since }) => since > before);
      return this.#cut(id, lane, 0, kept === -1 ? lane.waiting.length : kept);
    });
  }

  #cut(id: string, lane: Lane, from: number, to: number): Claimed[] {
    const taken = lane.waiting.splice(from, Math.max(0, to - from)).map(({ delivery }) => delivery);
    this.#waiting -= taken.length;
    if (lane.waiting.length <= FEW_WAITING) lane.hasEnough = false;
    this.#forgetIfEmpty(id, lane);
    return taken;
  }

  /** `start` may call `done` at once: that only asks for another round, since calling this from within would nest a call for each row. */
  #fill(): void {
    this.#again = true;
    if (this.#filling) return;
    this.#filling = true;
    while (this.#again) {
      this.#again = false;
      for (const [id, lane] of this.#lanes) {
        if (this.#inFlight >= this.#concurrency) break;
        if (lane.inFlight >= WEBHOOK_CAP) continue;
        const next = lane.waiting.shift();
        if (next === undefined) continue;
        lane.inFlight += 1;
        this.#inFlight += 1;
        this.#waiting -= 1;
        if (lane.waiting.length <= FEW_WAITING) lane.hasEnough = false;
        // To the end of the map, where this loop comes by again: whoever had a turn waits for all the others.
        this.#lanes.delete(id);
        this.#lanes.set(id, lane);
        this.#start(next.delivery);
      }
    }
    this.#filling = false;
  }

  #lane(webhookId: string): Lane {
    let lane = this.#lanes.get(webhookId);
    if (lane === undefined) {
      lane = { waiting: [], inFlight: 0, movedAt: performance.now(), hasEnough: false };
      this.#lanes.set(webhookId, lane);
    }
    return lane;
  }

  #forgetIfEmpty(webhookId: string, lane: Lane): void {
    if (lane.inFlight === 0 && lane.waiting.length === 0) this.#lanes.delete(webhookId);
  }
}
