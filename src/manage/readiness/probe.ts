/** What a check came to. `degraded` is told, and does not take the process out of service. */
export interface CheckResult {
  readonly status: 'ok' | 'degraded' | 'failed' | 'skipped';
  /** What was found; absent when all is well. Neither a secret nor a figure: anybody may ask. */
  readonly detail?: string;
  /** What to do about it. */
  readonly hint?: string;
}

export const OK: CheckResult = { status: 'ok' };

const LATE = Symbol('late');

/**
 * A check with a bound. One that did not come back is not begun again until it has: a database that hangs is asked once, however often this process is.
 */
export class Probe {
  readonly #look: () => Promise<CheckResult>;
  readonly #onTrouble: CheckResult;
  readonly #boundMs: number;
  #running: Promise<CheckResult> | undefined;

  /** `onTrouble` is the result of a look that throws, or takes longer than `boundMs`. */
  constructor(look: () => Promise<CheckResult>, onTrouble: CheckResult, boundMs: number) {
    this.#look = look;
    this.#onTrouble = onTrouble;
    this.#boundMs = boundMs;
  }

  /** Looks; never throws. */
  async result(): Promise<CheckResult> {
    this.#running ??= this.#look()
      .catch(() => this.#onTrouble)
      .finally(() => {
        this.#running = undefined;
      });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<typeof LATE>((resolve) => {
      timer = setTimeout(resolve, this.#boundMs, LATE);
    });
    const result = await Promise.race([this.#running, late]);
    clearTimeout(timer);
    return result === LATE ? this.#onTrouble : result;
  }
}
