export interface LaneLimits<Item> {
  /** What the items of a statement measure together, by `sizeOf`, at most; one that is larger goes alone. */
  readonly size: number;
  sizeOf(item: Item): number;
  /** Statements under way at most. */
  readonly underWay: number;
}

interface Asked<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Others wait for a statement no longer than this for company: one that hangs holds up nobody. */
const PATIENCE_MS = 50;

/**
 * What is asked for while a statement is under way goes into the next one together; the first goes at once, and nobody waits for company. A
 * statement that would be full begins beside the others. `run` gives what came of each item, in their order; throws what it throws.
 */
export function inLane<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { size, sizeOf, underWay }: LaneLimits<Item>,
): (item: Item) => Promise<Result> {
  const waiting: Asked<Item, Result>[] = [];
  let waitingSize = 0;
  let running = 0;
  /** Statements that are still worth waiting for. */
  let fresh = 0;

  function begin(): void {
    while (waiting.length > 0 && running < underWay && (fresh === 0 || waitingSize >= size)) start(next());
  }

  function next(): Asked<Item, Result>[] {
    let sum = 0;
    const end = waiting.findIndex(({ item }, at) => {
      const more = sizeOf(item);
      if (at > 0 && sum + more > size) return true;
      sum += more;
      return false;
    });
    waitingSize -= sum;
    return waiting.splice(0, end === -1 ? waiting.length : end);
  }

  function start(batch: readonly Asked<Item, Result>[]): void {
    running += 1;
    fresh += 1;
    let isFresh = true;
    const age = (): void => {
      if (isFresh) fresh -= 1;
      isFresh = false;
    };
    const timer = setTimeout(() => {
      age();
      begin();
    }, PATIENCE_MS);
    void settle(batch).finally(() => {
      clearTimeout(timer);
      age();
      running -= 1;
      begin();
    });
  }

  async function settle(batch: readonly Asked<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      waitingSize += sizeOf(item);
      // At the end of this turn of the event loop: requests that were read in it go together.
      if (waiting.length === 1 || waitingSize >= size) setImmediate(begin);
    });
}
