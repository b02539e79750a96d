import { drain, type FetchLike, restEmitter, type Store } from '@hookline/receiver';
import { describe, expect, it } from 'vitest';
import { bodiesOf, expectedCallback, type Overrides, useWorld, type World } from './store-faults-world.js';

/**
 * A process that dies at one of its steps: before a call to the database, to the gateway or to Hookline, or after it and before its answer. What it
 * would have done next is not done.
 */
class Mortal {
  private steps = 0;
  private readonly begun: Promise<unknown>[] = [];

  constructor(private readonly diesAt: number) {}

  get died(): boolean {
    return this.steps >= this.diesAt;
  }

  private step(): void {
    this.steps++;
    if (this.died) throw new Error('The process is dead.');
  }

  private async around<T>(work: () => Promise<T>): Promise<T> {
    this.step();
    const begun = work();
    this.begun.push(begun);
    const result = await begun;
    this.step();
    return result;
  }

  /** What had begun when it died has had its effect, as it has long before a lease is over. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.begun);
  }

  store(store: Store): Store {
    return {
      ...store,
      insert: (content) => this.around(() => store.insert(content)),
      claim: (kind, claim) => this.around(() => store.claim(kind, claim)),
      finish: (kind, work, outcome) => this.around(() => store.finish(kind, work, outcome)),
      expire: (kind) => this.around(() => store.expire(kind)),
    };
  }

  readonly fetch: FetchLike = (url, init) => this.around(() => fetch(url, init));

  overrides(world: World): Overrides {
    const url = new URL(world.hookline().url).origin;
    return {
      store: this.store(world.store()),
      fetch: this.fetch,
      emitter: restEmitter({ url, serviceKey: 'service-key', fetch: this.fetch }),
    };
  }
}

/** More than any run has. */
const MOST_STEPS = 40;

describe('a crash between any two steps', () => {
  const world = useWorld();

  /** What was sent since `from`: to the gateway, and to Hookline. */
  const since = () => {
    const from = { callbacks: world.modelriver().requests.length, events: world.hookline().requests.length };
    return () => ({
      callbacks: bodiesOf(world.modelriver().requests.slice(from.callbacks)),
      events: world.hookline().requests.slice(from.events),
    });
  };

  /** Nothing was lost, and whatever was sent twice was the same. */
  async function expectWhole(sent: ReturnType<ReturnType<typeof since>>): Promise<void> {
    const row = await world.row();
    expect(row).toMatchObject({ callback_state: 'done', event_state: 'done' });
    expect(sent.callbacks.length).toBeGreaterThanOrEqual(1);
    expect(sent.callbacks.length).toBeLessThanOrEqual(2);
    for (const body of sent.callbacks) expect(body).toEqual(expectedCallback(row));
    expect(sent.events.length).toBeGreaterThanOrEqual(1);
    expect(sent.events.length).toBeLessThanOrEqual(2);
    for (const { headers, body } of sent.events) {
      expect(headers['idempotency-key']).toBe(`ai_content_${row['id']}_${row['idempotency_key']}`);
      expect(JSON.parse(body.toString())).toMatchObject({ type: 'video.generated', payload: { id: row['id'] } });
    }
  }

  /** Runs `once` in processes that die at their first, second, … step, until one outlives it; then `heal` and the checks. */
  async function atEveryStep(
    begin: () => Promise<string>,
    once: (mortal: Mortal, body: string) => Promise<void>,
    heal: (body: string) => Promise<void>,
  ): Promise<number> {
    for (let diesAt = 1; diesAt < MOST_STEPS; diesAt++) {
      await world.clear();
      const sent = since();
      const body = await begin();
      const mortal = new Mortal(diesAt);
      await once(mortal, body);
      await mortal.settled();
      await heal(body);
      await expectWhole(sent());
      const quiet = since();
      await world.settle();
      expect(quiet()).toEqual({ callbacks: [], events: [] });
      if (!mortal.died) return diesAt - 1;
    }
    throw new Error(`It has ${MOST_STEPS} steps or more.`);
  }

  it('of the handler loses nothing: the gateway sends again, and a drain does the rest', async () => {
    const steps = await atEveryStep(
      async () => world.webhook(),
      async (mortal, body) => void (await world.send(body, mortal.overrides(world))),
      async (body) => {
        expect((await world.send(body)).status).toBe(200);
        await world.settle();
      },
    );
    // The insert, two calls and two records, each with a step before and after it.
    expect(steps).toBe(10);
  });

  it('of the handler loses nothing that is stored, though nobody sends it again', async () => {
    const steps = await atEveryStep(
      async () => world.webhook(),
      async (mortal, body) => void (await world.send(body, mortal.overrides(world))),
      async (body) => {
        // Not stored is not lost: the answer was no 200, and the gateway sends again.
        if ((await world.rows()).length === 0) await world.send(body);
        await world.settle();
      },
    );
    expect(steps).toBe(10);
  });

  it('of a drain loses nothing: another drain does the rest', async () => {
    const steps = await atEveryStep(
      async () => {
        const body = world.webhook();
        const mortal = new Mortal(2);
        await world.send(body, mortal.overrides(world));
        await mortal.settled();
        await world.age();
        return body;
      },
      async (mortal) => {
        const options = world.options(mortal.overrides(world));
        await drain(options.store, options).catch(() => undefined);
      },
      async () => void (await world.settle()),
    );
    // For each kind of work: what is late, a claim, a call, a record.
    expect(steps).toBe(16);
  });
});
