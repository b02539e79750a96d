import { codeOf } from '../errors.js';

/** Serialization failures and deadlocks (PostgreSQL's class 40): the transaction was rolled back to let another one go on, and is tried again. */
const ROLLED_BACK = /^40/;

/** Counts the transactions that a process had to try again. */
export class RollbackCounter {
  #count = 0;
  readonly #onCount: () => void;

  /** `onCount` is called for each. */
  constructor(onCount: () => void = () => undefined) {
    this.#onCount = onCount;
  }

  get count(): number {
    return this.#count;
  }

  /** Counts an error when it is one of these. */
  note(error: unknown): void {
    if (!ROLLED_BACK.test(codeOf(error) ?? '')) return;
    this.#count += 1;
    this.#onCount();
  }
}
