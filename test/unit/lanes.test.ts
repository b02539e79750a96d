import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Caps, DEFAULT_CAPS, ENOUGH_CAPS, FEW_CAPS, Lanes, STALLED_MS } from '../../src/deliver/lanes.js';
import type { Claimed } from '../../src/deliver/stages.js';
import { deliveries, delivery } from './claimed-deliveries.js';

const NONE = { webhooks: [], users: [] };

// The clock is ours.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a model of the lanes, under any order of calls', () => {
  type Step =
    | { readonly kind: 'add'; readonly webhooks: readonly number[] }
    | { readonly kind: 'done'; readonly pick: number }
    | { readonly kind: 'sleep'; readonly ms: number }
    | { readonly kind: 'caps'; readonly caps: Caps }
    | { readonly kind: 'stop'; readonly webhook: number }
    | { readonly kind: 'takeStale' | 'takeAll' | 'takeSurplus' };

  const WEBHOOKS = 5;
  /** Webhooks 0 to 2 are one user's. */
  const userOf = (webhook: number) => `user-${Math.max(0, webhook - 2)}`;
  const webhook = fc.nat({ max: WEBHOOKS - 1 });
  /** Around the cap of one user's three webhooks: sometimes the one binds, sometimes the other. */
  const caps = fc.record({ perWebhook: fc.integer({ min: 1, max: 8 }), perUser: fc.integer({ min: 1, max: 20 }) });
  const steady = [
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('add' as const), webhooks: fc.array(webhook, { maxLength: 60 }) }),
    },
    { weight: 12, arbitrary: fc.record({ kind: fc.constant('done' as const), pick: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: fc.nat({ max: 1_500 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), webhook }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('takeStale', 'takeAll', 'takeSurplus') }) },
  ] as const;
  const step: fc.Arbitrary<Step> = fc.oneof(...steady);
  const stepOrCaps: fc.Arbitrary<Step> = fc.oneof(...steady, {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('caps' as const), caps }),
  });

  /** What lanes must be like after every step, told by what went in and came out. */
  class Model {
    readonly inFlight: Claimed[] = [];
    readonly waiting = new Map<Claimed, number>();
    readonly begun = new Set<Claimed>();
    /** Webhooks and users that need no more rows until few are left. */
    readonly enough = new Set<string>();
    /** Webhooks that were stopped with calls under way. */
    readonly stopped = new Set<string>();
    /** When a webhook's or a user's call last ended, or the first row came. */
    readonly movedAt = new Map<string, number>();

    constructor(public caps: Caps) {}

    private capOf(id: string): number {
      return id.startsWith('user') ? this.caps.perUser : this.caps.perWebhook;
    }

    private count(of: Iterable<Claimed>, id: string): number {
      return [...of].filter(({ webhookId, userId }) => webhookId === id || userId === id).length;
    }

    private ids(of: Iterable<Claimed>): Set<string> {
      return new Set([...of].flatMap(({ webhookId, userId }) => [webhookId, userId]));
    }

    private note({ webhookId, userId }: Claimed): void {
      for (const id of [webhookId, userId]) {
        const waits = this.count(this.waiting.keys(), id);
        if (waits >= ENOUGH_CAPS * this.capOf(id)) this.enough.add(id);
        else if (waits <= FEW_CAPS * this.capOf(id)) this.enough.delete(id);
      }
    }

    add(added: readonly Claimed[]): void {
      for (const one of added) {
        const there = this.ids([...this.waiting.keys(), ...this.inFlight]);
        for (const id of [one.webhookId, one.userId]) if (!there.has(id)) this.movedAt.set(id, performance.now());
        this.waiting.set(one, performance.now());
        this.note(one);
      }
    }

    begin(next: Claimed): void {
      expect(this.begun.has(next), 'started twice').toBe(false);
      const first = [...this.waiting.keys()].find(({ webhookId }) => webhookId === next.webhookId);
      expect(first, 'was waiting, and a lane keeps its order').toBe(next);
      for (const id of [next.webhookId, next.userId]) {
        expect(this.count(this.inFlight, id), `calls of ${id}`).toBeLessThan(this.capOf(id));
      }
      this.begun.add(next);
      this.inFlight.push(next);
      this.waiting.delete(next);
      this.note(next);
    }

    end(ended: Claimed): void {
      for (const id of [ended.webhookId, ended.userId]) this.movedAt.set(id, performance.now());
    }

    take(taken: readonly Claimed[], isDue: (one: Claimed, since: number, nth: number) => boolean): void {
      const nth = new Map<string, number>();
      const due = [...this.waiting].filter(([one, since]) => {
        const place = nth.get(one.webhookId) ?? 0;
        nth.set(one.webhookId, place + 1);
        return isDue(one, since, place);
      });
      expect(new Set(taken)).toEqual(new Set(due.map(([one]) => one)));
      expect(taken).toHaveLength(due.length);
      for (const [one] of due) this.waiting.delete(one);
      for (const [one] of due) this.note(one);
    }

    /** Until its calls under way have ended. */
    stop(webhookId: string): void {
      if (this.count(this.inFlight, webhookId) > 0) this.stopped.add(webhookId);
    }

    /** At the cap, and nothing came back for a while. */
    private slow(): string[] {
      return [...this.ids(this.inFlight)].filter(
        (id) =>
          this.count(this.inFlight, id) >= this.capOf(id) &&
          performance.now() - (this.movedAt.get(id) ?? Number.NaN) > STALLED_MS,
      );
    }

    check(lanes: Lanes, concurrency: number, capsChanged: boolean): void {
      expect(lanes.inFlight).toBe(this.inFlight.length);
      expect(lanes.waiting).toBe(this.waiting.size);
      expect(this.inFlight.length).toBeLessThanOrEqual(concurrency);
      for (const { webhookId, userId } of this.inFlight.length < concurrency ? this.waiting.keys() : []) {
        const atCap = [webhookId, userId].some((id) => this.count(this.inFlight, id) >= this.capOf(id));
        expect(atCap, `${webhookId} waits though there is room`).toBe(true);
      }
      const there = this.ids([...this.waiting.keys(), ...this.inFlight]);
      for (const id of this.stopped) if (!there.has(id)) this.stopped.delete(id);
      const { webhooks, users } = lanes.full();
      const full = [...webhooks, ...users];
      expect(webhooks.every((id) => id.startsWith('webhook')) && users.every((id) => id.startsWith('user'))).toBe(true);
      expect(new Set(full).size, 'told once').toBe(full.length);
      if (capsChanged) expect(full).toEqual(expect.arrayContaining(this.slow()));
      else expect(new Set(full)).toEqual(new Set([...this.enough, ...this.slow(), ...this.stopped]));
      for (const one of [...this.waiting.keys(), ...this.inFlight]) {
        expect(lanes.isFull(one)).toBe(full.includes(one.webhookId) || full.includes(one.userId));
      }
    }
  }

  function run(steps: readonly Step[], concurrency: number, first: Caps): void {
    const model = new Model(first);
    const lanes = new Lanes(concurrency, first, (next) => model.begin(next));
    let capsChanged = false;
    for (const now of steps) {
      if (now.kind === 'add') {
        const added = now.webhooks.map((nth) => delivery(`webhook-${nth}`, userOf(nth)));
        model.add(added);
        lanes.add(added);
      } else if (now.kind === 'done') {
        const [ended] = model.inFlight.splice(now.pick % Math.max(1, model.inFlight.length), 1);
        if (ended !== undefined) {
          model.end(ended);
          lanes.done(ended);
        }
      } else if (now.kind === 'sleep') {
        vi.advanceTimersByTime(now.ms);
      } else if (now.kind === 'caps') {
        capsChanged = true;
        model.caps = now.caps;
        lanes.caps = now.caps;
      } else if (now.kind === 'stop') {
        const id = `webhook-${now.webhook}`;
        model.take(lanes.stop(id), (one) => one.webhookId === id);
        model.stop(id);
      } else if (now.kind === 'takeStale') {
        model.take(lanes.takeStale(), (_, since) => since <= performance.now() - 2_000);
      } else if (now.kind === 'takeSurplus') {
        model.take(lanes.takeSurplus(), (_, __, nth) => nth >= model.caps.perWebhook);
      } else {
        model.take(lanes.takeAll(), () => true);
      }
      model.check(lanes, concurrency, capsChanged);
    }
    for (let ended = model.inFlight.shift(); ended !== undefined; ended = model.inFlight.shift()) {
      model.end(ended);
      lanes.done(ended);
    }
    expect(model.waiting.size, 'everything had its turn').toBe(0);
    expect(lanes.full()).toEqual(NONE);
    model.check(lanes, concurrency, false);
  }

  it.each([
    ['keeps all caps, loses nothing, starts nothing twice, leaves no room unused and says who is full', step],
    ['does so when the caps change, and calls beyond a lower one go on', stepOrCaps],
  ])('%s', (_, steps) => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 80, size: 'max' }), fc.integer({ min: 1, max: 40 }), caps, run),
      { numRuns: 150 },
    );
  });
});

