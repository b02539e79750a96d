/** The database's time on this machine: the host's clock may be wrong, its monotonic clock only drifts. */
export class DatabaseClock {
  #offset = Date.now() - performance.now();

  /**
   * Takes what the database called now (ms since 1970) between `asked` (`performance.now()`) and this call. This process may have stood still before it read the answer:
   * what it held for the time stays where it can be right.
   */
  set(nowMs: number, asked: number): void {
    const [earliest, latest] = [nowMs - performance.now(), nowMs - asked];
    if (this.#offset < earliest || this.#offset > latest) this.#offset = earliest;
  }

  /** Now by the database's clock, in ms since 1970. */
  now(): number {
    return this.#offset + performance.now();
  }
}
