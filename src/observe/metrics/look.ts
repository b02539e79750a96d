/** A value is shared by scrapes for so long. */
const FRESH_MS = 5_000;
/** What a scrape waits for a value at most. Prometheus gives one ten seconds by default. */
const WITHIN_MS = 2_000;

export interface LookTimes {
  readonly freshMs?: number;
  readonly withinMs?: number;
}

/** Something that is slow to find out, and asked for by several at once: it is looked for once at a time, and kept for a moment. */
export class Look<T> {
  readonly #find: () => Promise<T>;
  readonly #freshMs: number;
  readonly #withinMs: number;
  #found: { readonly value: T; readonly at: number } | undefined;
  #looking: { readonly since: number; readonly found: Promise<T> } | undefined;

  constructor(find: () => Promise<T>, { freshMs = FRESH_MS, withinMs = WITHIN_MS }: LookTimes = {}) {
    this.#find = find;
    this.#freshMs = freshMs;
    this.#withinMs = withinMs;
  }

  /** Gives the value, up to `freshMs` old. Throws what looking for it throws, and `LookTimeout` when that takes longer than `withinMs`. */
  async value(): Promise<T> {
    const found = this.#found;
    if (found !== undefined && performance.now() - found.at < this.#freshMs) return found.value;
    const looking = this.#looking ?? this.#look();
    // One that hangs must not hold up every scrape that comes meanwhile.
    const left = looking.since + this.#withinMs - performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new LookTimeout()), Math.max(0, left));
    });
    try {
      return await Promise.race([looking.found, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #look(): { readonly since: number; readonly found: Promise<T> } {
    const looking = { since: performance.now(), found: this.#find() };
    this.#looking = looking;
    looking.found.then(
      (value) => {
        this.#found = { value, at: performance.now() };
        this.#looking = undefined;
      },
      () => {
        this.#looking = undefined;
      },
    );
    return looking;
  }
}

/** It was not found out in time. */
export class LookTimeout extends Error {
  constructor() {
    super('No answer in time.');
    this.name = 'LookTimeout';
  }
}
