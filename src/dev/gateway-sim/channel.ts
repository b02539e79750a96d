import type { CallbackWindow, SimCallback } from './callback.js';

/** A webhook that was delivered and waits for its callback. */
export interface Waiting {
  calledBack(): void;
  timedOut(): void;
}

/**
 * One channel: its callback, and the time that is left for it. Requests that share a channel, as the same webhook sent again, share the
 * callback, since a receiver that is idempotent calls back once. Each attempt at any of them begins the time anew: the receiver cannot
 * know of one that did not reach it.
 */
export class Channel implements CallbackWindow {
  /** All that came, whatever they were worth. */
  readonly callbacks: SimCallback[] = [];
  #accepted: SimCallback | undefined;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<Waiting>();

  constructor(private readonly callbackWithinMs: number) {}

  /** The callback that counts. */
  get accepted(): SimCallback | undefined {
    return this.#accepted;
  }

  /** Whether a callback now would be late. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** An attempt begins: so does the time for the callback. */
  begin(): void {
    this.#isOver = false;
    clearTimeout(this.#timer);
    if (this.#accepted === undefined) this.#timer = setTimeout(() => this.#end(), this.callbackWithinMs);
  }

  /** A webhook of the channel was delivered: it hears what becomes of its callback, at once when that is known. */
  awaitCallback(waiting: Waiting): void {
    if (this.#accepted !== undefined) waiting.calledBack();
    else if (this.#isOver) waiting.timedOut();
    else this.#waiting.add(waiting);
  }

  accept(callback: SimCallback): void {
    this.#accepted = callback;
    clearTimeout(this.#timer);
    for (const waiting of this.#waiting) waiting.calledBack();
    this.#waiting.clear();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #end(): void {
    this.#isOver = true;
    for (const waiting of this.#waiting) waiting.timedOut();
    this.#waiting.clear();
  }
}
