import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ENOUGH_WAITING, FEW_WAITING, Lanes, STALLED_MS, WEBHOOK_CAP } from '../../src/deliver/lanes.js';
import type { Claimed } from '../../src/deliver/stages.js';

let made = 0;

function delivery(webhookId: string): Claimed {
  made += 1;
  return {
    deliveryId: `delivery-${made}`,
    webhookId,
    leaseId: `lease-${made}`,
    leaseUntil: Number.POSITIVE_INFINITY,
    messageId: `message-${made}`,
    eventType: 'video.generated',
    url: 'https://receiver.example.com',
    secrets: ['secret'],
    algorithm: 'sha256',
    timeoutMs: 1_000,
    attempt: 1,
    payload: '{}',
  };
}

const deliveries = (webhookId: string, count: number): Claimed[] =>
  Array.from({ length: count }, () => delivery(webhookId));

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
    | { readonly kind: 'takeStale' }
    | { readonly kind: 'takeAll' };

  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('add' as const),
        webhooks: fc.array(fc.nat({ max: 4 }), { maxLength: 60 }),
      }),
    },
    { weight: 12, arbitrary: fc.record({ kind: fc.constant('done' as const), pick: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: fc.nat({ max: 1_500 }) }) },
    { weight: 2, arbitrary: fc.constant({ kind: 'takeStale' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'takeAll' as const }) },
  );

  /** What lanes must be like after every step, told by what went in and came out. */
  class Model {
    readonly inFlight: Claimed[] = [];
    readonly waiting = new Map<Claimed, number>();
    readonly begun = new Set<Claimed>();
    /** Webhooks that need no more rows until few are left. */
    readonly enough = new Set<string>();
    /** When a webhook's call last ended, or its first row came. */
    readonly movedAt = new Map<string, number>();

    begin(next: Claimed): void {
      expect(this.begun.has(next), 'started twice').toBe(false);
      expect(this.waiting.delete(next), 'was waiting').toBe(true);
      for (const earlier of this.waiting.keys()) {
        if (earlier.webhookId !== next.webhookId) continue;
        expect(Number(earlier.deliveryId.slice(9)), 'a lane keeps its order').toBeGreaterThan(
          Number(next.deliveryId.slice(9)),
        );
        break;
      }
      this.left(next.webhookId);
      this.begun.add(next);
      this.inFlight.push(next);
    }

    take(taken: readonly Claimed[], isDue: (since: number) => boolean): void {
      const due = [...this.waiting].filter(([, since]) => isDue(since)).map(([waiting]) => waiting);
      expect(new Set(taken)).toEqual(new Set(due));
      expect(taken).toHaveLength(due.length);
      for (const one of due) {
        this.waiting.delete(one);
        this.left(one.webhookId);
      }
    }

    waits(webhookId: string): number {
      return [...this.waiting.keys()].filter((one) => one.webhookId === webhookId).length;
    }

    left(webhookId: string): void {
      if (this.waits(webhookId) <= FEW_WAITING) this.enough.delete(webhookId);
    }

    /** At the cap, and nothing came back for a while. */
    slow(counts: ReadonlyMap<string, number>): string[] {
      const isSlow = (id: string) => performance.now() - (this.movedAt.get(id) ?? Number.NaN) > STALLED_MS;
      return [...counts].filter(([id, calls]) => calls >= WEBHOOK_CAP && isSlow(id)).map(([id]) => id);
    }

    check(lanes: Lanes, concurrency: number): void {
      expect(lanes.inFlight).toBe(this.inFlight.length);
      expect(lanes.waiting).toBe(this.waiting.size);
      expect(this.inFlight.length).toBeLessThanOrEqual(concurrency);
      const counts = new Map<string, number>();
      for (const { webhookId } of this.inFlight) counts.set(webhookId, (counts.get(webhookId) ?? 0) + 1);
      for (const [webhookId, calls] of counts) expect(calls, webhookId).toBeLessThanOrEqual(WEBHOOK_CAP);
      const queued = new Set([...this.waiting.keys()].map(({ webhookId }) => webhookId));
      if (this.inFlight.length < concurrency) {
        for (const id of queued) expect(counts.get(id), `${id} waits though there is room`).toBe(WEBHOOK_CAP);
      }
      expect(new Set(lanes.full())).toEqual(new Set([...this.enough, ...this.slow(counts)]));
    }
  }

  function run(steps: readonly Step[], concurrency: number): void {
    const model = new Model();
    const lanes = new Lanes(concurrency, (next) => model.begin(next));
    for (const now of steps) {
      if (now.kind === 'add') {
        const added = now.webhooks.map((webhook) => delivery(`webhook-${webhook}`));
        for (const one of added) {
          const { webhookId } = one;
          const isNew = ![...model.waiting.keys(), ...model.inFlight].some((other) => other.webhookId === webhookId);
          if (isNew) model.movedAt.set(webhookId, performance.now());
          model.waiting.set(one, performance.now());
          if (model.waits(webhookId) >= ENOUGH_WAITING) model.enough.add(webhookId);
        }
        lanes.add(added);
      } else if (now.kind === 'done') {
        const [ended] = model.inFlight.splice(now.pick % Math.max(1, model.inFlight.length), 1);
        if (ended !== undefined) {
          model.movedAt.set(ended.webhookId, performance.now());
          lanes.done(ended);
        }
      } else if (now.kind === 'sleep') {
        vi.advanceTimersByTime(now.ms);
      } else if (now.kind === 'takeStale') {
        model.take(lanes.takeStale(), (since) => since <= performance.now() - 2_000);
      } else {
        model.take(lanes.takeAll(), () => true);
      }
      model.check(lanes, concurrency);
    }
    for (let ended = model.inFlight.shift(); ended !== undefined; ended = model.inFlight.shift()) lanes.done(ended);
    expect(model.waiting.size, 'everything had its turn').toBe(0);
    model.check(lanes, concurrency);
  }

  it('keeps both caps, loses nothing, starts nothing twice and leaves no room unused', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 70 }), run), { numRuns: 400 });
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
          const lanes = new Lanes(concurrency, (next) => {
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
    const lanes = new Lanes(4, (next) => running.push(next));
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
    const lanes = new Lanes(8, (next) => {
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
    expect([lanes.inFlight, lanes.waiting, lanes.full()]).toEqual([0, 0, []]);
  });
});