describe('turns', () => {
  it('go round the lanes when the total is what limits them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        (sizes, concurrency) => {
          const running: Claimed[] = [];
          const order: string[] = [];
          const lanes = new Lanes(concurrency, DEFAULT_CAPS, (next) => {
            running.push(next);
            order.push(next.webhookId);
          });
          lanes.add(sizes.flatMap((size, index) => deliveries(`webhook-${index}`, size)));
          for (let ended = running.shift(); ended !== undefined; ended = running.shift()) lanes.done(ended);
          expect(order).toHaveLength(sizes.reduce((sum, size) => sum + size, 0));
          // Calls end in the order in which they began, so no lane is at its cap for longer than another's turn takes.
          const begun = new Map(sizes.map((_, index) => [`webhook-${index}`, 0]));
          for (const id of order) {
            const before = begun.get(id) ?? 0;
            for (const [other, count] of begun) {
              const size = sizes[Number(other.slice(8))] ?? 0;
              if (count < size) expect(before, `${id} before ${other}`).toBeLessThanOrEqual(count);
            }
            begun.set(id, before + 1);
          }
        },
      ),
    );
  });

  it('come at once to a lane that is added while others have a backlog', () => {
    const running: Claimed[] = [];
    const lanes = new Lanes(4, DEFAULT_CAPS, (next) => running.push(next));
    lanes.add([...deliveries('old', 100), ...deliveries('older', 100)]);
    const late = delivery('late');
    lanes.add([late]);
    for (let ended = 0; ended < 3 && !running.includes(late); ended += 1) {
      const [first] = running.splice(0, 1);
      if (first !== undefined) lanes.done(first);
    }
    expect(running).toContain(late);
  });
});

