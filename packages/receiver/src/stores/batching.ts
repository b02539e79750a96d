interface Asked<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result | Promise<Result>) => void;
  readonly reject: (error: unknown) => void;
}

/** What a batch gives for each of its items, in their order; a promise that fails is that item's failure alone. */
export type BatchResults<Result> = readonly (Result | Promise<Result>)[];

const MOST = 100;
/** Nobody waits longer than this for others' batch: one that hangs until its time limit holds up no other. */
const PATIENCE_MS = 50;

/** What is asked for while a batch is under way goes into the next one together; nobody waits for company. Throws what `run` throws. */
export function inBatches<Item, Result>(
  run: (items: readonly [Item, ...Item[]]) => Promise<BatchResults<Result>>,
): (item: Item) => Promise<Result> {
  const waiting: Asked<Item, Result>[] = [];
  let isBusy = false;

  function begin(): void {
    if (isBusy) return;
    const [first, ...more] = waiting.splice(0, MOST);
    if (first === undefined) return;
    isBusy = true;
    let isHolding = true;
    const release = (): void => {
      if (!isHolding) return;
      isHolding = false;
      isBusy = false;
      begin();
    };
    const timer = setTimeout(release, PATIENCE_MS);
    void settle(first, more).finally(() => {
      clearTimeout(timer);
      release();
    });
  }

  async function settle(first: Asked<Item, Result>, more: readonly Asked<Item, Result>[]): Promise<void> {
    const batch = [first, ...more];
    try {
      const results = await run([first.item, ...more.map(({ item }) => item)]);
      for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result | Promise<Result>);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      begin();
    });
}
