/** The database's time on this machine: the host's clock may be wrong, its monotonic clock only drifts. */
export class DatabaseClock {
  #offset = Date.now() - performance.now();

  /** Takes what the database has just called now, in ms since 1970. */
  set(nowMs: number): void {
    this.#offset = nowMs - performance.now();
  }

  /** Now by the database's clock, in ms since 1970. */
  now(): number {
    return this.#offset + performance.now();
  }
}