describe('a start that ends at once, as when a lease is too short', () => {
  it.each([1, 2_000])('starts each of 2,000 deliveries of %i webhooks once, without nesting', (webhooks) => {
    const started: Claimed[] = [];
    let depth = 0;
    let deepest = 0;
    const lanes = new Lanes(8, DEFAULT_CAPS, (next) => {
      depth += 1;
      deepest = Math.max(deepest, depth);
      started.push(next);
      lanes.done(next);
      depth -= 1;
    });
    const all = Array.from({ length: 2_000 }, (_, index) => delivery(`webhook-${index % webhooks}`));
    lanes.add(all);
    expect(new Set(started)).toEqual(new Set(all));
    expect(started).toHaveLength(all.length);
    expect(deepest).toBe(1);
    expect([lanes.inFlight, lanes.waiting, lanes.full()]).toEqual([0, 0, NONE]);
  });
});

describe('a user', () => {
  it('at the cap holds up none of another user, and the webhooks of one take turns', () => {
    const running: Claimed[] = [];
    const lanes = new Lanes(256, { perWebhook: 16, perUser: 20 }, (next) => running.push(next));
    const [a, b, other] = [deliveries('a', 50, 'one'), deliveries('b', 50, 'one'), deliveries('c', 10, 'two')];
    lanes.add([...a, ...b, ...other]);
    expect(running.filter(({ userId }) => userId === 'one')).toHaveLength(20);
    expect(running.filter(({ webhookId }) => webhookId === 'b')).toHaveLength(10);
    expect(running.filter(({ userId }) => userId === 'two')).toHaveLength(10);
  });

  it('is full as a whole with enough waiting, though none of their webhooks is', () => {
    const lanes = new Lanes(0, { perWebhook: 16, perUser: 20 }, () => undefined);
    lanes.add([...deliveries('a', 35, 'one'), ...deliveries('b', 20 * ENOUGH_CAPS - 36, 'one')]);
    expect(lanes.full()).toEqual(NONE);
    lanes.add(deliveries('b', 1, 'one'));
    expect(lanes.full()).toEqual({ webhooks: [], users: ['one'] });
    expect(lanes.isFull({ webhookId: 'c', userId: 'one' })).toBe(true);
    lanes.stop('a');
    // More than few are left.
    expect(lanes.full().users).toEqual(['one']);
    lanes.takeSurplus();
    lanes.takeAll();
    expect(lanes.full()).toEqual(NONE);
  });
});

describe('what is taken out', () => {
  it('of one webhook leaves the others, and a surplus is what waits beyond the next round of calls', () => {
    const cap = DEFAULT_CAPS.perWebhook;
    const lanes = new Lanes(0, DEFAULT_CAPS, () => undefined);
    const [a, b] = [deliveries('a', cap * ENOUGH_CAPS), deliveries('b', 20)];
    lanes.add([...a, ...b]);
    expect(lanes.full()).toEqual({ webhooks: ['a'], users: [] });
    expect(lanes.takeSurplus()).toEqual([...a.slice(cap), ...b.slice(cap)]);
    expect(lanes.stop('a')).toEqual(a.slice(0, cap));
    expect(lanes.stop('a')).toEqual([]);
    expect(lanes.waiting).toBe(cap);
  });

  it('of a webhook that was stopped leaves it full until its calls under way have ended', () => {
    const running: Claimed[] = [];
    const lanes = new Lanes(2, DEFAULT_CAPS, (next) => running.push(next));
    const [first, second, third] = deliveries('a', 3);
    lanes.add([first, second, third].filter((one) => one !== undefined));
    expect(lanes.stop('a')).toEqual([third]);
    for (const one of running) {
      expect(lanes.full()).toEqual({ webhooks: ['a'], users: [] });
      lanes.done(one);
    }
    expect(lanes.full()).toEqual(NONE);
  });
});

describe('what waits too long', () => {
  it('is taken out after 2 s, oldest first, and what came later stays', () => {
    const lanes = new Lanes(0, DEFAULT_CAPS, () => undefined);
    const [first, second] = [deliveries('a', 3), deliveries('a', 2)];
    lanes.add(first);
    vi.advanceTimersByTime(1_500);
    lanes.add(second);
    expect(lanes.takeStale()).toEqual([]);
    vi.advanceTimersByTime(600);
    expect(lanes.takeStale()).toEqual(first);
    expect(lanes.waiting).toBe(2);
    expect(lanes.takeAll()).toEqual(second);
    expect(lanes.full()).toEqual(NONE);
  });
});
