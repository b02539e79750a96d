export interface Timeline {
  /** Prints what a part of the system did, with the seconds since the start. */
  tell(who: string, what: string): void;
  /**
   * Waits until `probe` gives a value, and prints that the step was seen. Throws `StepNotSeen` when it does not within the time, and
   * `Interrupted` after the step during which the demo was told to stop.
   */
  see<T>(step: string, probe: () => Promise<T | undefined>): Promise<T>;
  /** How many steps were seen. */
  readonly seen: number;
}

/** A step of the demo did not happen. */
export class StepNotSeen extends Error {
  constructor(step: string) {
    super(`This step was not seen: ${step}`);
    this.name = 'StepNotSeen';
  }
}

/** A signal came while the demo was playing. */
export class Interrupted extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`The demo was stopped by ${signal}.`);
    this.name = 'Interrupted';
  }
}

const STEP_WITHIN_MS = 20_000;
const POLL_EVERY_MS = 25;
const WHO_WIDTH = 13;

/** A timeline on standard output that begins now, and stops after the running step when `stop` is aborted by a signal. */
export function createTimeline(print: (line: string) => void, stop: AbortSignal): Timeline {
  const startedAt = performance.now();
  let seen = 0;
  const tell = (who: string, what: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2).padStart(6);
    print(`${seconds} s  ${who.padEnd(WHO_WIDTH)}${what}`);
  };
  return {
    tell,
    async see(step, probe) {
      const value = await eventually(probe);
      if (value === undefined) throw new StepNotSeen(step);
      seen++;
      tell('  ✔ seen', step);
      if (stop.aborted) throw new Interrupted(stop.reason);
      return value;
    },
    get seen() {
      return seen;
    },
  };
}

async function eventually<T>(probe: () => Promise<T | undefined>): Promise<T | undefined> {
  const endsAt = performance.now() + STEP_WITHIN_MS;
  for (;;) {
    const value = await probe();
    if (value !== undefined || performance.now() > endsAt) return value;
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS));
  }
}