describe('what is taken out', () => {
  it('of one webhook leaves the others, and a surplus is what waits beyond the next round of calls', () => {
    const lanes = new Lanes(0, () => undefined);
    const [a, b] = [deliveries('a', 40), deliveries('b', 20)];
    lanes.add([...a, ...b]);
    expect(lanes.takeSurplus()).toEqual([...a.slice(WEBHOOK_CAP), ...b.slice(WEBHOOK_CAP)]);
    expect(lanes.full()).toEqual(['a']);
    expect(lanes.takeOf('a')).toEqual(a.slice(0, WEBHOOK_CAP));
    expect(lanes.takeOf('a')).toEqual([]);
    expect(lanes.waiting).toBe(WEBHOOK_CAP);
  });
});

describe('what waits too long', () => {
  it('is taken out after 2 s, oldest first, and what came later stays', () => {
    const lanes = new Lanes(0, () => undefined);
    const [first, second] = [deliveries('a', 3), deliveries('a', 2)];
    lanes.add(first);
    vi.advanceTimersByTime(1_500);
    lanes.add(second);
    expect(lanes.takeStale()).toEqual([]);
    vi.advanceTimersByTime(600);
    expect(lanes.takeStale()).toEqual(first);
    expect(lanes.waiting).toBe(2);
    expect(lanes.takeAll()).toEqual(second);
    expect(lanes.full()).toEqual([]);
  });
});
