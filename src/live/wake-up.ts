/** Lets many wait for what happens next. */
export class WakeUp {
  /** How often it was woken: whoever compares knows of what came while they did not wait. */
  times = 0;
  readonly #waiting = new Set<() => void>();

  /** Ends every wait. */
  wake(): void {
    this.times += 1;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Waits for the next `wake`, `ms` at most, and not beyond the abort. False when nothing came. */
  next(ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isWoken: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(woken);
        signal?.removeEventListener('abort', aborted);
        resolve(isWoken);
      };
      const woken = (): void => end(true);
      const aborted = (): void => end(false);
      const timer = setTimeout(end, ms, false);
      this.#waiting.add(woken);
      if (signal?.aborted === true) end(false);
      else signal?.addEventListener('abort', aborted);
    });
  }
}
